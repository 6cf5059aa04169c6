import type { XmlMessage } from '../../gateway/codec/xml-document.ts';
import type { Rejection } from '../../gateway/domain/rejection.ts';
import { ok } from '../../gateway/domain/result.ts';
import type { Result } from '../../gateway/domain/result.ts';
import { authenticate } from '../../gateway/pipeline/authenticate.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import { receive } from '../../gateway/pipeline/receive.ts';
import { verifySignature } from '../../gateway/pipeline/verify-signature.ts';
import type { Standing } from '../../gateway/services/parts.ts';
import { bring, NOW } from '../support/berichten.ts';
import type { Signatory } from './signatories.ts';

/**
 * What the stages up to the signature say of a document that its signer brings: the SHA-256 (base64) of what is signed, or
 * the refusal. Later stages only refuse more, so what passes here is the most that is ever accepted.
 */
export function verifyOwn(standing: Standing, document: Buffer, signatory: Signatory): Result<string, Rejection> {
  const opened: XmlMessage[] = [];
  const ctx = { ...standing, now: NOW, own: (message: XmlMessage) => void opened.push(message) };
  try {
    const received = receive(bring('xml', document, signatory), ctx);
    if (!received.ok) return received;
    const authenticated = authenticate(received.value, ctx);
    if (!authenticated.ok) return authenticated;
    const verified = verifySignature(authenticated.value, ctx);
    return verified.ok ? ok(verified.value.octets) : verified;
  } finally {
    for (const message of opened) message.dispose();
  }
}

/** The whole judgement; undefined when the document may go, else the code of its refusal. */
export function judgeOwn(standing: Standing, document: Buffer, signatory: Signatory): string | undefined {
  const judged = judge(bring('xml', document, signatory), { ...standing, now: NOW });
  return judged.ok ? undefined : judged.error.code;
}
