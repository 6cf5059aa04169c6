import { constants, createHash } from 'node:crypto';
import type { KeyKind } from '../../certs-dev/authority.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { signEnveloped } from '../../gateway/codec/sign-xml.ts';
import { freshBerichten, NOW } from '../support/berichten.ts';
import { signatureOf, URI } from '../support/xml-signer.ts';
import type { Filling } from '../support/xml-signer.ts';
import type { Jdk } from './jdk.ts';
import type { Signatories, Signatory } from './signatories.ts';
import type { Xmlsec } from './xmlsec.ts';

/** Who made a signature. */
export const MAKERS = ['own', 'xmlsec1', 'jdk'] as const;

/** One of `MAKERS`. */
export type Maker = (typeof MAKERS)[number];

/** A document to be signed. */
export interface Unsigned {
  readonly name: string;
  readonly sender: ParticipantName;
  readonly text: string;
  /** Whether it is a bericht that the whole pipeline takes, or only one that can hold a signature. */
  readonly isBericht: boolean;
}

/** How a signature is made. */
export interface Method {
  readonly keyKind: KeyKind;
  readonly hash: 'sha256' | 'sha384' | 'sha512';
  readonly scheme: 'pkcs1' | 'pss' | 'ecdsa';
  readonly uri: string;
}

/** A signed document, by whom and how. */
export interface Signed {
  readonly maker: Maker;
  readonly method: Method;
  readonly hasProperties: boolean;
  readonly document: Unsigned;
  readonly signatory: Signatory;
  readonly bytes: Buffer;
}

/** Every SignatureMethod of the profile with every kind of key that it takes. */
export const METHODS: readonly Method[] = (['sha256', 'sha384', 'sha512'] as const).flatMap((hash): Method[] => [
  { keyKind: 'rsa-2048', hash, scheme: 'pkcs1', uri: `${URI.more}rsa-${hash}` },
  { keyKind: 'rsa-3072', hash, scheme: 'pss', uri: `${URI.more2007}${hash}-rsa-MGF1` },
  { keyKind: 'ec-p256', hash, scheme: 'ecdsa', uri: `${URI.more}ecdsa-${hash}` },
  { keyKind: 'ec-p384', hash, scheme: 'ecdsa', uri: `${URI.more}ecdsa-${hash}` },
]);

/** Every example of an own XML type, and one made to hold all that canonicalisation changes. */
export function unsignedDocuments(): readonly Unsigned[] {
  const examples = freshBerichten()
    .filter(({ stuf, format }) => !stuf && format === 'xml')
    .map(({ name, type, sender, text }) => ({ name: `${type} ${name}`, sender, text, isBericht: true }));
  return [...examples, { name: 'alle vormen', sender: 'rvdk', text: RICH, isBericht: false }];
}

/** Signs every method, with and without XAdES properties, by every maker that knows it, over `each` documents in turn. */
export async function* signDocuments(
  tools: { readonly jdk: Jdk; readonly xmlsec: Xmlsec; readonly signatories: Signatories },
  each: number,
): AsyncGenerator<Signed> {
  const documents = unsignedDocuments();
  let turn = 0;
  for (const plan of signingPlans(tools.xmlsec.knowsPss)) {
    for (let count = 0; count < each; count += 1, turn += 1) {
      // The last is the one that holds every form, which each maker is to sign often.
      const document = documents[turn % 3 === 2 ? documents.length - 1 : turn % documents.length];
      if (document === undefined) throw new RangeError('no documents');
      const signatory = tools.signatories.signatory(document.sender, plan.method.keyKind);
      const bytes = await SIGNERS[plan.maker]({ ...plan, document, signatory, turn }, tools);
      yield { ...plan, document, signatory, bytes };
    }
  }
}

/** A template of the test's own signer and how to fill it, to be changed before it is signed. */
export function templateOf({ document, method, signatory, hasProperties }: Signed): {
  readonly template: string;
  readonly filling: Filling;
} {
  const digestMethod = URI[method.hash];
  const properties = hasProperties ? `<ds:Object>${qualifyingProperties(signatory)}</ds:Object>` : undefined;
  const references = referencesOf(digestMethod, hasProperties, ['{digest}', '{propertiesDigest}']);
  const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${signatory.certificateDer.toString('base64')}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
  const parts = {
    algorithm: method.uri,
    references,
    keyInfo,
    ...(properties === undefined ? {} : { object: properties }),
  };
  const options = method.scheme === 'pss' ? PSS : {};
  const filling = { privateKeyPem: signatory.privateKeyPem, hash: method.hash, options };
  return { template: append(document.text, signatureOf(parts)), filling };
}

interface Plan {
  readonly maker: Maker;
  readonly method: Method;
  readonly hasProperties: boolean;
}

function signingPlans(xmlsecKnowsPss: boolean): readonly Plan[] {
  const all = MAKERS.flatMap((maker) =>
    METHODS.flatMap((method) => [false, true].map((hasProperties) => ({ maker, method, hasProperties }))),
  );
  return all.filter(({ maker, method }) => {
    if (maker === 'own') return method.scheme !== 'pss' && method.hash === OWN_HASH[method.keyKind];
    return maker === 'jdk' || xmlsecKnowsPss || method.scheme !== 'pss';
  });
}

type Signing = Plan & { readonly document: Unsigned; readonly signatory: Signatory; readonly turn: number };
type Signer = (signing: Signing, tools: { readonly jdk: Jdk; readonly xmlsec: Xmlsec }) => Buffer | Promise<Buffer>;

const SIGNERS: Readonly<Record<Maker, Signer>> = {
  own: ({ document, signatory, hasProperties }) =>
    Buffer.from(
      signEnveloped(Buffer.from(document.text), { ...signatory, ...(hasProperties ? { signedAt: NOW } : {}) }),
    ),
  xmlsec1: ({ document, method, signatory, hasProperties }, { xmlsec }) => {
    const object = hasProperties ? `<Object>${qualifyingProperties(signatory)}</Object>` : '';
    const template =
      `<Signature xmlns="${URI.ds}" Id="s">\n  <SignedInfo>\n<CanonicalizationMethod Algorithm="${URI.exc}"/>` +
      `<SignatureMethod Algorithm="${method.uri}"/>` +
      `${referencesOf(URI[method.hash], hasProperties, ['', '']).replaceAll('ds:', '')}</SignedInfo>\n` +
      `<SignatureValue/><KeyInfo><X509Data><X509Certificate/></X509Data></KeyInfo>${object}\n</Signature>`;
    return xmlsec.sign(append(document.text, template), signatory);
  },
  jdk: ({ document, method, signatory, hasProperties, turn }, { jdk }) =>
    jdk.sign({
      ...signatory,
      document: Buffer.from(document.text),
      signatureMethod: method.uri,
      digestMethod: URI[method.hash],
      style: STYLES[turn % STYLES.length] ?? 'prefix',
      properties: hasProperties ? Buffer.from(qualifyingProperties(signatory)) : undefined,
    }),
};

function referencesOf(digestMethod: string, hasProperties: boolean, values: readonly [string, string]): string {
  const method = `<ds:DigestMethod Algorithm="${digestMethod}"/>`;
  const exclusive = `<ds:Transform Algorithm="${URI.exc}"/>`;
  const document =
    `<ds:Reference URI=""><ds:Transforms><ds:Transform Algorithm="${URI.enveloped}"/>${exclusive}</ds:Transforms>` +
    `${method}<ds:DigestValue>${values[0]}</ds:DigestValue></ds:Reference>`;
  if (!hasProperties) return document;
  return (
    `${document}<ds:Reference Type="${URI.properties}" URI="#p"><ds:Transforms>${exclusive}</ds:Transforms>` +
    `${method}<ds:DigestValue>${values[1]}</ds:DigestValue></ds:Reference>`
  );
}

/** XAdES baseline properties of the signature `s`, written without a space so that any reader finds the same children. */
function qualifyingProperties({ certificateDer }: Signatory): string {
  const digest = createHash('sha256').update(certificateDer).digest('base64');
  return (
    `<xades:QualifyingProperties xmlns:xades="${URI.xades}" xmlns:ds="${URI.ds}" Target="#s"><xades:SignedProperties Id="p">` +
    `<xades:SignedSignatureProperties><xades:SigningTime>${new Date(NOW).toISOString()}</xades:SigningTime>` +
    `<xades:SigningCertificateV2><xades:Cert><xades:CertDigest><ds:DigestMethod Algorithm="${URI.sha256}"/>` +
    `<ds:DigestValue>${digest}</ds:DigestValue></xades:CertDigest></xades:Cert></xades:SigningCertificateV2>` +
    '</xades:SignedSignatureProperties></xades:SignedProperties></xades:QualifyingProperties>'
  );
}

function append(text: string, signature: string): string {
  const end = text.lastIndexOf('</');
  return text.slice(0, end) + signature + text.slice(end);
}

const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
// Our own signer chooses by the key.
const OWN_HASH: Readonly<Record<KeyKind, string>> = {
  'rsa-2048': 'sha256',
  'rsa-3072': 'sha256',
  'ec-p256': 'sha256',
  'ec-p384': 'sha384',
};
const STYLES = ['prefix', 'prefix,hints', 'hints,ids', 'bare', 'prefix,ids,bare'];

const RICH = `<?xml version="1.0" encoding="UTF-8"?>
<!-- Outside the root. -->
<b:bericht xmlns:b="urn:doorgeefluik:bericht:1" xmlns:leeg="urn:example:ongebruikt" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <b:stuurgegevens><b:kenmerk>0001</b:kenmerk><b:urgent  >nee</b:urgent ></b:stuurgegevens>
  <b:inhoud><opdracht xmlns="urn:example:opdracht" xmlns:z="urn:example:z" xmlns:a="urn:example:z" z:c="3" a="een &lt;waarde&gt; &quot;met&quot; &#10; &#9; &#13; 'tekens'" a:b='2' xml:lang="nl">
    <naam>Zoë &amp; Ümit <![CDATA[<geen markup> &amp;]]> ]]&gt; &#x1F600;</naam><leeg/><leeg2></leeg2>
    <!-- Between elements. --><vreemd xmlns="urn:example:vreemd"><geen xmlns=""><b:terug xml:space="preserve"> </b:terug></geen></vreemd>
    <?opdracht blijft staan?><z:q xmlns:z="urn:example:anders" xmlns:a="urn:example:z" a:x="1" z:x="2" Id="q"/><a:r z:d="4" xsi:nil="true"/>
  </opdracht></b:inhoud>
</b:bericht>
<?na de wortel?>
`;
