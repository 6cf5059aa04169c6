import { openXml } from '../../../gateway/codec/xml-document.ts';
import { readEnvelopedSignature, verifyEnvelopedSignature } from '../../../gateway/codec/xml-signature.ts';
import { createSigner } from '../../support/signed-xml.ts';
import {
  CONTENT,
  fillTemplate,
  objectOf,
  PROPERTIES_REFERENCE,
  REFERENCE,
  signatureOf,
  URI,
  wrap,
} from '../../support/xml-signer.ts';
import { readExamples } from '../seeds.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateXmlTree } from '../mutate/xml.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';
import { readTree } from './xml-tree.ts';

const ec = createSigner('ec-p256');
const rsa = createSigner('rsa-2048');

const keyInfo = `<ds:KeyInfo><ds:X509Data><ds:X509Certificate>${rsa.base64}</ds:X509Certificate></ds:X509Data></ds:KeyInfo>`;
const object = objectOf('<xades:SigningTime>2026-11-23T12:00:00Z</xades:SigningTime>');
const wrapped = readExamples('xml', 200).filter((text) => text.includes('</b:bericht>'));

const SIGNED: readonly string[] = [
  fillTemplate(wrap(CONTENT + signatureOf({ keyInfo })), { privateKeyPem: rsa.privateKeyPem }),
  fillTemplate(wrap(CONTENT + signatureOf({ keyInfo, object, references: REFERENCE + PROPERTIES_REFERENCE })), {
    privateKeyPem: rsa.privateKeyPem,
  }),
  fillTemplate(wrap(CONTENT + signatureOf({ algorithm: `${URI.more}ecdsa-sha256` })), {
    privateKeyPem: ec.privateKeyPem,
  }),
  ...wrapped
    .slice(0, 3)
    .map((text) =>
      fillTemplate(text.replace('</b:bericht>', `${signatureOf()}</b:bericht>`), { privateKeyPem: rsa.privateKeyPem }),
    ),
];

/** What was signed, as another parser sees it. */
const MEANT: ReadonlySet<string> = new Set(SIGNED.map(readTree));

const target: FuzzTarget = {
  invariant: 'a document whose signature is accepted says the same, by another parser, as one that was signed',
  seeds: SIGNED.map((text) => Buffer.from(text)),
  mutators: [mutateXmlTree([rsa.base64.slice(0, 40), '#p', '#s', ...ALGORITHMS()]), mutateXmlTree(), mutateBytes([])],
  run: (input) => {
    const opened = openXml(input);
    if (!opened.ok) return;
    try {
      const read = readEnvelopedSignature(opened.value);
      if (!read.ok || read.value === undefined) return;
      const signature = read.value;
      const isVerified = [rsa.certificate, ec.certificate].some((one) => verifyEnvelopedSignature(signature, one));
      if (isVerified) must(MEANT.has(readTree(input.toString('utf8'))), 'accepts a document that nobody signed');
    } finally {
      opened.value.dispose();
    }
  },
};

function ALGORITHMS(): readonly string[] {
  return [
    URI.sha256,
    URI.sha384,
    URI.sha512,
    URI.enveloped,
    URI.exc,
    `${URI.more}rsa-sha256`,
    `${URI.more}ecdsa-sha256`,
  ];
}

export default target;
