import { verify, X509Certificate } from 'node:crypto';
import type { KeyLike } from 'node:crypto';
import { afterAll, describe, expect, it } from '@jest/globals';
import { SignedXml } from 'xml-crypto';
import { readCompact } from '../../../gateway/codec/compact-jws.ts';
import { createReceiptXmlFormat, readReceiptXml } from '../../../gateway/codec/receipt-xml.ts';
import type { GivenReceipt } from '../../../gateway/codec/receipt-xml.ts';
import {
  RECEIPT_TYPES,
  signEndNotice,
  signSubmissionReceipt,
  signTermNotice,
} from '../../../gateway/codec/receipts.ts';
import { signEnveloped } from '../../../gateway/codec/sign-xml.ts';
import { createTestPki } from '../../support/pki.ts';
import { fullNotice, fullReceipt, fullTermNotice, issuerOf } from '../../support/receipts.ts';
import { isAcceptedBy, openXsd } from '../../support/schema-folder.ts';

const pki = createTestPki();
const { signing } = pki.gateway;
const issuer = issuerOf(signing);
const format = createReceiptXmlFormat(issuer);
const xsd = openXsd('bevestigingen/bevestiging.xsd');
afterAll(() => {
  xsd.dispose();
});

const given: readonly (readonly [string, GivenReceipt])[] = [
  ['a submission receipt', { kind: 'submission', receipt: fullReceipt() }],
  [
    'a submission receipt without earlier bericht',
    { kind: 'submission', receipt: fullReceipt({ previous: undefined }) },
  ],
  [
    'a submission receipt with markup in the kenmerk',
    { kind: 'submission', receipt: fullReceipt({ kenmerk: `<a b="'">&amp;]]>` }) },
  ],
  ['a delivery with the recipient’s receipt', { kind: 'end', notice: fullNotice() }],
  [
    'a delivery on the connection’s word',
    {
      kind: 'end',
      notice: fullNotice({ proof: 'connection', recipientReceipt: undefined, receipts: ['c'.repeat(43)] }),
    },
  ],
  [
    'a refusal',
    {
      kind: 'end',
      notice: fullNotice({
        state: 'refused',
        reason: 'content-invalid',
        proof: undefined,
        recipientReceipt: undefined,
      }),
    },
  ],
  [
    'an expiry after an attempt without answer',
    {
      kind: 'end',
      notice: fullNotice({
        state: 'expired',
        reason: 'deadline-passed',
        possiblyReceived: true,
        proof: undefined,
        recipientReceipt: undefined,
      }),
    },
  ],
  ['a reminder to the sender', { kind: 'term', notice: fullTermNotice() }],
  [
    'a missed term to the recipient',
    { kind: 'term', notice: fullTermNotice({ receipts: [], kind: 'missed', expected: ['contactBevestiging'] }) },
  ],
];

function signAsJws(facts: GivenReceipt): string {
  if (facts.kind === 'submission') return signSubmissionReceipt(facts.receipt, issuer);
  return facts.kind === 'end' ? signEndNotice(facts.notice, issuer) : signTermNotice(facts.notice, issuer);
}

describe.each(given)('%s as XML', (_name, facts) => {
  it('is valid under the published schema', async () => {
    expect(isAcceptedBy(xsd, await format(facts))).toBe(true);
  });

  it('says what the compact JWS says', async () => {
    const expected = readCompact(signAsJws(facts), RECEIPT_TYPES[facts.kind]);
    const read = readReceiptXml(await format(facts));
    if (!expected.ok || !read.ok) throw new RangeError('unreadable');
    expect(read.value.kind).toBe(facts.kind);
    expect(read.value.claims).toEqual({ ...expected.value.claims });
    expect(read.value.chain).toEqual(expected.value.chain);
  });

  it('verifies with xml-crypto', async () => {
    const text = Buffer.from(await format(facts)).toString('utf8');
    const verifier = new SignedXml({ publicCert: signing.certificatePem, getCertFromKeyInfo: () => null });
    verifier.SignatureAlgorithms[ECDSA] = EcdsaSha256;
    verifier.loadSignature(/<ds:Signature[^]*<\/ds:Signature>/.exec(text)?.[0] ?? '');
    expect(verifier.checkSignature(text)).toBe(true);
  });

  it('is refused after one character of any value changed', async () => {
    const text = Buffer.from(await format(facts)).toString('utf8');
    const values = [...text.slice(0, text.indexOf('<ds:Signature')).matchAll(/>[^<]/g)];
    const problems = values.map(({ index }) => problemOf(flip(text, index + 1)));
    expect(values.length).toBeGreaterThan(8);
    expect(new Set(problems)).toEqual(new Set(['signature']));
  });
});

describe('readReceiptXml', () => {
  const NAMESPACE = 'urn:doorgeefluik:bevestiging:1';
  const { privateKeyPem, chainPem } = signing;
  const sign = (content: string, root = 'bevestiging'): string =>
    Buffer.from(
      signEnveloped(Buffer.from(`<${root} xmlns="${NAMESPACE}">${content}</${root}>`), { privateKeyPem, chainPem }),
    ).toString('utf8');

  it('puts the certificate that verified first, whatever the order they came in', () => {
    const other = pki.participant('rvdk').signing.certificatePem;
    const text = Buffer.from(
      signEnveloped(Buffer.from(`<bevestiging xmlns="${NAMESPACE}"><eindbericht/></bevestiging>`), {
        privateKeyPem,
        chainPem: other + chainPem,
      }),
    );
    const read = readReceiptXml(text);
    const fingerprint = new X509Certificate(signing.certificatePem).fingerprint256;
    expect(read.ok && read.value.chain.map(({ x509 }) => x509.fingerprint256)[0]).toBe(fingerprint);
    expect(read.ok && read.value.chain).toHaveLength(3);
  });

  it('reads what is signed also when white space stands around it', () => {
    const read = readReceiptXml(Buffer.from(sign('\n <eindbericht>\n  <bij>a</bij>\n </eindbericht>\n')));
    expect(read.ok && read.value.claims).toEqual({ bij: ['a'] });
  });

  it.each([
    ['octets that are no XML', 'no xml', 'malformed'],
    ['a receipt that is not signed', `<bevestiging xmlns="${NAMESPACE}"><eindbericht/></bevestiging>`, 'unsigned'],
    ['another document element', sign('<eindbericht/>', 'ontvangst'), 'malformed'],
    ['an unknown kind', sign('<ontvangerbevestiging/>'), 'malformed'],
    ['no kind', sign(''), 'malformed'],
    ['two kinds', sign('<eindbericht/><ontvangstbevestiging/>'), 'malformed'],
    ['a kind beside something unknown', sign('<eindbericht/><anders/>'), 'malformed'],
    ['a kind of another namespace', sign('<eindbericht xmlns="urn:anders"/>'), 'malformed'],
    ['a claim of the other kind', sign('<eindbericht><kenmerk>a</kenmerk></eindbericht>'), 'malformed'],
    ['an unknown claim', sign('<eindbericht><anders>a</anders></eindbericht>'), 'malformed'],
    ['a claim of another namespace', sign('<eindbericht><iss xmlns="urn:anders">1</iss></eindbericht>'), 'malformed'],
    ['a claim twice', sign('<eindbericht><iss>1</iss><iss>2</iss></eindbericht>'), 'malformed'],
    ['a claim with an attribute', sign('<eindbericht><iss soort="a">1</iss></eindbericht>'), 'malformed'],
    ['a claim with an element in it', sign('<eindbericht><iss><oin>1</oin></iss></eindbericht>'), 'malformed'],
    ['a number that is none', sign('<eindbericht><pogingen>1e3</pogingen></eindbericht>'), 'malformed'],
    ['a truth that is none', sign('<eindbericht><mogelijkOntvangen>ja</mogelijkOntvangen></eindbericht>'), 'malformed'],
    ['a comment that splits a value', sign('<eindbericht><iss>1<!---->2</iss></eindbericht>'), 'malformed'],
    [
      'a signature whose certificate isn’t there',
      sign('<eindbericht/>').replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/, ''),
      'signature',
    ],
    [
      'a signature of another key',
      sign('<eindbericht/>').replace(/<ds:SignatureValue>./, (found) =>
        found.endsWith('A') ? found.slice(0, -1) + 'B' : found.slice(0, -1) + 'A',
      ),
      'signature',
    ],
    [
      'a second signature',
      sign(
        sign('<eindbericht/>')
          .replace(/^.*?<ds/, '<ds')
          .replace('</bevestiging>', ''),
      ),
      'malformed',
    ],
  ])('refuses %s', (_name, text, problem) => {
    expect(problemOf(text)).toBe(problem);
  });
});

const ECDSA = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';

/** What xml-crypto lacks for the gateway's own key (RFC 4051 section 2.3.6). */
class EcdsaSha256 {
  getAlgorithmName(): string {
    return ECDSA;
  }

  getSignature(): string {
    throw new TypeError('verifies only');
  }

  verifySignature(material: string, key: KeyLike, value: string): boolean {
    const octets = Buffer.from(value, 'base64');
    return verify('sha256', Buffer.from(material), { key: key as string, dsaEncoding: 'ieee-p1363' }, octets);
  }
}

function problemOf(text: string): string | undefined {
  const read = readReceiptXml(Buffer.from(text));
  return read.ok ? undefined : read.error;
}

function flip(text: string, at: number): string {
  const changed = text[at] === '7' ? '8' : '7';
  return text.slice(0, at) + changed + text.slice(at + 1);
}
