import { createHash } from 'node:crypto';

/** One line of the key file. */
export type KeyLine =
  | { readonly kind: 'added'; readonly id: string; readonly key: Uint8Array }
  | { readonly kind: 'removed'; readonly id: string };

/** Whether the id can stand in the key file. */
export function isKeyId(id: string): boolean {
  return ID.test(id);
}

/** `+ id key check` or `- id check`; the check lets a damaged key be seen for what it is. */
export function buildLine(line: KeyLine): string {
  const text = line.kind === 'added' ? `+ ${line.id} ${Buffer.from(line.key).toString('base64')}` : `- ${line.id}`;
  return `${text} ${checkOf(text)}\n`;
}

/** Reads a line without its newline; undefined when it isn't exactly one that `buildLine` makes. */
export function parseLine(bytes: Buffer): KeyLine | undefined {
  const text = bytes.toString('latin1');
  const [sign, id = '', key = ''] = text.split(' ');
  const line: KeyLine = sign === '+' ? { kind: 'added', id, key: Buffer.from(key, 'base64') } : { kind: 'removed', id };
  return buildLine(line) === `${text}\n` ? line : undefined;
}

// Four bytes of a hash over 256 random bits say nothing of use about the key.
function checkOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8);
}

const ID = /^[A-Za-z0-9:._-]{1,128}$/;
