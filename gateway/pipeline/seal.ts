import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

import type { Environment, MessageId } from '../domain/message.ts';

/**
 * What binds ciphertext to one delivery: opening under any other environment, Bericht-Id, connection point, recipient or
 * type fails. Given as authenticated data, never carried along.
 */
export interface SealBinding {
  readonly environment: Environment;
  readonly messageId: MessageId;
  readonly connectionPoint: string;
  readonly recipient: string;
  readonly messageType: string;
}

/** What the recipient gets: the bytes as they came, and what it needs to verify them. */
export interface SealedContent {
  readonly contentType: string;
  readonly payloadSignature: string | undefined;
  /** SHA-256 of the body, base64. */
  readonly digest: string;
  readonly body: Uint8Array;
}

/** AES-256-GCM under a fresh key (NIST SP 800-38D; the key is used once, so a random 96-bit nonce can't repeat). */
export function seal(content: SealedContent, binding: SealBinding, key: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce);
  cipher.setAAD(encodeBinding(binding));
  const head = encodeHead(content);
  return Buffer.concat([nonce, cipher.update(head), cipher.update(content.body), cipher.final(), cipher.getAuthTag()]);
}

/** Opens with the consumer's own binding; undefined when the ciphertext isn't for it, or was changed. */
export function openSeal(ciphertext: Uint8Array, binding: SealBinding, key: Uint8Array): SealedContent | undefined {
  if (ciphertext.byteLength < NONCE_BYTES + TAG_BYTES) return undefined;
  const decipher = createDecipheriv('aes-256-gcm', key, ciphertext.subarray(0, NONCE_BYTES));
  decipher.setAAD(encodeBinding(binding));
  decipher.setAuthTag(ciphertext.subarray(-TAG_BYTES));
  try {
    const plain = Buffer.concat([decipher.update(ciphertext.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    return decodeContent(plain);
  } catch {
    return undefined;
  }
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const LENGTH_BYTES = 4;

// A JSON array: no two bindings give the same bytes.
function encodeBinding(binding: SealBinding): Uint8Array {
  return Buffer.from(
    JSON.stringify([
      binding.environment,
      binding.messageId,
      binding.connectionPoint,
      binding.recipient,
      binding.messageType,
    ]),
  );
}

function encodeHead(content: SealedContent): Uint8Array {
  const head = Buffer.from(JSON.stringify([content.contentType, content.digest, content.payloadSignature]));
  const length = Buffer.alloc(LENGTH_BYTES);
  length.writeUInt32BE(head.byteLength);
  return Buffer.concat([length, head]);
}

function decodeContent(plain: Buffer): SealedContent {
  const end = LENGTH_BYTES + plain.readUInt32BE(0);
  // Authenticated by GCM: it is what `encodeHead` wrote.
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion
  const [contentType, digest, payloadSignature] = JSON.parse(plain.toString('utf8', LENGTH_BYTES, end)) as Head;
  return { contentType, digest, payloadSignature: payloadSignature ?? undefined, body: plain.subarray(end) };
}

type Head = readonly [contentType: string, digest: string, payloadSignature: string | null];
