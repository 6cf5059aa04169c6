import type { TypeDefinition } from '../codec/catalogue.ts';
import type { Content } from '../codec/content.ts';
import { readJsonEnvelope } from '../codec/envelope-json.ts';
import { readStufEnvelope, readWrapperEnvelope } from '../codec/envelope-xml.ts';
import { isBsn } from '../domain/bsn.ts';
import type { Envelope } from '../domain/message.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection, Violation } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { ParsedMessage } from './parse.ts';
import type { VerifiedMessage } from './verify-signature.ts';

/** A bericht its schema accepts, with its routing data. */
export interface ValidatedMessage {
  readonly verified: VerifiedMessage;
  readonly content: Content;
  readonly definition: TypeDefinition;
  readonly envelope: Envelope;
}

/**
 * Holds the bericht against the live versions of its type, newest first; the one that accepts is its version. Then against
 * the rules of that version that no schema can say.
 */
export function validate(message: ParsedMessage): Result<ValidatedMessage, Rejection> {
  const attempts = message.definitions.map((definition) => ({
    definition,
    violations: check(message.content, definition),
  }));
  const accepting = attempts.find(({ violations }) => violations.length === 0);
  if (accepting === undefined) {
    return err(
      rejection('ERR_SCHEMA_INVALID', attempts.flatMap(({ violations }) => violations).slice(0, MAX_VIOLATIONS)),
    );
  }
  const broken = accepting.definition.businessRules?.validate(message.content) ?? [];
  if (broken.length > 0) return err(rejection('ERR_BUSINESS_RULE', broken.slice(0, MAX_VIOLATIONS)));
  const envelope = readEnvelope(message.content);
  // A kenmerk that is a BSN would make the sender's reference a personal number; the official tables forbid it nowhere, we do.
  if (isBsn(envelope.kenmerk)) return err(rejection('ERR_KENMERK_IS_BSN'));
  const { verified, content } = message;
  return ok({ verified, content, definition: accepting.definition, envelope });
}

function check(content: Content, definition: TypeDefinition): readonly Violation[] {
  const checked =
    content.format === 'json'
      ? definition.jsonSchema?.validate(content.value)
      : definition.xsd?.validate(content.document);
  return checked ?? NO_SCHEMA;
}

function readEnvelope(content: Content): Envelope {
  if (content.format === 'json') return readJsonEnvelope(content.value);
  const root = content.document.document.root;
  return content.stuf ? readStufEnvelope(root) : readWrapperEnvelope(root);
}

const MAX_VIOLATIONS = 20;
const NO_SCHEMA: readonly Violation[] = [{ path: '/', rule: 'unknown' }];
