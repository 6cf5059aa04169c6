import {
  addHeaders,
  bringJson,
  bringStuf,
  edited,
  editHeader,
  jsonMessage,
  stufMessage,
  WORD_LENGTH,
} from '../../support/hostile-bench.ts';
import type { Bench, HostileCase, HostileRequest } from '../../support/hostile-bench.ts';

/** Texts that mean something to whoever takes them for more than text; the word makes each one of its kind. */
const TEXTS: readonly (readonly [string, (word: string) => string])[] = [
  ['a header', (word) => `x\r\nX-${word}: 1\r\n\r\n`],
  ['a header, percent encoded', (word) => `x%0d%0aX-${word}:%201`],
  ['a header behind a Unicode line end', (word) => `x\u2028X-${word}: 1`],
  ['a path up', (word) => `../../../../${word}`],
  ['a path up, of Windows', (word) => `..\\..\\${word}`],
  ['a path up, percent encoded twice', (word) => `%252e%252e%252f${word}`],
  ['a path with a zero', (word) => `${word}%00.xml`],
  ['a whole path', (word) => `/etc/${word}`],
  ['a log line', (word) => `x\n{"level":30,"name":"MessageAccepted","msg":"${word}"}`],
  ['an escape of a terminal', (word) => `\u001b[2J\u001b]0;${word}\u0007`],
  ['a look-up of log4j', (word) => `\${jndi:ldap://127.0.0.1/${word}}`],
  ['a template', (word) => `{{${word}}}`],
  ['SQL', (word) => `'; DROP TABLE ${word}; --`],
  ['a script', (word) => `<script>${word}</script>`],
  ['a formula', (word) => `=cmd|'/c ${word}'!A1`],
  ['a command', (word) => `$(${word})`],
  ['text that runs the other way', (word) => `\u202e${word}`],
  ['a format', (word) => `%s%n%x${word}`],
];

const NOT_ITS_FORM =
  'A kenmerk outside StUF is a UUID; anything else breaks the schema, and no value is ever shown or recorded.';

const json = TEXTS.map(([name, text]): HostileCase => ({
  name: `kenmerk, JSON: ${name}`,
  expected: 'ERR_SCHEMA_INVALID',
  why: NOT_ITS_FORM,
  build: (bench) => bringJson(bench, withValue(bench, /("kenmerk": )"[^"]*"/, text)),
}));

const roles = TEXTS.map(([name, text]): HostileCase => ({
  name: `role of the recipient: ${name}`,
  expected: 'ERR_SCHEMA_INVALID',
  why: 'A role is letters and underscores; what routes is looked up, never put into a name, path or query.',
  build: (bench) => bringJson(bench, withValue(bench, /("rol": )"GI"/, text)),
}));

const types = TEXTS.map(([name, text]): HostileCase => ({
  name: `berichttype: ${name}`,
  expected: 'ERR_MESSAGE_TYPE_UNKNOWN',
  why: 'The type is looked up in the catalogue that was read at the start; it names no file.',
  build: (bench) => bringJson(bench, withValue(bench, /("berichttype": )"[^"]*"/, text)),
}));

function withValue(bench: Bench, place: RegExp, text: (word: string) => string): string {
  const message = jsonMessage(bench);
  const [whole = '', name = ''] = place.exec(message) ?? [];
  return edited(message, whole, name + JSON.stringify(text(bench.word())));
}

const stuf = TEXTS.filter(([, text]) => !text('').includes('\u001b')).map(([name, text]): HostileCase => {
  const isShort = text('w'.repeat(WORD_LENGTH)).length <= 40;
  return {
    name: `kenmerk, StUF: ${name}`,
    expected: isShort ? 'accepted' : 'ERR_SCHEMA_INVALID',
    why: isShort
      ? 'The official schema takes any text of forty characters; it comes back in the own receipt alone, and is kept nowhere.'
      : 'The official schema takes forty characters.',
    build: (bench) => {
      const value = escaped(text(isShort ? bench.receiptedWord() : bench.word()));
      return bringStuf(bench, edited(stufMessage(bench), /(?<=<StUF:referentienummer>)[^<]*/, value));
    },
  };
});

type HeaderRow = readonly [
  string,
  HostileCase['expected'],
  (request: HostileRequest, bench: Bench) => HostileRequest,
  HostileCase['expected']?,
];

const header =
  (name: string, change: (value: string) => string | undefined): HeaderRow[2] =>
  (request) =>
    editHeader(request, name, change);
const added =
  (...headers: readonly string[]): HeaderRow[2] =>
  (request) =>
    addHeaders(request, ...headers);

const headers: readonly HeaderRow[] = [
  ...['gzip', 'deflate', 'br', 'zstd', 'compress', 'identity', 'gzip, gzip', 'x-gzip', 'aes128gcm', ''].map(
    (coding): HeaderRow => [
      `Content-Encoding ${JSON.stringify(coding)}`,
      'ERR_CONTENT_ENCODING',
      added('Content-Encoding', coding),
    ],
  ),
  [
    'Content-Encoding twice',
    'ERR_HEADER_INVALID',
    added('Content-Encoding', 'gzip', 'Content-Encoding', 'gzip'),
    'ERR_CONTENT_ENCODING',
  ],
  ['Content-Type twice', 'ERR_HEADER_INVALID', added('Content-Type', 'application/json'), 'ERR_CONTENT_TYPE'],
  [
    'Content-Type twice, in other letters',
    'ERR_HEADER_INVALID',
    added('CONTENT-TYPE', 'application/xml'),
    'ERR_CONTENT_TYPE',
  ],
  ['no Content-Type', 'ERR_CONTENT_TYPE', header('Content-Type', () => undefined)],
  [
    'Digest twice',
    'ERR_HEADER_INVALID',
    (request) => addHeaders(request, 'Digest', 'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
  ],
  ['two digests in one', 'ERR_HEADER_INVALID', header('Digest', (value) => `${value},${value}`)],
  ['a digest of SHA-512', 'ERR_HEADER_INVALID', header('Digest', (value) => value.replace('SHA-256', 'SHA-512'))],
  ['a digest of MD5', 'ERR_HEADER_INVALID', header('Digest', () => 'MD5=rL0Y20zC+Fzt72VPzMSk2A==')],
  ['a digest in small letters', 'ERR_HEADER_INVALID', header('Digest', (value) => value.toLowerCase())],
  ['a digest without padding', 'ERR_HEADER_INVALID', header('Digest', (value) => value.replace(/=$/, ''))],
  [
    'a digest in the form of RFC 9530',
    'ERR_HEADER_INVALID',
    header('Digest', (value) => `sha-256=:${value.slice(8)}:`),
  ],
  [
    'a digest of another body',
    'ERR_SIGNATURE_DIGEST',
    header('Digest', () => 'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='),
  ],
  ['no digest', 'ERR_SIGNATURE_DIGEST', header('Digest', () => undefined)],
  [
    'a signature twice',
    'ERR_HEADER_INVALID',
    (request) => addHeaders(request, 'Payload-Signature', request.headers.at(-1) ?? ''),
  ],
  [
    'a second signature of no meaning',
    'ERR_HEADER_INVALID',
    (request, bench) => addHeaders(request, 'payload-signature', bench.word()),
  ],
  ['no signature', 'ERR_SIGNATURE_MISSING', header('Payload-Signature', () => undefined)],
  [
    'a recipient in a header',
    'accepted',
    added('Ontvanger-Oin', '00000001001825112000', 'Aansluitpunt', 'arnhem-notificaties', 'X-Route', '../../rvdk'),
  ],
  [
    'a Bericht-Id in a header',
    'accepted',
    added('Bericht-Id', '00000000-0000-7000-8000-000000000000', 'Herhaling', 'true'),
  ],
  ['another method in a header', 'accepted', added('X-HTTP-Method-Override', 'DELETE')],
  [
    'a forwarded address and path',
    'accepted',
    added('X-Forwarded-For', '127.0.0.1', 'X-Original-URL', '/v1/postbus', 'Forwarded', 'for=127.0.0.1'),
  ],
  [
    'a trace of its own',
    'accepted',
    (request, bench) =>
      addHeaders(request, 'traceparent', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`, 'baggage', `x=${bench.word()}`),
  ],
  [
    'a header of its own',
    'accepted',
    (request, bench) =>
      addHeaders(
        request,
        bench.word(),
        bench.word(),
        'Cookie',
        bench.word(),
        'User-Agent',
        bench.word(),
        'Referer',
        bench.word(),
      ),
  ],
];

const headerCases = headers.map(([name, expected, change, onWire]): HostileCase => ({
  name: `headers: ${name}`,
  expected,
  ...(onWire === undefined ? {} : { onWire }),
  why: 'Four headers are read, each at most once and in one form; no other has a meaning (API-mod-signing).',
  build: (bench) => change(bringJson(bench, jsonMessage(bench)), bench),
}));

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('\r', '&#13;');
}

/** Values that would do harm where they are taken for more than text, and headers that say what only the bericht may. */
export const VALUES: readonly HostileCase[] = [...json, ...roles, ...types, ...stuf, ...headerCases];
