import type { XmlElement } from 'libxml2-wasm';
import { parseCertificate } from './certificate.ts';
import type { Certificate } from './certificate.ts';
import { childElements, NS } from './xml-document.ts';
import { expect, hasOnlyAttributes, ID, need, readOctets, readSequence, readText } from './xml-parts.ts';

/**
 * Certificates of ds:X509Data (XMLDSIG 4.5.4), leaf first as a rule. They are candidates only: which of them may sign is
 * judged elsewhere. Names beside them are hints that nothing here follows, yet of the form that others can read; a
 * ds:KeyValue must be the key of one of the certificates. Any other way to a key is refused.
 */
export function readKeyInfo(keyInfo: XmlElement): readonly Certificate[] {
  const hints = childElements(keyInfo);
  expect(hasOnlyAttributes(keyInfo, ID) && hints.length > 0);
  const read = hints.map(readHint);
  const certificates = read.flatMap((hint) => hint.certificates);
  expect(certificates.length <= MAX_CERTIFICATES);
  // Who verifies with a bare key would take another signer's than whom the certificates name.
  const keys = read.flatMap((hint) => hint.keys);
  expect(keys.every((key) => certificates.some((certificate) => keyOf(certificate) === key)));
  return certificates;
}

interface Hint {
  readonly certificates: readonly Certificate[];
  /** Keys of ds:KeyValue, as `keyOf` writes them. */
  readonly keys: readonly string[];
}

const NOTHING: Hint = { certificates: [], keys: [] };

function readHint(hint: XmlElement): Hint {
  const read = hint.namespaceUri === NS.ds ? HINTS.get(hint.name) : undefined;
  return need(read)(hint);
}

function readName(element: XmlElement): Hint {
  expect(readText(element) !== '');
  return NOTHING;
}

/** XMLDSIG 4.5.2.2 and 4.5.2.3. */
function readKeyValue(element: XmlElement): Hint {
  const [value, ...others] = childElements(element);
  expect(others.length === 0 && hasOnlyAttributes(element, []));
  const key = need(value);
  return { certificates: [], keys: [key.name === 'RSAKeyValue' ? readRsaKey(key) : readCurveKey(key)] };
}

function readRsaKey(element: XmlElement): string {
  expect(element.namespaceUri === NS.ds);
  const parts = readSequence(element, { namespace: NS.ds, attributes: [], children: ['Modulus', 'Exponent'] });
  return parts.map((part) => hexOf(readOctets(need(part)))).join(' ');
}

function readCurveKey(element: XmlElement): string {
  expect(element.name === 'ECKeyValue' && element.namespaceUri === DSIG11);
  const [curve, point] = readSequence(element, {
    namespace: DSIG11,
    attributes: ID,
    children: ['NamedCurve', 'PublicKey'],
  });
  expect(readSequence(need(curve), { namespace: DSIG11, attributes: ['URI'], children: [] }).length === 0);
  return `${need(need(curve).attr('URI')).value} ${readOctets(need(point)).toString('hex')}`;
}

/** The certified key as a ds:KeyValue states it. */
function keyOf({ publicKey }: Certificate): string {
  const { n = '', e = '', crv = '', x = '', y = '' } = publicKey.export({ format: 'jwk' });
  if (n !== '') return [n, e].map((part) => hexOf(Buffer.from(part, 'base64url'))).join(' ');
  // SEC 1 section 2.3.3: an uncompressed point.
  return `${String(CURVES.get(crv))} 04${[x, y].map((part) => Buffer.from(part, 'base64url').toString('hex')).join('')}`;
}

// XMLDSIG 4.5.2.2: a CryptoBinary has no leading zero octets; that some write one changes no number.
function hexOf(octets: Buffer): string {
  return octets.toString('hex').replace(/^(?:00)+/, '');
}

function readX509Data(element: XmlElement): Hint {
  const parts = childElements(element);
  expect(hasOnlyAttributes(element, []) && parts.length > 0);
  return { certificates: parts.flatMap(readX509Part), keys: [] };
}

function readX509Part(part: XmlElement): readonly Certificate[] {
  const read = part.namespaceUri === NS.ds ? X509_PARTS.get(part.name) : undefined;
  return need(read)(part);
}

function readX509Name(element: XmlElement): readonly Certificate[] {
  expect(readText(element) !== '');
  return [];
}

function readIssuerSerial(element: XmlElement): readonly Certificate[] {
  const children = ['X509IssuerName', 'X509SerialNumber'];
  const [issuer, serial] = readSequence(element, { namespace: NS.ds, attributes: [], children });
  expect(readText(need(issuer)) !== '' && SERIAL.test(readText(need(serial))));
  return [];
}

function readKeyIdentifier(element: XmlElement): readonly Certificate[] {
  expect(readOctets(element).length > 0);
  return [];
}

const HINTS: ReadonlyMap<string, (hint: XmlElement) => Hint> = new Map([
  ['KeyName', readName],
  ['KeyValue', readKeyValue],
  ['X509Data', readX509Data],
]);
const X509_PARTS: ReadonlyMap<string, (part: XmlElement) => readonly Certificate[]> = new Map([
  ['X509Certificate', (part: XmlElement): readonly Certificate[] => [need(parseCertificate(readOctets(part)))]],
  ['X509IssuerSerial', readIssuerSerial],
  ['X509SKI', readKeyIdentifier],
  ['X509SubjectName', readX509Name],
]);
const MAX_CERTIFICATES = 8;
const DSIG11 = 'http://www.w3.org/2009/xmldsig11#';
// RFC 5480 section 2.1.1.1.
const CURVES: ReadonlyMap<string, string> = new Map([
  ['P-256', 'urn:oid:1.2.840.10045.3.1.7'],
  ['P-384', 'urn:oid:1.3.132.0.34'],
]);
// RFC 5280 section 4.1.2.2: at most 20 octets.
const SERIAL = /^[0-9]{1,49}$/;
