import type { XmlElement } from 'libxml2-wasm';
import { create } from 'xmlbuilder2';
import type { EndNotice, SubmissionReceipt, TermNotice } from '../domain/receipt.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { Certificate } from './certificate.ts';
import { toEndClaims, toSubmissionClaims, toTermClaims } from './receipts.ts';
import type { ReceiptIssuer } from './receipts.ts';
import { signEnveloped } from './sign-xml.ts';
import { isJsonArray } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { childElements, isNamed, NS, openXml, textOf } from './xml-document.ts';
import type { XmlMessage } from './xml-document.ts';
import { readEnvelopedSignature, verifyEnvelopedSignature } from './xml-signature.ts';

/** A receipt of any kind that the gateway gives. */
export type GivenReceipt =
  | { readonly kind: 'submission'; readonly receipt: SubmissionReceipt }
  | { readonly kind: 'end'; readonly notice: EndNotice }
  | { readonly kind: 'term'; readonly notice: TermNotice };

/** Signs receipts as XML with the issuer's key, which it reads once. */
export function createReceiptXmlFormat(issuer: ReceiptIssuer): (given: GivenReceipt) => Promise<Uint8Array> {
  const request = {
    privateKeyPem: issuer.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    chainPem: issuer.chain.map(({ x509 }) => x509.toString()).join(''),
  };
  return (given) => Promise.resolve(signEnveloped(writeReceipt(given), request));
}

/** What a receipt in XML says, and the certificates that came with it, of which the first verified it. None is trusted yet. */
export interface ReceiptXml {
  readonly kind: GivenReceipt['kind'];
  /** By the same names and with the same values as in the compact JWS. */
  readonly claims: JsonObject;
  readonly chain: readonly [Certificate, ...Certificate[]];
}

/** Why a receipt in XML isn't taken. */
export type ReceiptXmlProblem = 'malformed' | 'unsigned' | 'signature';

/**
 * Reads a receipt in XML: one enveloped signature over the whole, a known kind, known claims, each once but the lists. Whether
 * the claims are complete and who signed is the caller's to judge, as with the compact JWS.
 */
export function readReceiptXml(bytes: Uint8Array): Result<ReceiptXml, ReceiptXmlProblem> {
  const opened = openXml(bytes);
  if (!opened.ok) return err('malformed');
  try {
    return readSigned(opened.value);
  } finally {
    opened.value.dispose();
  }
}

// The same claims in the same order as the JWS, an element each; a list is one element repeated.
function writeReceipt(given: GivenReceipt): Uint8Array {
  const claims = toClaims(given);
  const document = create({ version: '1.0', encoding: 'UTF-8' });
  const kind = document.ele(NS.bevestiging, 'bevestiging').ele(NS.bevestiging, ELEMENTS[given.kind]);
  for (const [name, value] of Object.entries(claims)) {
    // xmlbuilder2 takes `&amp;` in a text for written already and leaves it, so that it would be read back as `&`.
    for (const text of toTexts(value)) kind.ele(NS.bevestiging, name).txt(text.replaceAll('&', '&amp;'));
  }
  return Buffer.from(document.end());
}

function toClaims(given: GivenReceipt): JsonObject {
  switch (given.kind) {
    case 'submission':
      return toSubmissionClaims(given.receipt);
    case 'end':
      return toEndClaims(given.notice);
    case 'term':
      return toTermClaims(given.notice);
  }
}

function toTexts(value: JsonValue): readonly string[] {
  if (typeof value === 'string') return [value];
  return isJsonArray(value) ? value.flatMap(toTexts) : [JSON.stringify(value)];
}

function readSigned(message: XmlMessage): Result<ReceiptXml, ReceiptXmlProblem> {
  const read = readEnvelopedSignature(message, { namespace: NS.bevestiging, name: 'bevestiging' });
  if (!read.ok) return err(read.error.code === 'ERR_SIGNATURE_DIGEST' ? 'signature' : 'malformed');
  const signature = read.value;
  if (signature === undefined) return err('unsigned');
  const signer = signature.offered.find((candidate) => verifyEnvelopedSignature(signature, candidate));
  if (signer === undefined) return err('signature');
  // The signature has been taken out: what is left in the document is what was signed.
  const statement = readStatement(message.document.root);
  if (statement === undefined) return err('malformed');
  return ok({ ...statement, chain: [signer, ...signature.offered.filter((candidate) => candidate !== signer)] });
}

function readStatement(root: XmlElement): Pick<ReceiptXml, 'kind' | 'claims'> | undefined {
  const children = childElements(root);
  const [statement] = children.flatMap((element) =>
    KINDS.filter((kind) => isNamed(element, NS.bevestiging, ELEMENTS[kind])).map((kind) => ({ kind, element })),
  );
  if (statement === undefined || children.length !== 1) return undefined;
  const claims = readClaims(statement.element, CLAIMS[statement.kind]);
  return claims === undefined ? undefined : { kind: statement.kind, claims };
}

function readClaims(element: XmlElement, known: readonly string[]): JsonObject | undefined {
  const texts = new Map<string, string[]>();
  for (const child of childElements(element)) {
    const isPlain = child.attrs.length === 0 && childElements(child).length === 0;
    if (child.namespaceUri !== NS.bevestiging || !known.includes(child.name) || !isPlain) return undefined;
    texts.set(child.name, [...(texts.get(child.name) ?? []), textOf(child)]);
  }
  const claims = [...texts].map(([name, values]) => [name, toClaim(name, values)] as const);
  const read = claims.filter((pair): pair is readonly [string, JsonValue] => pair[1] !== undefined);
  return read.length === claims.length ? Object.fromEntries(read) : undefined;
}

/** The value as the JWS has it; undefined for a text of another kind, or more than one where one is meant. */
function toClaim(name: string, texts: readonly string[]): JsonValue | undefined {
  if (LISTS.has(name)) return texts;
  if (texts.length !== 1) return undefined;
  const text = texts.join('');
  if (name === 'pogingen') return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
  return name === 'mogelijkOntvangen' ? TRUTHS.get(text) : text;
}

const KINDS = ['submission', 'end', 'term'] as const;
const ELEMENTS = { submission: 'ontvangstbevestiging', end: 'eindbericht', term: 'termijnbericht' } as const;
const LISTS: ReadonlySet<string> = new Set(['bij', 'verwacht']);
const CLAIMS: Readonly<Record<GivenReceipt['kind'], readonly string[]>> = {
  submission: [
    'iss',
    'omgeving',
    'jti',
    'berichtId',
    'eerder',
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
  ],
  end: [
    'iss',
    'omgeving',
    'jti',
    'berichtId',
    'bij',
    'toestand',
    'reden',
    'eindtijd',
    'pogingen',
    'mogelijkOntvangen',
    'bewijs',
    'ontvangerbevestiging',
  ],
  term: [
    'iss',
    'omgeving',
    'jti',
    'berichtId',
    'berichttype',
    'bij',
    'soort',
    'verwacht',
    'termijn',
    'afgeleverdOp',
    'uiterlijk',
    'vastgesteldOp',
  ],
};
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);
