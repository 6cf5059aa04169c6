import { textAt } from '../../gateway/codec/envelope-json.ts';
import { parseStrictJson } from '../../gateway/codec/strict-json.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';
import { CommandFault } from '../fault.ts';
import type { Check } from './checks.ts';
import type { ReceiptTrust } from './open-receipt.ts';
import { readMessageUnverified } from './read-message.ts';
import { selectFacts } from './receipt-facts.ts';
import { isXml, readClaimsUnverified, readReceiptKindUnverified } from './read-receipt.ts';
import type { ReceiptKind } from './read-receipt.ts';
import {
  verifyEndNotice,
  verifyRecipientReceipt,
  verifySubmissionReceipt,
  verifyTermNotice,
} from './verify-receipts.ts';
import type { Held, ReceiptVerdict } from './verify-receipts.ts';

/** A file given as a receipt. */
export interface ReceiptFile {
  readonly path: string;
  readonly bytes: Buffer;
}

/** What came of a file. */
export interface FileVerdict {
  readonly path: string;
  /** What kind of receipt it is, in Dutch. */
  readonly title: string;
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** What it proves, by wire name; undefined when a check failed. */
  readonly facts: JsonObject | undefined;
  /** False for an end notice without its submission receipt beside it. */
  readonly isLinked: boolean;
}

/**
 * Verifies receipts by themselves, with the bericht when it is given, and end notices with the submission receipts of
 * the same bericht among them. Throws CommandFault for a file that is no receipt.
 */
export function verifyReceiptFiles(
  files: readonly ReceiptFile[],
  given: { readonly trust: ReceiptTrust; readonly message: Uint8Array | undefined },
): readonly FileVerdict[] {
  const receipts = files.map(readReceiptFile);
  const { trust, message } = given;
  const kenmerk = message === undefined ? undefined : readKenmerk(message);
  return receipts.map(({ path, receipt, kind }) => {
    if (kind === undefined) return { path, ...DAMAGED };
    const submissions = receipts
      .filter((other) => other.kind === 'submission' && idOf(other.receipt) === idOf(receipt))
      .map((other) => other.receipt);
    const { passed, checks, claims } = VERIFIERS[kind](receipt, trust, { message, kenmerk, submissions });
    // An end notice names no parties: a submission receipt that holds does.
    const beside = submissions.find((one) => verifySubmissionReceipt(one, trust, { message, kenmerk }).passed);
    const facts = passed ? selectFacts({ ...partiesOf(beside), ...claims }) : undefined;
    const isLinked = kind !== 'end' || submissions.length > 0;
    return { path, title: TITLES[kind], passed, checks, facts, isLinked };
  });
}

function partiesOf(submission: string | undefined): JsonObject {
  const { afzenderOin = '', ontvangerOin = '' } = submission === undefined ? {} : readClaimsUnverified(submission);
  return submission === undefined ? {} : { afzenderOin, ontvangerOin };
}

// A bericht that can't be read any more isn't the one of the receipt, and its digest says so.
function readKenmerk(message: Uint8Array): string | undefined {
  try {
    return readMessageUnverified(message).kenmerk;
  } catch (error) {
    if (error instanceof CommandFault) return undefined;
    throw error;
  }
}

function readReceiptFile({ path, bytes }: ReceiptFile): {
  readonly path: string;
  readonly receipt: string;
  /** Undefined for what was a receipt and is damaged. */
  readonly kind: ReceiptKind | undefined;
} {
  const receipt = findReceipt(bytes) ?? '';
  const kind = readReceiptKindUnverified(receipt);
  if (kind === undefined && !WAS_RECEIPT.test(bytes.toString('latin1').trim())) {
    throw new CommandFault(
      `${path} is geen bevestiging: geef de JWS of XML zelf, of het JSON-antwoord waar zij in staat.`,
    );
  }
  return { path, receipt, kind };
}

function findReceipt(bytes: Buffer): string | undefined {
  const text = bytes.toString('utf8');
  if (isXml(text)) return text;
  if (COMPACT_JWS.test(text.trim())) return text.trim();
  const parsed = parseStrictJson(bytes);
  if (!parsed.ok) return undefined;
  const { value } = parsed;
  return MEMBERS.map((name) => textAt(value, name)).find((found) => found !== undefined && COMPACT_JWS.test(found));
}

function idOf(receipt: string): string | undefined {
  return textAt(readClaimsUnverified(receipt), 'berichtId');
}

const COMPACT_JWS = /^[\w-]+\.[\w-]+\.[\w-]+$/;
// A word so long that only a receipt with its certificates has it, or XML that still names the namespace.
const WAS_RECEIPT = /^(?:[^{<][^]*[\w.-]{500}|<[^]*urn:doorgeefluik:bevestiging:1)/;
// Where the answers of the API carry a receipt.
const MEMBERS = ['eindbericht', 'termijnbericht', 'bevestiging'];

const VERIFIERS: Readonly<Record<ReceiptKind, (receipt: string, trust: ReceiptTrust, held: Held) => ReceiptVerdict>> = {
  submission: verifySubmissionReceipt,
  end: verifyEndNotice,
  term: verifyTermNotice,
  recipient: verifyRecipientReceipt,
};
const DAMAGED: Omit<FileVerdict, 'path'> = {
  title: 'Bevestiging',
  passed: false,
  checks: [{ name: 'vorm', passed: false, detail: 'beschadigd: geen bevestiging meer' }],
  facts: undefined,
  isLinked: true,
};
const TITLES: Readonly<Record<ReceiptKind, string>> = {
  submission: 'Ontvangstbevestiging',
  end: 'Eindbericht',
  term: 'Termijnbericht',
  recipient: 'Bevestiging van de ontvanger',
};
