import type { RejectionCode } from './rejection.ts';
import { err, ok } from './result.ts';
import type { Result } from './result.ts';

declare const brand: unique symbol;

/** Organisatie-identificatienummer: 20 digits, known prefix. Made only by `parseOin`. */
export type Oin = string & { readonly [brand]: 'Oin' };

/** Checks length, digits and prefix (OIN-Stelsel 2.2: the suffix is not always zeros, so it isn't judged). */
export function parseOin(text: string): Result<Oin, RejectionCode> {
  return isOin(text) ? ok(text) : err('ERR_CERTIFICATE_OIN_INVALID');
}

/** Whether the text is an OIN with a known prefix. */
export function isOin(text: string): text is Oin {
  return /^\d{20}$/.test(text) && OIN_PREFIXES.has(text.slice(0, 8));
}

/** Whether the OIN is one of the range handed out for tests (prefix 00000099). */
export function isTestOin(oin: Oin): boolean {
  return oin.startsWith(TEST_PREFIX);
}

const TEST_PREFIX = '00000099';

// OIN-Stelsel 2.2.2: RSIN, Fi-nummer, KvK, SubOIN, Logius, BRIN, foreign, UZI, TRR, test.
const OIN_PREFIXES: ReadonlySet<string> = new Set([
  '00000001',
  '00000002',
  '00000003',
  '00000004',
  '00000006',
  '00000007',
  '00000008',
  '00000009',
  '00000010',
  TEST_PREFIX,
]);
