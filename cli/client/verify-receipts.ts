import { createHash } from 'node:crypto';
import { digestHeaderOf } from '../../gateway/codec/detached-signature.ts';
import { textAt } from '../../gateway/codec/envelope-json.ts';
import { readRecipientClaims } from '../../gateway/codec/receipts.ts';
import { isJsonArray } from '../../gateway/codec/strict-json.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import { allPassed, check } from './checks.ts';
import type { Check } from './checks.ts';
import { openReceipt } from './open-receipt.ts';
import type { OpenedReceipt, ReceiptTrust } from './open-receipt.ts';
import { isXml, readClaimsUnverified } from './read-receipt.ts';

/** What a party knows itself and holds a receipt against. */
export interface Held {
  /** The bericht as it was sent or received. */
  readonly message?: Uint8Array | undefined;
  /** The kenmerk in it. */
  readonly kenmerk?: string | undefined;
  /** The submission receipts given for it. */
  readonly submissions?: readonly string[] | undefined;
}

/** A receipt with everything that was checked. */
export interface ReceiptVerdict {
  readonly passed: boolean;
  readonly checks: readonly Check[];
  /** Undefined when the signature doesn't verify. */
  readonly claims: JsonObject | undefined;
}

/** Checks a submission receipt: signature, certificate, issuer, and that it is over this bericht. */
export function verifySubmissionReceipt(receipt: string, trust: ReceiptTrust, held: Held): ReceiptVerdict {
  const opened = openReceipt(receipt, 'submission', trust);
  const { claims } = opened;
  if (claims === undefined) return toVerdict(opened, []);
  return toVerdict(opened, [
    checkIssuer(opened, claims, trust),
    checkComplete(claims, SUBMISSION_CLAIMS),
    ...checkDigest(claims, held.message),
    ...(held.kenmerk === undefined ? [] : [checkEqual('kenmerk', textAt(claims, 'kenmerk'), held.kenmerk)]),
  ]);
}

/** Checks an end notice: signature, certificate, issuer, its link to the submission receipts, and the recipient's receipt inside. */
export function verifyEndNotice(receipt: string, trust: ReceiptTrust, held: Held): ReceiptVerdict {
  const opened = openReceipt(receipt, 'end', trust);
  const { claims } = opened;
  if (claims === undefined) return toVerdict(opened, []);
  return toVerdict(opened, [
    checkIssuer(opened, claims, trust),
    checkComplete(claims, END_CLAIMS),
    ...checkLink(claims, held.submissions ?? []),
    ...checkProof(claims, trust, held),
  ]);
}

/** Checks a term notice: signature, certificate, issuer, and for the sender its link to the submission receipts. */
export function verifyTermNotice(receipt: string, trust: ReceiptTrust, held: Held): ReceiptVerdict {
  const opened = openReceipt(receipt, 'term', trust);
  const { claims } = opened;
  if (claims === undefined) return toVerdict(opened, []);
  return toVerdict(opened, [
    checkIssuer(opened, claims, trust),
    checkComplete(claims, TERM_CLAIMS),
    ...checkLink(claims, held.submissions ?? []),
  ]);
}

/** Checks a recipient's receipt: signature, certificate, and that it is over this bericht. */
export function verifyRecipientReceipt(receipt: string, trust: ReceiptTrust, held: Held): ReceiptVerdict {
  const opened = openReceipt(receipt, 'recipient', trust);
  const { claims } = opened;
  if (claims === undefined) return toVerdict(opened, []);
  const whole = check('inhoud', readRecipientClaims(claims) !== undefined, {
    good: 'volledig',
    bad: 'onvolledig, of er staat meer in dan mag',
  });
  return toVerdict(opened, [whole, ...checkDigest(claims, held.message)]);
}

/** The link an end notice has to a submission receipt: SHA-256 (base64url) of its text. */
export function linkOf(submission: string): string {
  return createHash('sha256').update(submission).digest('base64url');
}

function toVerdict(opened: OpenedReceipt, more: readonly Check[]): ReceiptVerdict {
  const checks = [...opened.checks, ...more];
  return { passed: allPassed(checks), checks, claims: opened.claims };
}

function checkIssuer({ signer }: OpenedReceipt, claims: JsonObject, trust: ReceiptTrust): Check {
  const issuer = textAt(claims, 'iss');
  const isExpected = trust.issuer === undefined || issuer === trust.issuer;
  return check('afgever', issuer !== undefined && issuer === signer && isExpected, {
    good: `OIN ${issuer ?? ''}, dat van het certificaat`,
    bad: isExpected
      ? 'het OIN in de bevestiging is niet dat van het certificaat'
      : `OIN ${issuer ?? ''}, niet dat van het doorgeefluik`,
  });
}

function checkComplete(claims: JsonObject, names: readonly string[]): Check {
  const missing = names.filter((name) => textAt(claims, name) === undefined);
  return check('inhoud', missing.length === 0, { good: 'volledig', bad: `ontbreekt: ${missing.join(', ')}` });
}

function checkDigest(claims: JsonObject, message: Uint8Array | undefined): readonly Check[] {
  if (message === undefined) return [];
  const passed = textAt(claims, 'digest') === digestHeaderOf(message);
  return [check('bericht', passed, { good: 'precies deze bytes', bad: 'gaat over andere bytes dan dit bestand' })];
}

function checkEqual(name: string, found: string | undefined, expected: string): Check {
  return check(name, found === expected, {
    good: 'gelijk aan dat in het bericht',
    bad: 'een ander dan in het bericht',
  });
}

function checkLink(claims: JsonObject, submissions: readonly string[]): readonly Check[] {
  if (submissions.length === 0) return [];
  const links = claims['bij'];
  // The notice names receipts by the hash of their JWS; one in XML is another text with the same facts.
  const named = submissions.filter((submission) => !isXml(submission));
  // A repeat after the notice was made got a receipt that the notice can't name: one is enough.
  const isLinked = isJsonArray(links) && named.some((submission) => links.includes(linkOf(submission)));
  // Anyone can take the hash of a receipt: only whoever gave the receipt can say how it ended.
  const differing = SHARED_CLAIMS.filter((name) =>
    submissions.some((submission) => textAt(claims, name) !== textAt(readClaimsUnverified(submission), name)),
  );
  return [
    ...(named.length === 0 ? [] : [check('bij', isLinked, LINK_WORDS)]),
    check('samenhang', differing.length === 0, {
      good: 'zelfde afgever, omgeving en Bericht-Id als de ontvangstbevestiging',
      bad: `anders dan in de ontvangstbevestiging: ${differing.join(', ')}`,
    }),
  ];
}

function checkProof(claims: JsonObject, trust: ReceiptTrust, held: Held): readonly Check[] {
  const receipt = textAt(claims, 'ontvangerbevestiging');
  const proof = textAt(claims, 'bewijs');
  if (receipt === undefined) {
    if (proof !== 'getekend') return [];
    return [check('bewijs', false, { good: '', bad: 'zegt getekend, maar de bevestiging van de ontvanger ontbreekt' })];
  }
  // A recipient's receipt names no omgeving: it is that of the notice around it.
  const environment = ENVIRONMENTS.find((one) => one === textAt(claims, 'omgeving'));
  const recipient = verifyRecipientReceipt(receipt, { ...trust, environment }, held);
  const inside = recipient.claims ?? {};
  return [
    ...recipient.checks,
    check('Bericht-Id', textAt(claims, 'berichtId') === textAt(inside, 'berichtId'), {
      good: 'dat van het eindbericht',
      bad: 'een ander dan dat van het eindbericht',
    }),
    ...(held.submissions ?? []).map((submission) => checkSame(inside, readClaimsUnverified(submission))),
  ].map((one) => ({ ...one, name: `ontvanger: ${one.name}` }));
}

// What a linked submission receipt says, the gateway signed twice: in the receipt and in the link to it.
function checkSame(inside: JsonObject, submission: JsonObject): Check {
  const differing = ['digest', 'ontvangerOin'].filter((name) => textAt(inside, name) !== textAt(submission, name));
  return check('ontvangstbevestiging', differing.length === 0, {
    good: 'zelfde bericht en ontvanger',
    bad: `een andere ${differing.join(' en ')}`,
  });
}

const SUBMISSION_CLAIMS = [
  'omgeving',
  'jti',
  'berichtId',
  'afzenderOin',
  'ingediendDoorOin',
  'ondertekenaar',
  'geadresseerd',
  'ontvangerOin',
  'berichttype',
  'versie',
  'kenmerk',
  'digest',
  'ontvangenOp',
  'geaccepteerdOp',
  'uiterlijk',
];
const LINK_WORDS = { good: 'noemt deze ontvangstbevestiging', bad: 'noemt deze ontvangstbevestiging niet' };
const SHARED_CLAIMS = ['iss', 'omgeving', 'berichtId'];
const TERM_CLAIMS = ['omgeving', 'jti', 'berichtId', 'berichttype', 'soort', 'termijn', 'uiterlijk', 'vastgesteldOp'];
const END_CLAIMS = ['omgeving', 'jti', 'berichtId', 'toestand', 'eindtijd'];
