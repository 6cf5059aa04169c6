import type { Mutator } from '../target.ts';
import { mutateBytes } from './bytes.ts';
import { mutateJson } from './json.ts';

/** Changes one part of a JWS: what its base64url holds, its spelling, or the number of parts. */
export function mutateJws(names: readonly string[]): Mutator {
  const json = mutateJson(names);
  const bytes = mutateBytes(['none', 'HS256', 'RS256', 'PS256', 'ES256', 'jku', 'x5u', 'kid', 'jwk']);
  return (input, random, other) => {
    const parts = input.toString('latin1').split('.');
    const second = other().toString('latin1').split('.');
    const at = random.between(0, parts.length - 1);
    const part = parts[at] ?? '';
    const decoded = Buffer.from(part, 'base64url');
    const donor = (): Buffer => Buffer.from(second[at] ?? '', 'base64url');
    const ways = [
      () => json(decoded, random, donor).toString('base64url'),
      () => json(decoded, random, donor).toString('base64url'),
      () => bytes(decoded, random, donor).toString('base64url'),
      () => second[random.between(0, second.length - 1)] ?? '',
      () => part + random.pick(TAILS),
      () => decoded.toString('base64'),
      () => flipStrayBits(part),
      () => '',
      () => `${part}.${part}`,
      () => bytes(Buffer.from(part, 'latin1'), random, () => Buffer.from(part, 'latin1')).toString('latin1'),
    ];
    parts[at] = random.pick(ways)();
    return Buffer.from(parts.join('.'), 'latin1');
  };
}

// The last letter may hold bits that no octet takes: another letter then stands for the same octets.
function flipStrayBits(part: string): string {
  const last = ALPHABET.indexOf(part.slice(-1));
  return last < 0 ? part : part.slice(0, -1) + (ALPHABET[last ^ 1] ?? '');
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const TAILS = ['=', '==', '.', ' ', '\n', 'A', '\u0000'];
