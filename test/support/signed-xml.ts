import { X509Certificate } from 'node:crypto';
import { parseCertificate } from '../../gateway/codec/certificate.ts';
import type { Certificate } from '../../gateway/codec/certificate.ts';
import { openXml } from '../../gateway/codec/xml-document.ts';
import type { XmlMessage } from '../../gateway/codec/xml-document.ts';
import { readEnvelopedSignature } from '../../gateway/codec/xml-signature.ts';
import type { EnvelopedSignature, RootName } from '../../gateway/codec/xml-signature.ts';
import type { KeyKind } from '../../certs-dev/authority.ts';
import { createTestPki } from './pki.ts';
import { CONTENT, fillTemplate, signatureOf, wrap } from './xml-signer.ts';
import type { Filling, SignatureParts } from './xml-signer.ts';

/** A signer of the tests; `base64` is its certificate as it stands in KeyInfo. */
export interface Signer {
  readonly privateKeyPem: string;
  readonly certificate: Certificate;
  readonly base64: string;
}

/** Makes a signer with a key of the kind, certified by an authority of its own. */
export function createSigner(keyKind: KeyKind): Signer {
  const { certificatePem, privateKeyPem } = createTestPki().authority.issue({
    organisation: 'Ondertekenaar',
    commonName: 'ondertekenaar',
    oins: ['00000099000000001000'],
    usage: 'signing',
    keyKind,
  });
  const der = new X509Certificate(certificatePem).raw;
  return { privateKeyPem, certificate: toCertificate(der), base64: der.toString('base64') };
}

/** The certificate, in DER or PEM. */
export function toCertificate(encoded: Buffer | string): Certificate {
  const certificate = parseCertificate(new X509Certificate(encoded).raw);
  if (certificate === undefined) throw new Error('no certificate');
  return certificate;
}

/** A bericht signed by the parts, edited before it is signed. */
export function signMessage(
  filling: Filling,
  parts: SignatureParts = {},
  edit = (template: string): string => template,
): string {
  return fillTemplate(edit(wrap(CONTENT + signatureOf(parts))), filling);
}

/** Opens documents and disposes of them all. */
export interface Messages {
  readonly open: (text: string | Uint8Array) => XmlMessage;
  /** The signature of the document, undefined for none, or the code of the refusal. */
  readonly read: (text: string | Uint8Array, root?: RootName) => EnvelopedSignature | string | undefined;
  /** The signature of a document that must be accepted. */
  readonly accepted: (text: string | Uint8Array) => EnvelopedSignature;
  readonly dispose: () => void;
}

/** Makes a keeper of opened documents. */
export function createMessages(): Messages {
  const opened: XmlMessage[] = [];
  const open = (text: string | Uint8Array): XmlMessage => {
    const message = openXml(typeof text === 'string' ? Buffer.from(text) : text);
    if (!message.ok) throw new Error(message.error.code);
    opened.push(message.value);
    return message.value;
  };
  const read = (text: string | Uint8Array, root?: RootName): EnvelopedSignature | string | undefined => {
    const outcome = readEnvelopedSignature(open(text), root);
    return outcome.ok ? outcome.value : outcome.error.code;
  };
  const accepted = (text: string | Uint8Array): EnvelopedSignature => {
    const signature = read(text);
    if (typeof signature !== 'object') throw new Error(String(signature));
    return signature;
  };
  const dispose = (): void => {
    for (const message of opened.splice(0)) message.dispose();
  };
  return { open, read, accepted, dispose };
}
