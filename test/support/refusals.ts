import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import type { Standing } from '../../gateway/services/parts.ts';
import { bring, certificateOf, edit, freshBericht, oinOf, send, withHeaders } from './berichten.ts';
import type { Bericht, Sending } from './berichten.ts';
import { changeRow, dropRow, openElsewhere, opdracht } from './workshop.ts';
import type { Workshop } from './workshop.ts';

/** One thing that is wrong with a bericht, or with where it comes to, and the code it must be refused with. */
export interface Refusal {
  readonly what: string;
  readonly code: RejectionCode;
  readonly incoming: () => Incoming;
  /** The rules as they are, unless given. */
  readonly standing?: () => Standing;
}

/** What is wrong in headers, size or the form of the body. */
export function readingRefusals({ pki, sendAs }: Workshop): readonly Refusal[] {
  const { tls, signing } = pki.participant('rvdk');
  const good = (): Incoming => sendAs(opdracht());
  const header = (name: string, ...values: string[]): Incoming => withHeaders(good(), { [name]: values });
  const twice = (name: string): Incoming => {
    const incoming = good();
    const [value = 'identity'] = incoming.headers.get(name) ?? [];
    return withHeaders(incoming, { [name]: [value, value] });
  };
  const signed = (text: string | Uint8Array, format: 'json' | 'xml'): Incoming =>
    send({ format, text }, { caller: tls, signer: signing });
  const latin = Buffer.from([0x22, 0xe9, 0x22]);
  const list: readonly (readonly [string, RejectionCode, () => Incoming])[] = [
    ['a body over the limit', 'ERR_BODY_TOO_LARGE', () => bring('json', new Uint8Array(1024 * 1024 + 1), tls)],
    ['an empty body', 'ERR_BODY_EMPTY', () => bring('json', new Uint8Array(0), tls)],
    ['a content type no bericht has', 'ERR_CONTENT_TYPE', () => header('content-type', 'text/plain')],
    [
      'a character set that is not UTF-8',
      'ERR_CONTENT_TYPE',
      () => header('content-type', 'application/json;charset=a'),
    ],
    ['no content type', 'ERR_CONTENT_TYPE', () => withHeaders(good(), { 'content-type': undefined })],
    ['a content encoding', 'ERR_CONTENT_ENCODING', () => header('content-encoding', 'gzip')],
    ['the content type twice', 'ERR_HEADER_INVALID', () => twice('content-type')],
    ['the content encoding twice', 'ERR_HEADER_INVALID', () => twice('content-encoding')],
    ['the digest twice', 'ERR_HEADER_INVALID', () => twice('digest')],
    ['the signature header twice', 'ERR_HEADER_INVALID', () => twice('payload-signature')],
    ['a digest of another algorithm', 'ERR_HEADER_INVALID', () => header('digest', 'MD5=rL0Y20zC+Fzt72VPzMSk2A==')],
    ['JSON that is not UTF-8', 'ERR_ENCODING_NOT_UTF8', () => signed(latin, 'json')],
    ['XML that is not UTF-8', 'ERR_ENCODING_NOT_UTF8', () => signed(latin, 'xml')],
    [
      'XML that says it is not UTF-8',
      'ERR_ENCODING_NOT_UTF8',
      () => signed('<?xml version="1.0" encoding="ISO-8859-1"?><a/>', 'xml'),
    ],
    ['a DOCTYPE', 'ERR_XML_DOCTYPE', () => signed('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>', 'xml')],
    [
      'a DOCTYPE in a document that should hold its signature',
      'ERR_XML_DOCTYPE',
      () => bring('xml', Buffer.from('<!DOCTYPE a><a/>'), tls),
    ],
    ['XML that is not well-formed', 'ERR_XML_MALFORMED', () => signed('<a><b></a></b>', 'xml')],
    ['XML of too great depth', 'ERR_XML_LIMIT', () => signed('<a>'.repeat(65) + '</a>'.repeat(65), 'xml')],
    ['a name twice in one JSON object', 'ERR_JSON_DUPLICATE_KEY', () => signed('{"inhoud":1,"inhoud":2}', 'json')],
    ['__proto__ as a name in JSON', 'ERR_JSON_MALFORMED', () => signed('{"__proto__":{"stuurgegevens":{}}}', 'json')],
    ['JSON that is not well-formed', 'ERR_JSON_MALFORMED', () => signed('{"stuurgegevens":', 'json')],
    ['JSON of too great depth', 'ERR_JSON_LIMIT', () => signed('['.repeat(65) + ']'.repeat(65), 'json')],
  ];
  return list.map(([what, code, incoming]) => ({ what, code, incoming }));
}

/** What is wrong with who is connected. */
export function callerRefusals({ pki, sendAs, withRules }: Workshop): readonly Refusal[] {
  const bericht = freshBericht('vtoDi01');
  const by =
    (caller: Sending['caller']): (() => Incoming) =>
    () =>
      sendAs(bericht, { caller });
  const arnhem = { oin: oinOf('gemeente-arnhem') };
  const pinned = (): Standing => withRules({ deelnemers: changeRow(arnhem, { vastgezet: ['ab'.repeat(32)] }) });
  const noSuch = (): Standing =>
    withRules({
      deelnemers: dropRow(arnhem),
      aansluitpunten: dropRow({ ontvanger: arnhem.oin }),
      machtigingen: dropRow({ namens: arnhem.oin }),
    });
  const ended = (): Standing => withRules({ deelnemers: changeRow(arnhem, { tot: '2026-11-25' }) });
  const early = (): Standing => withRules({ deelnemers: changeRow(arnhem, { vanaf: '2026-11-26' }) });
  return [
    { what: 'a certificate of another CA', code: 'ERR_CERTIFICATE_UNTRUSTED', incoming: by(pki.bad('andere-ca').tls) },
    { what: 'an expired certificate', code: 'ERR_CERTIFICATE_EXPIRED', incoming: by(pki.bad('verlopen').tls) },
    {
      what: 'a certificate that is not valid yet',
      code: 'ERR_CERTIFICATE_NOT_YET_VALID',
      incoming: by(pki.bad('nog-niet-geldig').tls),
    },
    { what: 'a certificate without OIN', code: 'ERR_CERTIFICATE_OIN_MISSING', incoming: by(pki.bad('zonder-oin').tls) },
    {
      what: 'a certificate with two OINs',
      code: 'ERR_CERTIFICATE_OIN_AMBIGUOUS',
      incoming: by(pki.bad('twee-oins').tls),
    },
    {
      what: 'a certificate with two OINs in one relative name',
      code: 'ERR_CERTIFICATE_OIN_AMBIGUOUS',
      incoming: by(pki.bad('twee-oins-in-een-rdn').tls),
    },
    { what: 'an OIN of 19 digits', code: 'ERR_CERTIFICATE_OIN_INVALID', incoming: by(pki.bad('oin-19').tls) },
    { what: 'an OIN of 21 digits', code: 'ERR_CERTIFICATE_OIN_INVALID', incoming: by(pki.bad('oin-21').tls) },
    {
      what: 'a certificate for another use',
      code: 'ERR_CERTIFICATE_USAGE',
      incoming: by(pki.bad('verkeerd-gebruik').tls),
    },
    {
      what: 'a signing certificate on the connection',
      code: 'ERR_CERTIFICATE_USAGE',
      incoming: by(pki.participant('gemeente-arnhem').signing),
    },
    {
      what: 'octets that are no certificate',
      code: 'ERR_CERTIFICATE_UNTRUSTED',
      incoming: () => ({ ...sendAs(bericht), callerCertificate: Buffer.from('no certificate') }),
    },
    {
      what: 'a certificate that is not the pinned one',
      code: 'ERR_CERTIFICATE_UNTRUSTED',
      incoming: by(pki.bad('zelfde-naam-andere-sleutel').tls),
      standing: pinned,
    },
    {
      what: 'a party that is not connected',
      code: 'ERR_PARTICIPANT_UNKNOWN',
      incoming: () => sendAs(bericht),
      standing: noSuch,
    },
    {
      what: 'a party that ended today',
      code: 'ERR_PARTICIPANT_ENDED',
      incoming: () => sendAs(bericht),
      standing: ended,
    },
    {
      what: 'a party from tomorrow on',
      code: 'ERR_PARTICIPANT_ENDED',
      incoming: () => sendAs(bericht),
      standing: early,
    },
  ];
}

/** What is wrong with the signature, or with who made it. */
export function signatureRefusals({ pki, sendAs, withRules }: Workshop): readonly Refusal[] {
  const { tls, signing } = pki.participant('rvdk');
  const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
  const stuf = freshBericht('vtoDi01');
  const bare = (bericht: Bericht): Incoming =>
    bring(bericht.format, Buffer.from(bericht.text), pki.participant(bericht.sender).tls);
  const signedBy =
    (name: Parameters<typeof pki.bad>[0]): (() => Incoming) =>
    () =>
      sendAs(stuf, { signer: pki.bad(name).signing });
  const enveloped = (): Incoming => sendAs(wrapped, { form: 'enveloped' });
  const changed = (incoming: Incoming, from: string, to: string): Incoming => {
    const text = Buffer.from(incoming.body).toString('utf8');
    if (!text.includes(from)) throw new RangeError('nothing to change');
    return { ...incoming, body: Buffer.from(text.replace(from, to)) };
  };
  const malformed = (): Incoming => withHeaders(sendAs(opdracht()), { 'payload-signature': ['e30..AA'] });
  const otherAlgorithm = (): Incoming => {
    const incoming = sendAs(opdracht());
    const [jws = ''] = incoming.headers.get('payload-signature') ?? [];
    const [header = '', , signature = ''] = jws.split('.');
    const members = Buffer.from(header, 'base64url').toString('utf8').replace('"ES256"', '"none"');
    return withHeaders(incoming, {
      'payload-signature': [`${Buffer.from(members).toString('base64url')}..${signature}`],
    });
  };
  const ofOther = (): Incoming => {
    const { headers } = sendAs(opdracht({ urgent: 'ja' }));
    const good = sendAs(opdracht());
    return withHeaders(good, { 'payload-signature': headers.get('payload-signature') });
  };
  const inWrapper = (text: string): Bericht => ({ ...wrapped, text });
  const signatureText = /<ds:Signature[\s\S]*<\/ds:Signature>/.exec(
    Buffer.from(enveloped().body).toString('utf8'),
  )?.[0];
  const pinned = (): Standing =>
    withRules({ deelnemers: changeRow({ oin: oinOf('rvdk') }, { vastgezet: [pin(pki, 'rvdk')] }) });
  const supplierPinned = (): Standing =>
    withRules({ deelnemers: changeRow({ oin: oinOf('leverancier') }, { vastgezet: [pin(pki, 'leverancier')] }) });
  return [
    { what: 'JSON without signature', code: 'ERR_SIGNATURE_MISSING', incoming: () => bare(opdracht()) },
    { what: 'XML without signature', code: 'ERR_SIGNATURE_MISSING', incoming: () => bare(wrapped) },
    { what: 'StUF without signature', code: 'ERR_SIGNATURE_MISSING', incoming: () => bare(stuf) },
    {
      what: 'one octet changed after a detached signature',
      code: 'ERR_SIGNATURE_DIGEST',
      incoming: () => changed(sendAs(opdracht()), '12345678', '12345679'),
    },
    {
      what: 'one octet changed and a digest that fits again',
      code: 'ERR_SIGNATURE_INVALID',
      incoming: () => {
        const other = changed(sendAs(opdracht()), '12345678', '12345679');
        const { headers } = send({ format: 'json', text: other.body }, { caller: tls, signer: signing });
        return withHeaders(other, { digest: headers.get('digest') });
      },
    },
    { what: 'the signature of another bericht', code: 'ERR_SIGNATURE_INVALID', incoming: ofOther },
    {
      what: 'one octet changed in an enveloped signature',
      code: 'ERR_SIGNATURE_DIGEST',
      incoming: () => changed(enveloped(), '12345678', '12345679'),
    },
    {
      what: 'a digest announced that the body does not have',
      code: 'ERR_SIGNATURE_DIGEST',
      incoming: () => withHeaders(enveloped(), { digest: sendAs(opdracht()).headers.get('digest') }),
    },
    {
      what: 'a detached signature without digest',
      code: 'ERR_SIGNATURE_DIGEST',
      incoming: () => withHeaders(sendAs(opdracht()), { digest: undefined }),
    },
    { what: 'a detached signature of another form', code: 'ERR_SIGNATURE_MALFORMED', incoming: malformed },
    { what: 'an algorithm outside the profile', code: 'ERR_SIGNATURE_ALGORITHM', incoming: otherAlgorithm },
    {
      what: 'an enveloped signature without a key that fits',
      code: 'ERR_SIGNATURE_INVALID',
      incoming: () => {
        const text = Buffer.from(enveloped().body).toString('utf8');
        return bring('xml', Buffer.from(text.replace(/<ds:KeyInfo>.*<\/ds:KeyInfo>/, '')), tls);
      },
    },
    {
      what: 'a signing certificate that is neither sent nor that of the connection',
      code: 'ERR_SIGNER_UNTRUSTED',
      incoming: () => sendAs(opdracht(), { includeChain: false }),
    },
    {
      what: 'a detached and an enveloped signature',
      code: 'ERR_SIGNATURE_MULTIPLE',
      incoming: () => send({ format: 'xml', text: enveloped().body }, { caller: tls, signer: signing }),
    },
    {
      what: 'two enveloped signatures',
      code: 'ERR_SIGNATURE_MULTIPLE',
      incoming: () => changed(enveloped(), '</b:bericht>', `${String(signatureText)}</b:bericht>`),
    },
    {
      what: 'an enveloped signature in a StUF bericht',
      code: 'ERR_SIGNATURE_MISPLACED',
      incoming: () => sendAs(stuf, { form: 'enveloped' }),
    },
    {
      what: 'a signature inside the content of a wrapper',
      code: 'ERR_SIGNATURE_MISPLACED',
      incoming: () => bare(inWrapper(wrapped.text.replace('</b:inhoud>', `${String(signatureText)}</b:inhoud>`))),
    },
    { what: 'a signer of another CA', code: 'ERR_SIGNER_UNTRUSTED', incoming: signedBy('andere-ca') },
    { what: 'a signer whose certificate expired', code: 'ERR_SIGNER_EXPIRED', incoming: signedBy('verlopen') },
    {
      what: 'a signer whose certificate is not valid yet',
      code: 'ERR_SIGNER_NOT_YET_VALID',
      incoming: signedBy('nog-niet-geldig'),
    },
    { what: 'a signer without OIN', code: 'ERR_SIGNER_OIN', incoming: signedBy('zonder-oin') },
    { what: 'a signer with two OINs', code: 'ERR_SIGNER_OIN', incoming: signedBy('twee-oins') },
    { what: 'a signer with an OIN of 19 digits', code: 'ERR_SIGNER_OIN', incoming: signedBy('oin-19') },
    { what: 'a signer with an OIN of 21 digits', code: 'ERR_SIGNER_OIN', incoming: signedBy('oin-21') },
    {
      what: 'a signer whose certificate may not sign',
      code: 'ERR_SIGNER_USAGE',
      incoming: signedBy('verkeerd-gebruik'),
    },
    {
      what: 'a signing certificate that the sender did not pin',
      code: 'ERR_SIGNER_UNTRUSTED',
      incoming: () => sendAs(opdracht()),
      standing: pinned,
    },
    {
      what: 'a signing certificate that the mandated signer did not pin',
      code: 'ERR_SIGNER_UNTRUSTED',
      incoming: () => sendAs(fromNijmegen(), bySupplier(pki)),
      standing: supplierPinned,
    },
  ];
}

/** What is wrong with type, version or content. */
export function contentRefusals({ sendAs }: Workshop): readonly Refusal[] {
  const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
  const stuf = freshBericht('vtoDi01');
  const answer = freshBericht('Bv01Bericht');
  const replaced =
    (bericht: Bericht, from: string | RegExp, to: string): (() => Incoming) =>
    () =>
      sendAs(edit(bericht, (text) => text.replaceAll(from, to)));
  const list: readonly (readonly [string, RejectionCode, () => Incoming])[] = [
    ['an unknown type in JSON', 'ERR_MESSAGE_TYPE_UNKNOWN', () => sendAs(opdracht({ berichttype: 'onbekend' }))],
    ['a type in JSON that is no text', 'ERR_MESSAGE_TYPE_UNKNOWN', () => sendAs(opdracht({ berichttype: 7 }))],
    ['JSON that is no bericht', 'ERR_MESSAGE_TYPE_UNKNOWN', () => sendAs({ ...opdracht(), text: '[]' })],
    ['a StUF type in JSON', 'ERR_MESSAGE_TYPE_UNKNOWN', () => sendAs(opdracht({ berichttype: 'vtoDi01' }))],
    ['an unknown type in XML', 'ERR_MESSAGE_TYPE_UNKNOWN', replaced(wrapped, '>opdrachtTb<', '>onbekend<')],
    ['an unknown StUF type', 'ERR_MESSAGE_TYPE_UNKNOWN', replaced(stuf, 'vtoDi01', 'onbekendDi01')],
    ['a document that is no bericht', 'ERR_MESSAGE_TYPE_UNKNOWN', () => sendAs({ ...wrapped, text: '<a/>' })],
    ['an unknown version in JSON', 'ERR_MESSAGE_VERSION_UNKNOWN', () => sendAs(opdracht({ versie: '0.9' }))],
    ['an unknown version in XML', 'ERR_MESSAGE_VERSION_UNKNOWN', replaced(wrapped, '>1.0<', '>0.9<')],
    ['a StUF type of another namespace', 'ERR_MESSAGE_VERSION_UNKNOWN', replaced(stuf, /jz0100/g, 'jz0200')],
    ['a functie that is not the type', 'ERR_MESSAGE_TYPE_UNKNOWN', replaced(stuf, '>vtoDi01<', '>notificatieDi01<')],
    ['a berichtcode that is not the type’s', 'ERR_STUF_BERICHTCODE', replaced(stuf, '>Di01<', '>Lk01<')],
    ['a StUF answer that isn’t carried', 'ERR_MESSAGE_TYPE_UNKNOWN', replaced(answer, 'Bv01', 'Bv03')],
    [
      'a StUF answer of a koppelvlak',
      'ERR_MESSAGE_VERSION_UNKNOWN',
      replaced(answer, 'egem.nl/StUF/StUF0301', 'egem.nl/x'),
    ],
    ['a StUF answer with another berichtcode', 'ERR_STUF_BERICHTCODE', replaced(answer, '>Bv01<', '>Fo01<')],
    [
      'a StUF answer with a functie',
      'ERR_MESSAGE_TYPE_UNKNOWN',
      replaced(answer, '</StUF:stuurgegevens>', '<StUF:functie>Bv01Bericht</StUF:functie></StUF:stuurgegevens>'),
    ],
    ['content that the schema refuses', 'ERR_SCHEMA_INVALID', replaced(wrapped, '>12345678<', '>123456789<')],
    ['content that a rule of CORV refuses', 'ERR_BUSINESS_RULE', replaced(stuf, 'verzoek-tot-onderzoek.txt', ' a.txt')],
    ['a kenmerk that is a BSN', 'ERR_KENMERK_IS_BSN', replaced(stuf, stuf.kenmerk, '111222333')],
  ];
  return list.map(([what, code, incoming]) => ({ what, code, incoming }));
}

/** What is wrong with the environment that certificates or berichten belong to. */
export function environmentRefusals({ pki, sendAs }: Workshop): readonly Refusal[] {
  const productie = openElsewhere('Voorbeeld Vertrouwensdienst', 'productie');
  const trial = openElsewhere('Voorbeeld TRIAL', 'productie');
  const developers = openElsewhere('Andere Ontwikkeling', 'productie');
  const acceptatie = openElsewhere('Staat der Nederlanden Private Root', 'acceptatie');
  const from = (elsewhere: typeof productie, name: Bericht['sender'], bericht: Bericht): Incoming => {
    const { tls, signing } = elsewhere.identity(name);
    return send(bericht, { caller: tls, signer: signing });
  };
  const code = 'ERR_CERTIFICATE_ENVIRONMENT';
  return [
    {
      what: 'a bericht of another environment in productie',
      code: 'ERR_ENVIRONMENT_MISMATCH',
      incoming: () => from(productie, 'rvdk', opdracht()),
      standing: () => productie.standing,
    },
    {
      what: 'a bericht of productie in a test environment',
      code: 'ERR_ENVIRONMENT_MISMATCH',
      incoming: () => sendAs(opdracht({ omgeving: 'productie' })),
    },
    {
      what: 'a test OIN in productie',
      code,
      incoming: () => from(productie, 'leverancier', opdracht({ omgeving: 'productie' })),
      standing: () => productie.standing,
    },
    {
      what: 'a development root in productie',
      code,
      incoming: () => from(developers, 'rvdk', opdracht({ omgeving: 'productie' })),
      standing: () => developers.standing,
    },
    {
      what: 'a TRIAL certificate in productie',
      code,
      incoming: () => from(trial, 'rvdk', opdracht({ omgeving: 'productie' })),
      standing: () => trial.standing,
    },
    {
      what: 'the Private Root in acceptatie',
      code,
      incoming: () => from(acceptatie, 'rvdk', opdracht({ omgeving: 'acceptatie' })),
      standing: () => acceptatie.standing,
    },
    {
      what: 'a signer of a development root in productie',
      code: 'ERR_SIGNER_UNTRUSTED',
      incoming: () => {
        const { tls } = productie.identity('rvdk');
        return send(opdracht({ omgeving: 'productie' }), { caller: tls, signer: pki.participant('rvdk').signing });
      },
      standing: () => productie.standing,
    },
  ];
}

/** A verzoek tot onderzoek of gemeente Nijmegen, for whom the supplier may do everything. */
export function fromNijmegen(): Bericht {
  const arnhem = freshBericht('vtoDi01');
  const text = arnhem.text.replaceAll(oinOf('gemeente-arnhem'), oinOf('gemeente-nijmegen'));
  return { ...arnhem, sender: 'gemeente-nijmegen', text };
}

/** Brought and signed by the supplier. */
export function bySupplier(pki: Workshop['pki']): Pick<Sending, 'caller' | 'signer'> {
  const { tls, signing } = pki.participant('leverancier');
  return { caller: tls, signer: signing };
}

function pin(pki: Workshop['pki'], name: Bericht['sender']): string {
  return certificateOf(pki.participant(name).tls).fingerprint;
}
