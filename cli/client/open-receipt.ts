import { verifyCertificate } from '../../gateway/codec/certificate.ts';
import type { Certificate, CertificateProblem } from '../../gateway/codec/certificate.ts';
import { readCompact } from '../../gateway/codec/compact-jws.ts';
import { textAt } from '../../gateway/codec/envelope-json.ts';
import { decodeJsonObject } from '../../gateway/codec/jws.ts';
import { RECEIPT_TYPES } from '../../gateway/codec/receipts.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';
import { parseInstant } from '../../gateway/codec/timestamps.ts';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import type { Environment } from '../../gateway/domain/message.ts';
import { check } from './checks.ts';
import type { Check } from './checks.ts';

/** The kinds of receipt. */
export type ReceiptKind = keyof typeof RECEIPT_TYPES;

/** A receipt whose signature and certificate were looked at; `claims` only when the signature verified. */
export interface OpenedReceipt {
  readonly claims: JsonObject | undefined;
  /** OIN of whoever signed, when its certificate holds. */
  readonly signer: string | undefined;
  readonly checks: readonly Check[];
}

/** What kind a compact JWS says it is; undefined when it is none of ours. Says nothing of its signature. */
export function readReceiptKindUnverified(jws: string): ReceiptKind | undefined {
  const [header = ''] = jws.split('.', 1);
  const typ = textAt(decodeJsonObject(header) ?? {}, 'typ');
  return KINDS.find((kind) => RECEIPT_TYPES[kind] === typ);
}

/**
 * Checks the signature of a receipt, then the chain of its certificate to the roots at the time the receipt names: a
 * receipt stays good when its certificate has expired since.
 */
export function openReceipt(jws: string, kind: ReceiptKind, trust: ReceiptTrust): OpenedReceipt {
  const read = readCompact(jws, RECEIPT_TYPES[kind], ['ES256', 'PS256']);
  const signature = check('handtekening', read.ok, {
    good: `geldig, soort ${RECEIPT_TYPES[kind]}`,
    bad: `ongeldig, of geen ${RECEIPT_TYPES[kind]}`,
  });
  if (!read.ok) return { claims: undefined, signer: undefined, checks: [signature] };
  const { claims, chain } = read.value;
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
};

function readEnvironment(claims: JsonObject): Environment | undefined {
  const named = textAt(claims, 'omgeving');
  return ENVIRONMENTS.find((environment) => environment === named);
}

const KINDS: readonly ReceiptKind[] = ['submission', 'end', 'recipient'];
const TIME_CLAIMS: Readonly<Record<ReceiptKind, string>> = {
  submission: 'geaccepteerdOp',
  end: 'eindtijd',
  recipient: 'ontvangenOp',
};
