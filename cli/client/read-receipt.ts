import type { Certificate } from '../../gateway/codec/certificate.ts';
import { readCompact } from '../../gateway/codec/compact-jws.ts';
import { textAt } from '../../gateway/codec/envelope-json.ts';
import { decodeJsonObject } from '../../gateway/codec/jws.ts';
import { readReceiptXml } from '../../gateway/codec/receipt-xml.ts';
import { RECEIPT_TYPES } from '../../gateway/codec/receipts.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';

/** The kinds of receipt. */
export type ReceiptKind = keyof typeof RECEIPT_TYPES;

/** What a receipt claims, and the certificates that came with it, of which the first verified it. None is trusted yet. */
export interface ReadReceipt {
  readonly claims: JsonObject;
  readonly chain: readonly [Certificate, ...Certificate[]];
}

/** Reads a receipt of one kind, compact JWS or XML; undefined when its signature doesn't verify or it is another kind. */
export function readReceipt(receipt: string, kind: ReceiptKind): ReadReceipt | undefined {
  if (isXml(receipt)) {
    const read = readReceiptXml(Buffer.from(receipt));
    return read.ok && read.value.kind === kind ? read.value : undefined;
  }
  // The gateway signs with ES256 alone; recipients have RSA keys as well.
  const read = readCompact(receipt, RECEIPT_TYPES[kind], kind === 'recipient' ? ['ES256', 'PS256'] : ['ES256']);
  return read.ok ? read.value : undefined;
}

/** What kind a receipt says it is; undefined when it is none of ours. Says nothing of its signature. */
export function readReceiptKindUnverified(receipt: string): ReceiptKind | undefined {
  if (isXml(receipt)) {
    const name = /<(?:[\w.-]+:)?(ontvangstbevestiging|eindbericht|termijnbericht)[\s>]/.exec(receipt)?.[1];
    return XML_KINDS.get(name ?? '');
  }
  const [header = ''] = receipt.split('.', 1);
  const typ = textAt(decodeJsonObject(header) ?? {}, 'typ');
  return KINDS.find((kind) => RECEIPT_TYPES[kind] === typ);
}

/** What a receipt claims, whoever signed it; nothing when it can't be read. */
export function readClaimsUnverified(receipt: string): JsonObject {
  if (!isXml(receipt)) return decodeJsonObject(receipt.split('.')[1] ?? '') ?? {};
  const read = readReceiptXml(Buffer.from(receipt));
  return read.ok ? read.value.claims : {};
}

/** Whether the receipt is in XML; else it is a compact JWS. */
export function isXml(receipt: string): boolean {
  return /^\s*</.test(receipt);
}

const KINDS: readonly ReceiptKind[] = ['submission', 'end', 'term', 'recipient'];
const XML_KINDS: ReadonlyMap<string, ReceiptKind> = new Map([
  ['ontvangstbevestiging', 'submission'],
  ['eindbericht', 'end'],
  ['termijnbericht', 'term'],
]);
