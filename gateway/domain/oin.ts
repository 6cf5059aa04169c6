declare const brand: unique symbol;

/** Organisatie-identificatienummer: 20 digits, known prefix. Told by `isOin`. */
export type Oin = string & { readonly [brand]: 'Oin' };

/** Whether the text is an OIN: 20 digits with a known prefix (OIN-Stelsel 2.2: the suffix isn't always zeros, so it isn't judged). */
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
