import { bringSigned, bringXml, edited, signedXml, stufMessage, xmlMessage } from '../../support/hostile-bench.ts';
import type { Bench, HostileCase, HostileRequest } from '../../support/hostile-bench.ts';
import { objectOf, PROPERTIES_REFERENCE, REFERENCE, URI } from '../../support/xml-signer.ts';

/** A signed bericht and its parts, and forged parts to put beside or around them. */
function take(bench: Bench): {
  readonly signed: string;
  readonly signature: string;
  readonly root: string;
  readonly content: string;
  readonly forged: string;
} {
  const signed = signedXml(bench);
  const root = signed.slice(signed.indexOf('<b:bericht'));
  const signature = /<ds:Signature [^]*<\/ds:Signature>/.exec(root)?.[0] ?? '';
  const content = insideOf(root).replace(signature, '');
  return { signed, signature, root, content, forged: insideOf(xmlMessage(bench)) };
}

function insideOf(text: string): string {
  return text.slice(text.indexOf('>', text.indexOf('<b:bericht')) + 1, text.lastIndexOf('</b:bericht>'));
}

const wrap = (content: string): string => `<b:bericht xmlns:b="urn:doorgeefluik:bericht:1">${content}</b:bericht>`;
const intoObject = (signature: string, content: string): string =>
  edited(signature, '</ds:Signature>', `<ds:Object>${content}</ds:Object></ds:Signature>`);

type Row = readonly [string, HostileCase['expected'], (parts: ReturnType<typeof take>, bench: Bench) => string];

const ONE =
  'One ds:Signature in the whole document, as last child of the document element, or none at all is looked at.';
const DIGEST = 'URI="" is the whole document without this signature: whatever else stands in it changes the digest.';
const SHAPE = 'Every child of a signature has one place; anything else in it is refused instead of skipped.';

const moved: readonly Row[] = [
  [
    'the signed bericht inside a forged one, signature and all',
    'ERR_SIGNATURE_MISPLACED',
    ({ root, forged }) => wrap(forged.replace('</b:inhoud>', () => `${root}</b:inhoud>`)),
  ],
  ['a forged bericht around the signed one', 'ERR_SIGNATURE_MISPLACED', ({ root }) => wrap(root)],
  ['the signature as first child', 'ERR_SIGNATURE_MISPLACED', ({ signature, content }) => wrap(signature + content)],
  [
    'the signature between stuurgegevens and inhoud',
    'ERR_SIGNATURE_MISPLACED',
    ({ signature, content }) => wrap(edited(content, '<b:inhoud>', `${signature}<b:inhoud>`)),
  ],
  [
    'the signature inside stuurgegevens',
    'ERR_SIGNATURE_MISPLACED',
    ({ signature, content }) => wrap(edited(content, '</b:stuurgegevens>', `${signature}</b:stuurgegevens>`)),
  ],
  [
    'the signature inside the extension point, inhoud',
    'ERR_SIGNATURE_MISPLACED',
    ({ signature, content }) => wrap(edited(content, '</b:inhoud>', `${signature}</b:inhoud>`)),
  ],
  [
    'forged content after the signature',
    'ERR_SIGNATURE_MISPLACED',
    ({ signature, content, forged }) => wrap(content + signature + forged),
  ],
  [
    'one unknown element after the signature',
    'ERR_SIGNATURE_MISPLACED',
    ({ signature, content }, bench) => wrap(`${content}${signature}<b:${bench.word()}/>`),
  ],
  [
    'the signature as document element, the bericht in its Object',
    'ERR_SIGNATURE_MISPLACED',
    ({ signature, content }) => intoObject(signature, wrap(content)),
  ],
  [
    'under a document element of another namespace',
    'ERR_SIGNATURE_MISPLACED',
    ({ root }) => root.replaceAll('urn:doorgeefluik:bericht:1', 'urn:doorgeefluik:bericht:2'),
  ],
  [
    'under a document element of another name',
    'ERR_SIGNATURE_MISPLACED',
    ({ root }) => root.replaceAll('b:bericht', 'b:berichten'),
  ],
  [
    'in a bevestiging instead of a bericht',
    'ERR_SIGNATURE_MISPLACED',
    ({ signature, content }) =>
      `<v:bevestiging xmlns:v="urn:doorgeefluik:bevestiging:1">${content.replaceAll('b:', 'v:')}${signature}</v:bevestiging>`,
  ],
];

const copied: readonly Row[] = [
  ['the signature twice', 'ERR_SIGNATURE_MULTIPLE', ({ signature, content }) => wrap(content + signature + signature)],
  [
    'the signature also inside inhoud',
    'ERR_SIGNATURE_MULTIPLE',
    ({ signature, content }) => wrap(edited(content, '</b:inhoud>', `${signature}</b:inhoud>`) + signature),
  ],
  [
    'the signature in its own Object',
    'ERR_SIGNATURE_MULTIPLE',
    ({ signature, content }) => wrap(content + intoObject(signature, signature)),
  ],
  [
    'the signature in its own KeyInfo',
    'ERR_SIGNATURE_MULTIPLE',
    ({ signature, content }) => wrap(content + edited(signature, '<ds:KeyInfo>', `<ds:KeyInfo>${signature}`)),
  ],
  [
    'a second signature, empty, before the first',
    'ERR_SIGNATURE_MULTIPLE',
    ({ signature, content }) => wrap(`${content}<ds:Signature xmlns:ds="${URI.ds}"/>${signature}`),
  ],
  [
    'a second signature under another prefix',
    'ERR_SIGNATURE_MULTIPLE',
    ({ signature, content }) => wrap(`${content}<Signature xmlns="${URI.ds}"/>${signature}`),
  ],
  [
    'a second signature inside SignedInfo',
    'ERR_SIGNATURE_MULTIPLE',
    ({ signature, content }) =>
      wrap(content + edited(signature, '</ds:SignedInfo>', `<ds:Signature/></ds:SignedInfo>`)),
  ],
];

const replaced: readonly Row[] = [
  ['the signature of another bericht', 'ERR_SIGNATURE_DIGEST', ({ signature, forged }) => wrap(forged + signature)],
  [
    'the signed bericht in the forged inhoud, the signature outside',
    'ERR_SIGNATURE_DIGEST',
    ({ signature, content, forged }) => wrap(edited(forged, '</b:inhoud>', `${wrap(content)}</b:inhoud>`) + signature),
  ],
  [
    'forged stuurgegevens and inhoud before the signed',
    'ERR_SIGNATURE_DIGEST',
    ({ signature, content, forged }) => wrap(forged + content + signature),
  ],
  [
    'forged stuurgegevens and inhoud after the signed',
    'ERR_SIGNATURE_DIGEST',
    ({ signature, content, forged }) => wrap(content + forged + signature),
  ],
  [
    'a second kenmerk',
    'ERR_SIGNATURE_DIGEST',
    ({ root }, bench) => edited(root, '<b:kenmerk>', `<b:kenmerk>${bench.kenmerk()}</b:kenmerk><b:kenmerk>`),
  ],
  [
    'a second ontvanger',
    'ERR_SIGNATURE_DIGEST',
    ({ root }) =>
      edited(
        root,
        '<b:ontvanger>',
        '<b:ontvanger><b:oin>00000001001825112000</b:oin><b:rol>GEMEENTE</b:rol></b:ontvanger><b:ontvanger>',
      ),
  ],
  [
    'a second inhoud',
    'ERR_SIGNATURE_DIGEST',
    ({ root }, bench) => edited(root, '<b:inhoud>', `<b:inhoud><x>${bench.word()}</x></b:inhoud><b:inhoud>`),
  ],
  [
    'the inhoud emptied',
    'ERR_SIGNATURE_DIGEST',
    ({ root }) => edited(root, /<b:inhoud>[^]*<\/b:inhoud>/, '<b:inhoud/>'),
  ],
  [
    'the original in an element of no meaning',
    'ERR_SIGNATURE_DIGEST',
    ({ signature, content, forged }) => wrap(`${forged}<b:oud>${content}</b:oud>${signature}`),
  ],
];

const inside: readonly Row[] = [
  [
    'the original in an Object',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) => wrap(forged + intoObject(signature, wrap(content))),
  ],
  [
    'the original in an Object with an ID',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(
        forged +
          edited(signature, '</ds:Signature>', `<ds:Object Id="echt">${wrap(content)}</ds:Object></ds:Signature>`),
      ),
  ],
  [
    'the original in KeyInfo',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(forged + edited(signature, '</ds:KeyInfo>', `${wrap(content)}</ds:KeyInfo>`)),
  ],
  [
    'the original in a KeyValue',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(forged + edited(signature, '</ds:KeyInfo>', `<ds:KeyValue>${wrap(content)}</ds:KeyValue></ds:KeyInfo>`)),
  ],
  [
    'the original in a KeyName',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(forged + edited(signature, '</ds:KeyInfo>', `<ds:KeyName>${wrap(content)}</ds:KeyName></ds:KeyInfo>`)),
  ],
  [
    'a forged bericht in a KeyValue of the real one',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(content + edited(signature, '</ds:KeyInfo>', `<ds:KeyValue>${wrap(forged)}</ds:KeyValue></ds:KeyInfo>`)),
  ],
  [
    'a forged bericht in a X509SubjectName of the real one',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(
        content +
          edited(signature, '</ds:X509Data>', `<ds:X509SubjectName>${wrap(forged)}</ds:X509SubjectName></ds:X509Data>`),
      ),
  ],
  [
    'the original in SignatureValue',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(forged + edited(signature, '</ds:SignatureValue>', `${wrap(content)}</ds:SignatureValue>`)),
  ],
  [
    'the original in DigestValue',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(forged + edited(signature, '</ds:DigestValue>', `${wrap(content)}</ds:DigestValue>`)),
  ],
  [
    'the original in unsigned XAdES properties',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content, forged }) =>
      wrap(
        forged +
          edited(
            signature,
            '</ds:Signature>',
            `<ds:Object><xades:QualifyingProperties xmlns:xades="${URI.xades}" Target="#s"><xades:UnsignedProperties>${wrap(content)}</xades:UnsignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>`,
          ),
      ),
  ],
  [
    'two SignedInfo, the forged first',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) => wrap(content + edited(signature, '<ds:SignedInfo>', `<ds:SignedInfo/><ds:SignedInfo>`)),
  ],
  [
    'two SignedInfo, the forged last',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) =>
      wrap(
        content +
          edited(
            signature,
            '</ds:SignedInfo>',
            `</ds:SignedInfo>${/<ds:SignedInfo>[^]*<\/ds:SignedInfo>/.exec(signature)?.[0] ?? ''}`,
          ),
      ),
  ],
  [
    'a SignedInfo inside an Object beside the real one',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) => wrap(content + intoObject(signature, '<ds:SignedInfo/>')),
  ],
  [
    'two SignatureValue',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) =>
      wrap(
        content +
          edited(signature, '<ds:SignatureValue>', '<ds:SignatureValue>AAAA</ds:SignatureValue><ds:SignatureValue>'),
      ),
  ],
  [
    'two KeyInfo',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) => wrap(content + edited(signature, '<ds:KeyInfo>', '<ds:KeyInfo/><ds:KeyInfo>')),
  ],
  [
    'two Objects',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) =>
      wrap(content + edited(signature, '</ds:Signature>', '<ds:Object/><ds:Object/></ds:Signature>')),
  ],
  [
    'an empty Object',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) => wrap(content + edited(signature, '</ds:Signature>', '<ds:Object/></ds:Signature>')),
  ],
  [
    'an unknown child of the signature',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }, bench) =>
      wrap(content + edited(signature, '</ds:Signature>', `<ds:${bench.word()}/></ds:Signature>`)),
  ],
  [
    'an unknown attribute on the signature',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }, bench) =>
      wrap(content + edited(signature, '<ds:Signature ', `<ds:Signature ${bench.word()}="x" `)),
  ],
  [
    'SignedInfo in another namespace',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }) => wrap(content + signature.replaceAll('ds:SignedInfo', 'b:SignedInfo')),
  ],
  [
    'text beside the parts',
    'ERR_SIGNATURE_MALFORMED',
    ({ signature, content }, bench) =>
      wrap(content + edited(signature, '<ds:SignatureValue>', `${bench.word()}<ds:SignatureValue>`)),
  ],
];

const absent: readonly Row[] = [
  [
    'a Signature of no namespace',
    'ERR_SIGNATURE_MISSING',
    ({ signature, content }) => wrap(content + signature.replaceAll('ds:', '').replace(/ xmlns:ds="[^"]*"/, '')),
  ],
  [
    'a signature in the namespace without its hash sign',
    'ERR_SIGNATURE_MISSING',
    ({ signature, content }) =>
      wrap(content + signature.replace(`xmlns:ds="${URI.ds}"`, `xmlns:ds="${URI.ds.slice(0, -1)}"`)),
  ],
  [
    'a signature in small letters',
    'ERR_SIGNATURE_MISSING',
    ({ signature, content }) => wrap(content + signature.replaceAll('ds:Signature', 'ds:signature')),
  ],
  [
    'the signature inside a comment',
    'ERR_SIGNATURE_MISSING',
    ({ signature, content }) => wrap(`${content}<!--${signature}-->`),
  ],
  [
    'the signature inside CDATA',
    'ERR_SIGNATURE_MISSING',
    ({ signature, content }) => wrap(edited(content, '</b:inhoud>', `<![CDATA[${signature}]]></b:inhoud>`)),
  ],
  ['no signature', 'ERR_SIGNATURE_MISSING', ({ content }) => wrap(content)],
  ['a second document after the first', 'ERR_XML_MALFORMED', ({ root }) => root + root],
];

const TIME = '<xades:SigningTime>2026-11-22T10:15:30Z</xades:SigningTime>';

const ids: readonly (readonly [string, (template: string) => string, string])[] = [
  [
    'a copy of the signed properties in inhoud, with the same ID',
    (t) =>
      edited(
        t,
        '</b:inhoud>',
        `${objectOf(TIME).replace('<ds:Object>', `<ds:Object xmlns:ds="${URI.ds}">`)}</b:inhoud>`,
      ),
    PROPERTIES_REFERENCE,
  ],
  [
    'an attribute Id in inhoud equal to that of the signed properties',
    (t) => edited(t, '<b:inhoud>', '<b:inhoud Id="p">'),
    PROPERTIES_REFERENCE,
  ],
  [
    'an attribute id in small letters equal to it',
    (t) => edited(t, '<b:inhoud>', '<b:inhoud id="p">'),
    PROPERTIES_REFERENCE,
  ],
  ['an xml:id equal to it', (t) => edited(t, '<b:inhoud>', '<b:inhoud xml:id="p">'), PROPERTIES_REFERENCE],
  [
    'two elements of the signature with one ID',
    (t) => edited(t, '<ds:SignedInfo>', '<ds:SignedInfo Id="p">'),
    PROPERTIES_REFERENCE,
  ],
  [
    'a Reference to the properties that points at inhoud',
    (t) => edited(t, '<b:inhoud>', '<b:inhoud Id="q">'),
    PROPERTIES_REFERENCE.replace('#p', '#q'),
  ],
];

const toIdCase = ([name, edit, reference]: (typeof ids)[number]): HostileCase => ({
  name,
  expected: 'ERR_SIGNATURE_MALFORMED',
  why: 'The properties are followed by their place, and an ID that occurs twice anywhere is refused (XMLDSIG 4.4.3.3).',
  build: (bench) =>
    bringXml(bench, signedXml(bench, { references: REFERENCE + reference, object: objectOf(TIME), edit })),
});

const toCase =
  (why: string) =>
  ([name, expected, text]: Row): HostileCase => ({
    name,
    expected,
    why,
    build: (bench) => bringXml(bench, text(take(bench), bench)),
  });

function intoStuf(bench: Bench): HostileRequest {
  const { signature } = take(bench);
  return bringXml(bench, edited(stufMessage(bench), '</JZ:vtoDi01>', `${signature}</JZ:vtoDi01>`));
}

/** Signature wrapping: the signature stays right, and what is read is something else. */
export const XML_WRAPPING: readonly HostileCase[] = [
  ...moved.map(toCase(ONE)),
  ...copied.map(toCase(ONE)),
  ...replaced.map(toCase(DIGEST)),
  ...inside.map(toCase(SHAPE)),
  ...absent.map(toCase('What is no ds:Signature by its expanded name signs nothing.')),
  ...ids.map(toIdCase),
  {
    name: 'a detached signature over a bericht that holds one of its own',
    expected: 'ERR_SIGNATURE_MULTIPLE',
    why: 'With two signatures it would be open which of them counts.',
    build: (bench) => bringSigned(bench, { format: 'xml', text: signedXml(bench) }),
  },
  {
    name: 'a signature in a StUF bericht',
    expected: 'ERR_SIGNATURE_MISPLACED',
    why: 'The closed schemas of StUF have no place for a signature; it goes beside the bericht.',
    build: intoStuf,
  },
];
