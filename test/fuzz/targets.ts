import type { FuzzTarget } from './target.ts';

/** Every target, loaded when it is first asked for. */
export const TARGETS: Readonly<Record<string, () => Promise<{ readonly default: FuzzTarget }>>> = {
  json: () => import('./targets/json.ts'),
  xml: () => import('./targets/xml.ts'),
  'xml-signature': () => import('./targets/xml-signature.ts'),
  'compact-jws': () => import('./targets/compact-jws.ts'),
  'detached-jws': () => import('./targets/detached-jws.ts'),
  certificate: () => import('./targets/certificate.ts'),
  crl: () => import('./targets/crl.ts'),
  head: () => import('./targets/head.ts'),
  rules: () => import('./targets/rules.ts'),
  config: () => import('./targets/config.ts'),
  zip: () => import('./targets/zip.ts'),
  answer: () => import('./targets/answer.ts'),
  receipt: () => import('./targets/receipt.ts'),
  violations: () => import('./targets/violations.ts'),
};

/** A reader with a fault put in on purpose, which shows that the fuzzer finds one; never run with the others. */
export const PLANTED = 'planted';

/** The target of the name. Throws RangeError when there is none. */
export async function loadTarget(name: string): Promise<FuzzTarget> {
  const load = name === PLANTED ? () => import('./targets/planted.ts') : TARGETS[name];
  if (load === undefined) throw new RangeError(`--target takes one of ${Object.keys(TARGETS).join(', ')}, not ${name}`);
  return (await load()).default;
}
