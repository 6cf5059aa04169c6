import type { Standing } from '../../gateway/services/parts.ts';
import type { Signed } from './documents.ts';
import type { Jdk, Verdict } from './jdk.ts';
import { verifyOwn } from './own.ts';
import type { Xmlsec } from './xmlsec.ts';

/** A document, what was done to it, and what it is compared with. */
export interface Candidate {
  readonly signed: Signed;
  readonly steps: readonly string[];
  readonly bytes: Buffer;
  /** SHA-256 (base64) of what its signature covers, if that is known: where another is accepted, a forgery was. */
  readonly octets: string | undefined;
}

/** What became of a document: who takes it, or what is wrong with that. */
export type Outcome =
  | 'accepted by all'
  | 'stricter than both'
  | 'taken by one of them'
  | 'refused by all'
  | 'accepted alone'
  | 'read otherwise'
  | 'forged';

/** The outcomes that must not be. */
export const VIOLATIONS: readonly Outcome[] = ['accepted alone', 'read otherwise', 'forged'];

/** One comparison. */
export interface Comparison {
  readonly candidate: Candidate;
  readonly outcome: Outcome;
  /** Our refusal, or why the others refuse. */
  readonly why: string;
}

/** The verifiers that are held against each other. */
export interface Verifiers {
  readonly standing: Standing;
  readonly jdk: Jdk;
  readonly xmlsec: Xmlsec;
}

/** Compares the verdicts on documents that all have the same signer. */
export async function compare(
  candidates: readonly Candidate[],
  { standing, jdk, xmlsec }: Verifiers,
): Promise<readonly Comparison[]> {
  const asked = candidates.map(({ bytes, signed }) => jdk.verify(bytes, signed.signatory.certificateDer));
  const own = candidates.map(({ bytes, signed }) => verifyOwn(standing, bytes, signed.signatory));
  const theirs = await Promise.all(asked);
  // xmlsec1 is a process each time it refuses: it isn't asked about what ours and the JDK both refuse already.
  const open = candidates.filter(
    (one, index) => knows(xmlsec, one) && (own[index]?.ok === true || theirs[index]?.valid === true),
  );
  const second = new Map<Candidate, string | undefined>();
  if (open[0] !== undefined) {
    const answers = await xmlsec.verify(
      open.map(({ bytes }) => bytes),
      open[0].signed.signatory,
    );
    for (const [index, one] of open.entries()) second.set(one, answers[index]);
  }
  return candidates.map((candidate, index) => {
    const [ours, jdks] = [own[index], theirs[index]];
    if (ours === undefined || jdks === undefined) throw new RangeError('a verdict is missing');
    const refusal = ours.ok ? undefined : ours.error.code;
    const xmlsecs = second.get(candidate);
    if (refusal !== undefined) return { candidate, outcome: refusedAs(jdks, xmlsecs), why: refusal };
    return { candidate, ...acceptedAs(candidate, { octets: ours.ok ? ours.value : '', jdks, xmlsecs }) };
  });
}

function knows(xmlsec: Xmlsec, { signed }: Candidate): boolean {
  return xmlsec.knowsPss || signed.method.scheme !== 'pss';
}

function refusedAs(jdks: Verdict, xmlsecs: string | undefined): Outcome {
  if (jdks.valid) return xmlsecs === undefined ? 'stricter than both' : 'taken by one of them';
  return 'refused by all';
}

function acceptedAs(
  candidate: Candidate,
  verdicts: { readonly octets: string; readonly jdks: Verdict; readonly xmlsecs: string | undefined },
): Pick<Comparison, 'outcome' | 'why'> {
  const { octets, jdks, xmlsecs } = verdicts;
  if (!jdks.valid) return { outcome: 'accepted alone', why: `JDK: ${jdks.why}` };
  if (xmlsecs !== undefined) return { outcome: 'accepted alone', why: `xmlsec1: ${xmlsecs}` };
  if (jdks.octets !== octets) return { outcome: 'read otherwise', why: 'the JDK digests other octets' };
  if (candidate.octets !== undefined && candidate.octets !== octets) return { outcome: 'forged', why: 'other octets' };
  return { outcome: 'accepted by all', why: '' };
}
