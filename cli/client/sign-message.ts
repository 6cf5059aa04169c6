import { digestHeaderOf, signDetached } from '../../gateway/codec/detached-signature.ts';
import { signEnveloped } from '../../gateway/codec/sign-xml.ts';
import { FORMAT_WORDS } from '../../gateway/codec/wire-words.ts';
import type { Instant, SignatureForm } from '../../gateway/domain/message.ts';
import { CommandFault } from '../fault.ts';
import type { OutgoingMessage } from './calls.ts';
import type { SigningIdentity } from './identity.ts';
import { readMessageUnverified } from './read-message.ts';

/** With what, when and in which form a bericht is signed; without a form its content decides. */
export interface Signing {
  readonly identity: SigningIdentity;
  readonly signedAt: Instant;
  readonly form?: SignatureForm | undefined;
}

/** Signs a bericht and makes it ready to send. One that carries a signature already goes as it is. Throws CommandFault. */
export function signMessage(bytes: Uint8Array, signing: Signing): OutgoingMessage {
  const sketch = readMessageUnverified(bytes);
  const contentType = { 'Content-Type': FORMAT_WORDS.toWire(sketch.format) };
  if (sketch.isSigned) return { body: bytes, headers: contentType };
  const form = signing.form ?? (sketch.isWrapper ? 'enveloped' : 'detached');
  if (form === 'enveloped' && !sketch.isWrapper) {
    throw new CommandFault(
      'Een ingesloten handtekening past alleen in XML met het omhulsel urn:doorgeefluik:bericht:1: kies --form losstaand.',
    );
  }
  try {
    return form === 'enveloped'
      ? { body: signInside(bytes, signing), headers: contentType }
      : { body: bytes, headers: { ...contentType, ...detachedHeaders(bytes, signing) } };
  } catch (cause) {
    throw new CommandFault(
      'Met deze ondertekensleutel is niet te tekenen: controleer of hij bij het certificaat hoort en RSA (2048 of meer) of EC P-256 is.',
      { cause },
    );
  }
}

function signInside(bytes: Uint8Array, { identity, signedAt }: Signing): Uint8Array {
  return signEnveloped(bytes, { privateKeyPem: identity.keyPem, chainPem: identity.certPem, signedAt });
}

function detachedHeaders(bytes: Uint8Array, { identity, signedAt }: Signing): Readonly<Record<string, string>> {
  const digest = digestHeaderOf(bytes);
  const signature = signDetached({
    digest: digest.slice('SHA-256='.length),
    privateKeyPem: identity.keyPem,
    chainPem: identity.certPem,
    signedAt,
  });
  return { Digest: digest, 'Payload-Signature': signature };
}
