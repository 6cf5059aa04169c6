import { Random } from '../conformance/random.ts';
import { fillTemplate } from '../support/xml-signer.ts';
import { compare, VIOLATIONS } from './compare.ts';
import type { Candidate, Comparison, Outcome, Verifiers } from './compare.ts';
import { signDocuments, templateOf } from './documents.ts';
import type { Maker, Signed } from './documents.ts';
import { mutate, mutateText } from './mutations.ts';
import { judgeOwn, verifyOwn } from './own.ts';
import type { Signatories } from './signatories.ts';

/** How much is compared. */
export interface Amounts {
  readonly seed: number;
  /** Documents for each maker, method and choice of properties. */
  readonly documents: number;
  /** Random changes of each after it was signed, and before. */
  readonly mutants: number;
  readonly resigned: number;
}

/** What a run found. */
export interface Findings {
  readonly signed: Record<Maker, number>;
  /** Signed documents that one of the verifiers doesn't take. */
  readonly untaken: string[];
  readonly mutants: Record<Outcome, number>;
  readonly resigned: Record<Outcome, number>;
  /** Our refusals of what both others take, by code. */
  readonly stricter: Map<string, number>;
  readonly violations: Comparison[];
}

/** What a run is done with. */
export type Tools = Verifiers & { readonly signatories: Signatories };

/** Signs documents by every maker, compares the verdicts on them and on random changes of them. */
export async function crosscheck(
  amounts: Amounts,
  tools: Tools,
  progress: (findings: Findings) => void,
): Promise<Findings> {
  const random = new Random(amounts.seed);
  const findings: Findings = {
    signed: { own: 0, xmlsec1: 0, jdk: 0 },
    untaken: [],
    mutants: noOutcomes(),
    resigned: noOutcomes(),
    stricter: new Map(),
    violations: [],
  };
  for await (const signed of signDocuments(tools, amounts.documents)) {
    findings.signed[signed.maker] += 1;
    const octets = octetsOf(signed, tools);
    const mutants = Array.from({ length: amounts.mutants }, () => ({ signed, octets, ...draw(signed, random) }));
    const resigned = Array.from({ length: amounts.resigned }, () => resign(signed, random));
    const original = { signed, steps: [], bytes: signed.bytes, octets };
    const [whole, ...compared] = await compare([original, ...mutants, ...resigned], tools);
    const against = [...objections(signed, whole, tools)];
    if (against.length > 0) findings.untaken.push(`${describe(signed)}: ${against.join('; ')}`);
    count(compared.slice(0, mutants.length), findings.mutants, findings);
    count(compared.slice(mutants.length), findings.resigned, findings);
    progress(findings);
  }
  return findings;
}

/** The number of all documents with these outcomes. */
export function totalOf(outcomes: Readonly<Record<Outcome, number>>): number {
  return Object.values(outcomes).reduce((total, one) => total + one, 0);
}

/** The name of a signed document in a report. */
export function describe({ maker, method, hasProperties, document }: Signed): string {
  return `${document.name}, ${method.uri.replace(/^.*#/, '')} with ${method.keyKind} by ${maker}${hasProperties ? ', XAdES' : ''}`;
}

function octetsOf(signed: Signed, { standing }: Tools): string | undefined {
  const own = verifyOwn(standing, signed.bytes, signed.signatory);
  return own.ok ? own.value : undefined;
}

/** Why a signed document isn't taken by every verifier and, if it is a bericht, by the whole judgement. */
function* objections(signed: Signed, compared: Comparison | undefined, { standing }: Tools): Generator<string> {
  if (compared?.outcome !== 'accepted by all') yield `${compared?.outcome ?? 'not compared'} (${compared?.why ?? ''})`;
  const refusal = signed.document.isBericht ? judgeOwn(standing, signed.bytes, signed.signatory) : undefined;
  if (refusal !== undefined) yield `the whole judgement refuses it (${refusal})`;
}

function draw(signed: Signed, random: Random): Pick<Candidate, 'steps' | 'bytes'> {
  return mutate(signed.bytes.toString('utf8'), random);
}

/** The document changed first and signed then, so that nothing but its form can be against it. */
function resign(signed: Signed, random: Random): Candidate {
  const { template, filling } = templateOf(signed);
  for (;;) {
    const { steps, text } = mutateText(template, random);
    const filled = attempt(() => fillTemplate(text, filling));
    if (filled !== undefined) return { signed, steps, bytes: Buffer.from(filled), octets: undefined };
  }
}

// A change that leaves no well-formed document leaves nothing to sign.
function attempt(fill: () => string): string | undefined {
  try {
    return fill();
  } catch {
    return undefined;
  }
}

function count(compared: readonly Comparison[], outcomes: Record<Outcome, number>, findings: Findings): void {
  for (const one of compared) {
    outcomes[one.outcome] += 1;
    if (one.outcome === 'stricter than both') findings.stricter.set(one.why, (findings.stricter.get(one.why) ?? 0) + 1);
    if (VIOLATIONS.includes(one.outcome)) findings.violations.push(one);
  }
}

function noOutcomes(): Record<Outcome, number> {
  return {
    'accepted by all': 0,
    'stricter than both': 0,
    'taken by one of them': 0,
    'refused by all': 0,
    'accepted alone': 0,
    'read otherwise': 0,
    forged: 0,
  };
}
