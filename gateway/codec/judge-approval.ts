import type { Environment, Instant } from '../domain/message.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { isSameApproval } from '../domain/rule-approval.ts';
import type { LoadedRules, RuleApproval } from '../domain/rule-approval.ts';
import type { Certificate } from './parse-certificate.ts';
import { draftDigestOf, readRuleSignature, RULE_SIGNATURES, signedHashOf } from './rule-signatures.ts';
import type { RuleSignature, RuleSignatureKind } from './rule-signatures.ts';
import type { RuleFiles } from './rule-set.ts';

/** A person who may answer for rules, with every certificate of that person: a renewed one makes nobody a second person. */
export interface RuleSigner {
  readonly name: string;
  readonly certificates: readonly Certificate[];
}

/** What the signatures of a set are held against. */
export interface ApprovalDemand {
  readonly signers: readonly RuleSigner[];
  readonly environment: Environment;
  readonly now: Instant;
  /** What went on record last; undefined before the first set. */
  readonly inForce: LoadedRules | undefined;
}

/**
 * Whether two of the configured persons signed this very set for this omgeving: one drew it up, another loaded it. Persons are
 * known by the certificates in the configuration; a person's certificate has no OIN, so `verifyCertificate` knows nobody by it.
 * On failure why not, for the operator.
 */
export function judgeApproval(files: RuleFiles, demand: ApprovalDemand): Result<RuleApproval, string> {
  const drafted = readSigned('drafted', files, demand);
  if (!drafted.ok) return drafted;
  const loaded = readSigned('loaded', files, demand);
  if (!loaded.ok) return loaded;
  const [one, two] = [drafted.value, loaded.value];
  if (one.signer === two.signer)
    return err(`${one.signer.name} heeft deze regels opgesteld en geladen: laat een ander laden`);
  if (two.draft !== draftDigestOf(one.text))
    return err(`${RULE_SIGNATURES.loaded.file} hoort bij een andere ${RULE_SIGNATURES.drafted.file}: laad opnieuw`);
  const approval = {
    signedHash: one.signedHash,
    draftedBy: one.certificate.thumbprint,
    draftedAt: one.at,
    loadedBy: two.certificate.thumbprint,
    loadedAt: two.at,
  };
  const problem = findTimeProblem(approval, [one, two], demand);
  return problem === undefined ? ok(approval) : err(problem);
}

type Signed = RuleSignature & { readonly signer: RuleSigner; readonly file: string; readonly text: string };

function readSigned(kind: RuleSignatureKind, files: RuleFiles, demand: ApprovalDemand): Result<Signed, string> {
  const { file } = RULE_SIGNATURES[kind];
  const text = files.get(file);
  if (text === undefined) return err(`${file} ontbreekt: ${HOW[kind]}`);
  const read = readRuleSignature(kind, text);
  if (!read.ok) return err(`${file} ${read.error}`);
  const signature = read.value;
  const signer = demand.signers.find(({ certificates }) =>
    certificates.some(({ thumbprint }) => thumbprint === signature.certificate.thumbprint),
  );
  if (signer === undefined) return err(`${file} is van iemand die niet bij regelondertekening staat`);
  if (signature.environment !== demand.environment)
    return err(`${file} is gezet voor ${signature.environment}, niet voor ${demand.environment}`);
  if (signature.signedHash !== signedHashOf(files))
    return err(
      `${file} hoort bij andere regels: zij zijn na het ondertekenen gewijzigd, of de handtekening is van een andere map`,
    );
  return ok({ ...signature, signer, file, text });
}

/**
 * A certificate has to be good when it signed and now; for what is in force already, only when it signed: a certificate that
 * expires must keep no gateway from starting, nor an emergency stop from coming into force.
 */
function findTimeProblem(
  approval: RuleApproval,
  signatures: readonly Signed[],
  { now, inForce }: ApprovalDemand,
): string | undefined {
  const isInForce = isSameApproval(approval, inForce?.approval);
  for (const { file, at, certificate } of signatures) {
    if (at > now + MAX_AHEAD_MS) return `${file} is in de toekomst gezet: controleer de klok`;
    const problem = [at, ...(isInForce ? [] : [now])].map((time) => findUseProblem(certificate, time)).find(isText);
    if (problem !== undefined) return `het certificaat van ${file} ${problem}`;
  }
  // A draft says when it was drawn up; whoever wants an older set back draws it up again, and another loads it again.
  const isOlder = approval.draftedAt < (inForce?.approval?.draftedAt ?? approval.draftedAt);
  return isOlder
    ? 'deze regels zijn eerder opgesteld dan die nu gelden: laat ze opnieuw opstellen en laden'
    : undefined;
}

/** RFC 5280 section 4.2.1.3: signing data is `digitalSignature`, or `nonRepudiation` in certificates of persons. */
function findUseProblem({ notBefore, notAfter, keyUsages, pathLength }: Certificate, at: Instant): string | undefined {
  if (pathLength !== undefined || !(keyUsages.has('digitalSignature') || keyUsages.has('nonRepudiation')))
    return 'is niet om mee te ondertekenen';
  if (at < notBefore) return 'geldt nog niet';
  return at > notAfter ? 'is verlopen' : undefined;
}

function isText(value: string | undefined): value is string {
  return value !== undefined;
}

// The same allowance as for a bericht's signing time.
const MAX_AHEAD_MS = 5 * 60_000;
const HOW: Readonly<Record<RuleSignatureKind, string>> = {
  drafted: 'wie de regels opstelde doet doorgeefluik rules sign',
  loaded: 'een ander doet doorgeefluik rules load',
};
