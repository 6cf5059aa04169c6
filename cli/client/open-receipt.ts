import { verifyCertificate } from '../../gateway/codec/certificate.ts';
import type { Certificate, CertificateProblem } from '../../gateway/codec/certificate.ts';
import { textAt } from '../../gateway/codec/envelope-json.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';
import { parseInstant } from '../../gateway/codec/timestamps.ts';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import type { Environment } from '../../gateway/domain/message.ts';
import { check } from './checks.ts';
import type { Check } from './checks.ts';
import { readReceipt } from './read-receipt.ts';
import type { ReceiptKind } from './read-receipt.ts';

/** A receipt whose signature and certificate were looked at; `claims` only when the signature verified. */
export interface OpenedReceipt {
  readonly claims: JsonObject | undefined;
  /** OIN of whoever signed, when its certificate holds. */
  readonly signer: string | undefined;
  readonly checks: readonly Check[];
}

/**
 * Checks the signature of a receipt, then the chain of its certificate to the roots at the time the receipt names: a
 * receipt stays good when its certificate has expired since.
 */
export function openReceipt(receipt: string, kind: ReceiptKind, trust: ReceiptTrust): OpenedReceipt {
  const read = readReceipt(receipt, kind);
  const signature = check('handtekening', read !== undefined, {
    good: `geldig, van een ${KIND_WORDS[kind]}`,
    bad: `ongeldig, of niet van een ${KIND_WORDS[kind]}`,
  });
  if (read === undefined) return { claims: undefined, signer: undefined, checks: [signature] };
  const { claims, chain } = read;
  const at = parseInstant(textAt(claims, TIME_CLAIMS[kind]) ?? '');
  const environment = readEnvironment(claims) ?? trust.environment;
  const [leaf, ...offered] = chain;
  if (at === undefined || environment === undefined) {
    const failed = check('certificaat', false, {
      good: '',
      bad: 'niet te toetsen: tijd of omgeving staat er niet in (geef --omgeving)',
    });
    return { claims, signer: undefined, checks: [signature, failed] };
  }
  const verified = verifyCertificate(leaf, {
    usage: 'signing',
    trust: { environment, roots: trust.roots, intermediates: [] },
    now: at,
    offered,
  });
  const certificate = check('certificaat', verified.ok, {
    good: `van OIN ${verified.ok ? verified.value : ''}, onder de opgegeven root`,
    bad: verified.ok ? '' : CERTIFICATE_PROBLEMS[verified.error],
  });
  return { claims, signer: verified.ok ? verified.value : undefined, checks: [signature, certificate] };
}

/** By what a receipt is judged: roots, and the omgeving when the receipt doesn't name its own. */
export interface ReceiptTrust {
  readonly roots: readonly Certificate[];
  readonly environment?: Environment | undefined;
  /** OIN of the gateway. Without it, anyone under the roots may have signed: the reader judges the OIN that is shown. */
  readonly issuer?: string | undefined;
}

/** What is wrong with a certificate, in Dutch. */
export const CERTIFICATE_PROBLEMS: Readonly<Record<CertificateProblem, string>> = {
  untrusted: 'niet uitgegeven onder de opgegeven root',
  expired: 'verlopen op dat moment',
  'not-yet-valid': 'nog niet geldig op dat moment',
  usage: 'niet uitgegeven om mee te ondertekenen',
  'oin-missing': 'draagt geen OIN',
  'oin-ambiguous': 'draagt meer dan één OIN',
  'oin-invalid': 'draagt een ongeldig OIN',
  environment: 'hoort niet bij deze omgeving',
  revoked: 'ingetrokken',
  'revocation-unknown': 'van een uitgever waarvan niet bekend is wat hij heeft ingetrokken',
};

function readEnvironment(claims: JsonObject): Environment | undefined {
  const named = textAt(claims, 'omgeving');
  return ENVIRONMENTS.find((environment) => environment === named);
}

const TIME_CLAIMS: Readonly<Record<ReceiptKind, string>> = {
  submission: 'geaccepteerdOp',
  end: 'eindtijd',
  term: 'vastgesteldOp',
  recipient: 'ontvangenOp',
};
const KIND_WORDS: Readonly<Record<ReceiptKind, string>> = {
  submission: 'ontvangstbevestiging',
  end: 'eindbericht',
  term: 'termijnbericht',
  recipient: 'ontvangerbevestiging',
};
