import { constants, createHash, createPrivateKey, generateKeyPairSync, sign, X509Certificate } from 'node:crypto';
import type { KeyObject, SigningOptions } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { IssuedCertificate, KeyKind } from '../../certs-dev/authority.ts';
import type { Format, Instant } from '../../gateway/domain/message.ts';
import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import { Random } from '../conformance/random.ts';
import { oinOf } from './berichten.ts';
import type { TestPki } from './pki.ts';
import { fillTemplate, signatureOf } from './xml-signer.ts';
import type { Filling, SignatureParts, Template } from './xml-signer.ts';

/** What an input must come to. */
export type Expected = RejectionCode | 'accepted';

/** A bericht as it is brought; header names and values alternate, so that one may come twice. */
export interface HostileRequest {
  readonly caller: IssuedCertificate;
  readonly headers: readonly string[];
  readonly body: Uint8Array;
}

/** One attack, made anew each time it is asked for, with words of its own that may be found nowhere afterwards. */
export interface HostileCase {
  readonly name: string;
  readonly expected: Expected;
  /** Where the HTTP server decides before the stages do, and says it with another code. */
  readonly onWire?: Expected;
  /** One sentence: why it comes to nothing here. */
  readonly why: string;
  readonly build: (bench: Bench) => HostileRequest;
}

/** One attack on the framing of HTTP: what is written on the connection as it is. */
export interface WireCase {
  readonly name: string;
  /** The answers in their order; none where the connection is closed without one. A bare status is an answer without code. */
  readonly answers: readonly (Expected | 'HTTP 200' | 'HTTP 400')[];
  readonly why: string;
  readonly build: (bench: Bench) => { readonly caller: IssuedCertificate; readonly octets: Uint8Array };
}

/** With what attacks are made. */
export interface Bench {
  readonly now: Instant;
  readonly pki: TestPki;
  readonly random: Random;
  /** Letters that occur nowhere else: what a payload holds of them may be shown nowhere. */
  word(): string;
  /** The same for a kenmerk that is taken: it comes back in the sender's own receipt, and is kept nowhere. */
  receiptedWord(): string;
  /** The words given out since they were last taken. */
  takeWords(): Words;
  kenmerk(): string;
  /** A signing certificate of the Raad voor de Kinderbescherming, of a trusted authority, with a key of the kind. */
  signer(kind: KeyKind | WeakKey): IssuedCertificate;
}

/** What may be found nowhere, and what may be found in the receipt alone. */
export interface Words {
  readonly nowhere: readonly string[];
  readonly inReceipt: readonly string[];
}

/** Letters of a word. */
export const WORD_LENGTH = 18;

/** Keys outside the profile. */
export type WeakKey = 'rsa-1024' | 'ec-p521' | 'ec-secp256k1' | 'ed25519';

/** Opens a bench; the same seed gives the same words and kenmerken. */
export function openBench(pki: TestPki, now: Instant, seed = 1): Bench {
  const random = new Random(seed);
  const signers = new Map<string, IssuedCertificate>();
  let words: { nowhere: string[]; inReceipt: string[] } = { nowhere: [], inReceipt: [] };
  const draw = (kind: keyof Words): string => {
    const letters = Array.from({ length: WORD_LENGTH - 3 }, () => random.pick(LETTERS));
    const word = `kan${letters.join('')}`;
    words[kind].push(word);
    return word;
  };
  return {
    now,
    pki,
    random,
    word: () => draw('nowhere'),
    receiptedWord: () => draw('inReceipt'),
    takeWords: () => {
      const taken = words;
      words = { nowhere: [], inReceipt: [] };
      return taken;
    },
    kenmerk: () => toUuid(Array.from({ length: 32 }, () => random.between(0, 15).toString(16)).join('')),
    signer: (kind) => {
      const known = signers.get(kind) ?? issueSigner(pki, kind);
      signers.set(kind, known);
      return known;
    },
  };
}

/** The bericht most attacks start from: an opdrachtTb of the Raad to a gecertificeerde instelling, unsigned. */
export function jsonMessage(bench: Bench): string {
  return fresh(bench, readExample('opdrachtTb/1.0/voorbeelden/geldig/opdracht.json'));
}

/** The same in the XML wrapper. */
export function xmlMessage(bench: Bench): string {
  return fresh(bench, readExample('opdrachtTb/1.0/voorbeelden/geldig/opdracht.xml'));
}

/** A verzoek tot onderzoek of gemeente Arnhem in StUF, unsigned. */
export function stufMessage(bench: Bench): string {
  return fresh(bench, readExample('vtoDi01/1.0.9/voorbeelden/geldig/minimaal.xml'));
}

/** Replaces, and throws where there is nothing to replace: an attack that changes nothing would prove nothing. */
export function edited(text: string, from: string | RegExp, to: string): string {
  const changed = text.replace(from, () => to);
  if (changed === text) throw new RangeError(`nothing to change: ${String(from)}`);
  return changed;
}

/** The parts of a signature, and what is done to the whole before it is signed. */
export interface SignedXml extends SignatureParts {
  readonly edit?: (template: Template) => Template;
  readonly filling?: Partial<Filling>;
}

/** The wrapper with a signature of the profile, edited before it is signed rightly: the deviation is all that is wrong. */
export function signedXml(bench: Bench, { edit, filling, ...parts }: SignedXml = {}): string {
  const { certificatePem, privateKeyPem } = bench.signer('rsa-2048');
  const keyInfo = parts.keyInfo ?? keyInfoOf(certificatePem);
  const template = xmlMessage(bench).replace('</b:bericht>', `${signatureOf({ ...parts, keyInfo })}</b:bericht>`);
  return fillTemplate(edit?.(template) ?? template, { privateKeyPem, ...filling });
}

/** KeyInfo that offers these certificates. */
export function keyInfoOf(...pems: readonly string[]): string {
  const parts = pems.map((pem) => `<ds:X509Certificate>${base64Of(pem)}</ds:X509Certificate>`);
  return `<ds:KeyInfo><ds:X509Data>${parts.join('')}</ds:X509Data></ds:KeyInfo>`;
}

/** DER of a certificate in base64. */
export function base64Of(pem: string): string {
  return new X509Certificate(pem).raw.toString('base64');
}

/** Brings an XML text that holds its own signature, as the Raad does. */
export function bringXml(bench: Bench, text: string | Uint8Array): HostileRequest {
  return bring(bench, 'xml', text);
}

/** Brings octets as the Raad does, without a signature beside them. */
export function bring(bench: Bench, format: Format, text: string | Uint8Array): HostileRequest {
  const caller = bench.pki.participant('rvdk').tls;
  return { caller, headers: ['Content-Type', `application/${format}`], body: Buffer.from(text) };
}

/** What deviates in a detached signature; everything else is as the profile has it. */
export interface Forgery {
  readonly signer?: IssuedCertificate;
  /** Members of the header that are replaced, or left out where undefined. */
  readonly members?: Readonly<Record<string, unknown>>;
  /** The text of the header, made from its members. */
  readonly headerText?: (text: string) => string;
  /** The header as it stands in the value, made from its base64url. */
  readonly encodedHeader?: (encoded: string) => string;
  readonly signWith?: (input: Buffer, key: KeyObject) => Uint8Array;
  /** What is signed, made from what should be. */
  readonly input?: (input: string) => string;
  /** The whole value of the header, made from the right one. */
  readonly value?: (value: string) => string;
}

/** Signs detached as the Raad does, with what deviates. */
export function bringSigned(
  bench: Bench,
  message: { readonly format: Format; readonly text: string | Uint8Array },
  forgery: Forgery = {},
): HostileRequest {
  const request = bring(bench, message.format, message.text);
  return withSignature(bench, request, forgery);
}

/** A verzoek tot onderzoek, or another StUF text, brought and signed by gemeente Arnhem. */
export function bringStuf(bench: Bench, text: string | Uint8Array): HostileRequest {
  const { tls, signing } = bench.pki.participant('gemeente-arnhem');
  return withSignature(bench, { ...bring(bench, 'xml', text), caller: tls }, { signer: signing });
}

/** A JSON text signed as it should be. */
export function bringJson(bench: Bench, text: string | Uint8Array): HostileRequest {
  return bringSigned(bench, { format: 'json', text });
}

/** The same request with headers added behind those it has. */
export function addHeaders(request: HostileRequest, ...headers: readonly string[]): HostileRequest {
  return { ...request, headers: [...request.headers, ...headers] };
}

/** The same request with the value of a header changed. */
export function editHeader(
  request: HostileRequest,
  name: string,
  change: (value: string) => string | undefined,
): HostileRequest {
  const headers = request.headers.flatMap((value, index, all) => {
    if (index % 2 === 1) return [];
    const before = String(all[index + 1]);
    const after = value === name ? change(before) : before;
    return after === undefined ? [] : [value, after];
  });
  return { ...request, headers };
}

/** `Digest` of a body. */
export function digestOf(body: Uint8Array): string {
  return `SHA-256=${createHash('sha256').update(body).digest('base64')}`;
}

function withSignature(bench: Bench, request: HostileRequest, forgery: Forgery): HostileRequest {
  const { signer = bench.pki.participant('rvdk').signing, signWith = signOctets } = forgery;
  const same = (text: string): string => text;
  const { headerText = same, encodedHeader = same, input = same, value = same } = forgery;
  const digest = digestOf(request.body);
  const key = createPrivateKey(signer.privateKeyPem);
  const members = { ...membersOf(signer, key, bench.now), ...forgery.members };
  const header = encodedHeader(Buffer.from(headerText(JSON.stringify(members))).toString('base64url'));
  const signature = signWith(Buffer.from(input(`${header}.digest: ${digest}`)), key);
  const jws = value(`${header}..${Buffer.from(signature).toString('base64url')}`);
  return addHeaders(request, 'Digest', digest, 'Payload-Signature', jws);
}

function membersOf(signer: IssuedCertificate, key: KeyObject, now: Instant): Readonly<Record<string, unknown>> {
  const { raw } = new X509Certificate(signer.certificatePem);
  return {
    alg: key.asymmetricKeyType === 'rsa' ? 'PS256' : 'ES256',
    b64: false,
    crit: ['b64', 'sigT', 'sigD'],
    sigT: new Date(now).toISOString(),
    sigD: { mId: 'http://uri.etsi.org/19182/HttpHeaders', pars: ['digest'] },
    'x5t#S256': createHash('sha256').update(raw).digest('base64url'),
    x5c: [raw.toString('base64')],
  };
}

/** Signs as the profile has it for this kind of key. */
export function signOctets(input: Buffer, key: KeyObject, options: SigningOptions = {}): Uint8Array {
  const isRsa = key.asymmetricKeyType === 'rsa';
  const scheme = isRsa
    ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }
    : { dsaEncoding: 'ieee-p1363' as const };
  return sign(key.asymmetricKeyType === 'ed25519' ? null : 'sha256', input, { key, ...scheme, ...options });
}

function issueSigner(pki: TestPki, kind: KeyKind | WeakKey): IssuedCertificate {
  const weak = WEAK_KEYS.get(kind);
  return pki.authority.issue({
    organisation: 'Raad voor de Kinderbescherming',
    commonName: `rvdk ${kind}`,
    oins: [oinOf('rvdk')],
    usage: 'signing',
    keyKind: weak === undefined ? (kind as KeyKind) : 'ec-p256',
    ...(weak === undefined ? {} : { privateKeyPem: weak().export({ type: 'pkcs8', format: 'pem' }).toString() }),
  });
}

function readExample(path: string): string {
  const known = examples.get(path) ?? readFileSync(join('schemas/berichten', path), 'utf8');
  examples.set(path, known);
  return known;
}

/** Puts a kenmerk and times of its own in the example, and words that must be found nowhere in the names of persons. */
function fresh(bench: Bench, text: string): string {
  const time = new Date(bench.now).toISOString();
  const texts: readonly (readonly [RegExp, string])[] = [
    [/(<\w+:(?:referentienummer|kenmerk)>|"kenmerk": ")[^<"]+/, bench.kenmerk()],
    [/(<\w+:tijdstip>|"tijdstip": ")[^<"]+/, time],
    [/(<\w+:tijdstipBericht>)\d+/, time.replace(/[-:.TZ]/g, '')],
    [/(<\w+:geslachtsnaam>|"geslachtsnaam": ")[^<"]+/, bench.word()],
    [/(<\w+:voornamen>|"voornamen": ")[^<"]+/, bench.word()],
  ];
  return texts.reduce((changed, [place, value]) => changed.replace(place, `$1${value}`), text);
}

function toUuid(hex: string): string {
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyz');
const examples = new Map<string, string>();
const WEAK_KEYS: ReadonlyMap<string, () => KeyObject> = new Map<WeakKey, () => KeyObject>([
  ['rsa-1024', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
  ['ec-p521', () => generateKeyPairSync('ec', { namedCurve: 'secp521r1' }).privateKey],
  ['ec-secp256k1', () => generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey],
  ['ed25519', () => generateKeyPairSync('ed25519').privateKey],
]);
