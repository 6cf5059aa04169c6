import { createPrivateKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { GATEWAY } from '../../../certs-dev/participants.ts';
import { describeFacts } from '../../../cli/client/receipt-facts.ts';
import { verifyReceiptFiles } from '../../../cli/client/receipt-files.ts';
import { readTrustedRoots } from '../../../cli/client/trust.ts';
import { linkOf } from '../../../cli/client/verify-receipts.ts';
import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import { createReceiptXmlFormat } from '../../../gateway/codec/receipt-xml.ts';
import { signSubmissionReceipt, signTermNotice } from '../../../gateway/codec/receipts.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import type { TermNotice } from '../../../gateway/domain/receipt.ts';
import { createTestPki } from '../../support/pki.ts';
import { fullReceipt, fullTermNotice } from '../../support/receipts.ts';

const pki = createTestPki(new Date('2026-11-20T00:00:00.000Z'));
const { signing } = pki.gateway;
const issuer = {
  oin: GATEWAY.oin as Oin,
  environment: 'ontwikkeling',
  privateKey: createPrivateKey(signing.privateKeyPem),
  chain: parseCertificatesPem(signing.chainPem),
} as const;
const trust = { roots: readTrustedRoots(pki.authority.rootPem), issuer: GATEWAY.oin };
const submission = signSubmissionReceipt(fullReceipt(), issuer);
const noticeOf = (change: Partial<TermNotice> = {}): TermNotice =>
  fullTermNotice({ receipts: [linkOf(submission)], ...change });
const verdictsOf = (...texts: readonly string[]): ReturnType<typeof verifyReceiptFiles> =>
  verifyReceiptFiles(
    texts.map((text, index) => ({ path: String(index), bytes: Buffer.from(text) })),
    { trust, message: undefined },
  );

describe('a term notice', () => {
  it('is verified as JWS, inside the answer of the API and as XML, and says what is awaited', async () => {
    const jws = signTermNotice(noticeOf(), issuer);
    const xml = Buffer.from(await createReceiptXmlFormat(issuer)({ kind: 'term', notice: noticeOf() })).toString();
    const verdicts = verdictsOf(jws, JSON.stringify({ id: 'x', termijnbericht: jws }), xml);
    expect(verdicts.map(({ title, passed }) => [title, passed])).toEqual(Array(3).fill(['Termijnbericht', true]));
    for (const { facts } of verdicts) {
      expect(new Map(describeFacts(facts ?? {})).get('antwoord')).toBe(
        'herinnering: contactBevestiging of signaalIntrekking binnen 5 werkdagen',
      );
    }
  });

  it('is linked to the submission receipt of its bericht, where its party has one', () => {
    const [linked] = verdictsOf(signTermNotice(noticeOf(), issuer), submission);
    expect(linked?.checks.map(({ name, passed }) => [name, passed])).toEqual(
      expect.arrayContaining([
        ['bij', true],
        ['samenhang', true],
      ]),
    );
    const [other] = verdictsOf(signTermNotice(noticeOf({ receipts: ['a'.repeat(43)] }), issuer), submission);
    expect(other?.passed).toBe(false);
    const [toRecipient] = verdictsOf(signTermNotice(noticeOf({ receipts: [] }), issuer));
    expect(toRecipient?.passed).toBe(true);
  });

  it('fails when it is damaged, or signed by another than the gateway', () => {
    const jws = signTermNotice(noticeOf(), issuer);
    const [header, , signature] = jws.split('.');
    const other = Buffer.from(JSON.stringify({ iss: GATEWAY.oin })).toString('base64url');
    expect(verdictsOf(`${String(header)}.${other}.${String(signature)}`)[0]?.passed).toBe(false);
    const rvdk = pki.participant('rvdk').signing;
    const forged = signTermNotice(noticeOf(), {
      ...issuer,
      privateKey: createPrivateKey(rvdk.privateKeyPem),
      chain: parseCertificatesPem(rvdk.chainPem),
    });
    expect(verdictsOf(forged)[0]?.passed).toBe(false);
  });
});
