import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

import { ENVIRONMENTS } from '../domain/message.ts';
import type { Environment, Instant } from '../domain/message.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { readCompact, signCompact } from './compact-jws.ts';
import type { CompactJwsProblem } from './compact-jws.ts';
import { isObjectOf } from './jws.ts';
import type { Certificate } from './parse-certificate.ts';
import { hashOf } from './rule-set.ts';
import type { RuleFiles } from './rule-set.ts';
import type { JsonObject } from './strict-json.ts';
import { formatInstant, parseInstant } from './timestamps.ts';

/** The two signatures beside a rule set: the file each stands in, and its `typ`, so that one is never taken for the other. */
export const RULE_SIGNATURES = {
  drafted: { file: 'opgesteld.jws', typ: 'regels-opgesteld+jwt' },
  loaded: { file: 'geladen.jws', typ: 'regels-geladen+jwt' },
} as const;

/** One of the two. */
export type RuleSignatureKind = keyof typeof RULE_SIGNATURES;

/** What a signature over a rule set says. Who made it is known by the certificate, which nobody has judged yet. */
export interface RuleSignature {
  readonly signedHash: string;
  readonly environment: Environment;
  readonly at: Instant;
  /** `loaded` only: the SHA-256 (lower-case hex) of the draft's signature, so that no other draft takes its place. */
  readonly draft: string | undefined;
  readonly certificate: Certificate;
}

/**
 * What is signed of a set: `hashOf` it without its emergency stop. In a crisis one person stops a party or a type at once; that
 * only refuses what two persons allowed.
 */
export function signedHashOf(files: RuleFiles): string {
  return hashOf(new Map([...files].filter(([path]) => path !== EMERGENCY_STOP)));
}

/** By what a loader's signature names the draft. */
export function draftDigestOf(signature: string): string {
  return createHash('sha256').update(signature.trim()).digest('hex');
}

/** Signs a set as compact JWS, ES256 or PS256. Throws RangeError when the key isn't the first certificate's. */
export function signRules(
  kind: RuleSignatureKind,
  facts: Omit<RuleSignature, 'certificate'>,
  signer: { readonly privateKey: KeyObject; readonly chain: readonly Certificate[] },
): string {
  const { signedHash, environment, at, draft } = facts;
  const claims = {
    regels: signedHash,
    omgeving: environment,
    ondertekenaar: signer.chain[0]?.thumbprint,
    tijdstip: formatInstant(at),
    ...(draft === undefined ? {} : { opgesteld: draft }),
  };
  return signCompact({ typ: RULE_SIGNATURES[kind].typ, claims, ...signer });
}

/** Reads a signature and verifies it with the certificate it brings; on failure why not, for whoever looks after the rules. */
export function readRuleSignature(kind: RuleSignatureKind, text: string): Result<RuleSignature, string> {
  const read = readCompact(text.trim(), RULE_SIGNATURES[kind].typ, ['ES256', 'PS256']);
  if (!read.ok) return err(PROBLEMS[read.error]);
  const { claims, chain } = read.value;
  const names = kind === 'loaded' ? [...CLAIMS, 'opgesteld'] : CLAIMS;
  const signature = isObjectOf(claims, names) ? toSignature(claims, chain[0]) : undefined;
  return signature === undefined ? err(PROBLEMS.malformed) : ok(signature);
}

function toSignature(claims: JsonObject, certificate: Certificate): RuleSignature | undefined {
  const at = parseInstant(textAt(claims, 'tijdstip'));
  const environment = ENVIRONMENTS.find((one) => one === claims['omgeving']);
  if (at === undefined || environment === undefined) return undefined;
  // RFC 7515 section 4.1.8: the claim binds the certificate, which the header alone offers, into what was signed.
  if (textAt(claims, 'ondertekenaar') !== certificate.thumbprint) return undefined;
  const draft = 'opgesteld' in claims ? textAt(claims, 'opgesteld') : undefined;
  return { signedHash: textAt(claims, 'regels'), environment, at, draft, certificate };
}

function textAt(claims: JsonObject, name: string): string {
  const value = claims[name];
  return typeof value === 'string' ? value : '';
}

const EMERGENCY_STOP = 'noodstop.yaml';
const CLAIMS = ['regels', 'omgeving', 'ondertekenaar', 'tijdstip'];
const PROBLEMS: Readonly<Record<CompactJwsProblem, string>> = {
  malformed: 'is geen handtekening onder regels',
  typ: 'is een ander soort handtekening',
  algorithm: 'is ondertekend met een algoritme dat niet mag: neem ES256 of PS256',
  signature: 'is niet gezet met het certificaat dat erin staat',
};
