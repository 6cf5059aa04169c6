import { isDeepStrictEqual } from 'node:util';
import { openReceipt } from '../../../cli/client/open-receipt.ts';
import { readClaimsUnverified, readReceipt, readReceiptKindUnverified } from '../../../cli/client/read-receipt.ts';
import type { ReceiptKind } from '../../../cli/client/read-receipt.ts';
import { createReceiptXmlFormat } from '../../../gateway/codec/receipt-xml.ts';
import {
  readRecipientClaims,
  signEndNotice,
  signRecipientReceipt,
  signSubmissionReceipt,
  signTermNotice,
  toEndClaims,
  toRecipientClaims,
  toSubmissionClaims,
  toTermClaims,
} from '../../../gateway/codec/receipts.ts';
import { fullNotice, fullReceipt, fullTermNotice } from '../../support/receipts.ts';
import { issuer, NOW, pki, trust } from '../identities.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateJws } from '../mutate/jws.ts';
import { mutateXmlTree } from '../mutate/xml.ts';
import { must } from '../target.ts';
import type { FuzzTarget, Mutator } from '../target.ts';

const gateway = issuer(pki.gateway.signing);
const [receipt, notice, term] = [fullReceipt(), fullNotice(), fullTermNotice()];
const recipient = {
  messageId: receipt.messageId,
  digest: receipt.digest,
  recipient: receipt.recipient,
  receivedAt: NOW,
};
const toXml = createReceiptXmlFormat(gateway);
const written = await Promise.all([
  toXml({ kind: 'submission', receipt }),
  toXml({ kind: 'end', notice }),
  toXml({ kind: 'term', notice: term }),
]);
const MADE: readonly (readonly [ReceiptKind, unknown])[] = [
  ['submission', toSubmissionClaims(receipt)],
  ['end', toEndClaims(notice)],
  ['term', toTermClaims(term)],
  ['recipient', toRecipientClaims(recipient)],
];
const KINDS = MADE.map(([kind]) => kind);
const jws = mutateJws(['"berichtId"', '"toestand"', '"crit"', '"typ"']);
const xml = mutateXmlTree(['afgeleverd', 'geweigerd', 'true', '1']);

const ofForm: Mutator = (input, random, other) => (input.includes('<') ? xml : jws)(input, random, other);

const target: FuzzTarget = {
  invariant:
    'never throws; a receipt that is taken is of its kind and claims exactly what the gateway signed, in both forms',
  seeds: [
    signSubmissionReceipt(receipt, gateway),
    signEndNotice(notice, gateway),
    signTermNotice(term, gateway),
    signRecipientReceipt(recipient, gateway),
    ...written.map((octets) => Buffer.from(octets).toString()),
  ].map((text) => Buffer.from(text)),
  mutators: [ofForm, ofForm, mutateBytes(['<', '.', 'eyJ', '<?xml', '\u00ef\u00bb\u00bf'])],
  run: (input) => {
    const text = input.toString('utf8');
    readReceiptKindUnverified(text);
    readClaimsUnverified(text);
    for (const kind of KINDS) {
      const read = readReceipt(text, kind);
      const opened = openReceipt(text, kind, { roots: trust.roots, environment: 'ontwikkeling' });
      must((read === undefined) === (opened.claims === undefined), 'opened without its signature');
      if (read === undefined) continue;
      const claims: unknown = JSON.parse(JSON.stringify(read.claims));
      must(
        MADE.some(([one, made]) => one === kind && isDeepStrictEqual(claims, JSON.parse(JSON.stringify(made)))),
        'takes a receipt that was never given',
      );
      readRecipientClaims(read.claims);
    }
  },
};

export default target;
