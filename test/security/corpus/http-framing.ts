import { bringJson, jsonMessage } from '../../support/hostile-bench.ts';
import type { Bench, HostileRequest, WireCase } from '../../support/hostile-bench.ts';

/** Lines of a head as they are written, made from those of a bericht that would be accepted. */
type Head = (lines: readonly string[], body: Uint8Array, bench: Bench) => readonly string[];
/** A whole request made from a head and a body. */
type Body = (body: Uint8Array, bench: Bench) => Uint8Array | string;

const CRLF = '\r\n';
const SMUGGLED = `GET /v1/sleutels HTTP/1.1${CRLF}Host: localhost${CRLF}Connection: close${CRLF}${CRLF}`;
const REFUSED = ['ERR_HEADER_INVALID'] as const;

/** The lines of a request that is right, with the length given and the connection closed behind it. */
function linesOf({ headers, body }: HostileRequest): readonly string[] {
  const given = headers.flatMap((value, index) => (index % 2 === 1 ? [`${String(headers[index - 1])}: ${value}`] : []));
  return [
    'POST /v1/berichten HTTP/1.1',
    'Host: localhost',
    ...given,
    `Content-Length: ${String(body.byteLength)}`,
    'Connection: close',
  ];
}

function write(bench: Bench, head: Head, body: Body = (octets) => octets): ReturnType<WireCase['build']> {
  const request = bringJson(bench, jsonMessage(bench));
  const lines = head(linesOf(request), request.body, bench);
  const octets = Buffer.concat([Buffer.from(lines.join(CRLF) + CRLF + CRLF), Buffer.from(body(request.body, bench))]);
  return { caller: request.caller, octets };
}

const without =
  (name: string, ...more: readonly string[]): Head =>
  (lines) => [...lines.filter((line) => !line.startsWith(`${name}:`)), ...more];
const more =
  (...lines: readonly string[]): Head =>
  (all) => [...all, ...lines];
const firstLine =
  (change: (line: string) => string): Head =>
  ([line = '', ...rest]) => [change(line), ...rest];
const chunk = (octets: Uint8Array, size = octets.byteLength.toString(16)): Buffer =>
  Buffer.concat([Buffer.from(`${size}${CRLF}`), octets, Buffer.from(CRLF)]);
const chunked =
  (end = `0${CRLF}${CRLF}`, size?: (hex: string) => string): Body =>
  (body) => {
    const hex = body.byteLength.toString(16);
    return Buffer.concat([chunk(body, size?.(hex) ?? hex), Buffer.from(end)]);
  };
const inChunks = (...lines: readonly string[]): Head => without('Content-Length', ...lines);
const smuggling: Body = (body) => Buffer.concat([body, Buffer.from(SMUGGLED)]);

type Row = readonly [string, WireCase['answers'], Head, Body?];

const LENGTH =
  'RFC 9112 6.3: a length that is given twice or in two ways ends the connection; nothing behind it is read.';
const lengths: readonly Row[] = [
  ['Content-Length and Transfer-Encoding', REFUSED, more('Transfer-Encoding: chunked'), smuggling],
  [
    'Transfer-Encoding before Content-Length',
    REFUSED,
    ([line = '', ...rest]) => [line, 'Transfer-Encoding: chunked', ...rest],
    smuggling,
  ],
  ['two lengths', REFUSED, more('Content-Length: 0'), smuggling],
  [
    'two lengths that are equal',
    REFUSED,
    (lines) => [...lines, ...lines.filter((line) => line.startsWith('Content-Length'))],
    smuggling,
  ],
  ['two lengths in one', REFUSED, without('Content-Length', 'Content-Length: 5, 5'), smuggling],
  ['a length below zero', REFUSED, without('Content-Length', 'Content-Length: -1'), smuggling],
  ['a length with a plus', REFUSED, without('Content-Length', 'Content-Length: +5'), smuggling],
  ['a length in hexadecimals', REFUSED, without('Content-Length', 'Content-Length: 0x5'), smuggling],
  ['a length with a point', REFUSED, without('Content-Length', 'Content-Length: 5.0'), smuggling],
  ['an empty length', REFUSED, without('Content-Length', 'Content-Length: '), smuggling],
  [
    'a length that is no number',
    REFUSED,
    (lines, body, bench) => without('Content-Length', `Content-Length: ${bench.word()}`)(lines, body, bench),
    smuggling,
  ],
  ['a length beyond 64 bits', REFUSED, without('Content-Length', 'Content-Length: 18446744073709551617'), smuggling],
  ['a length in other digits', REFUSED, without('Content-Length', 'Content-Length: ٥'), smuggling],
  ['a length with a space before its colon', REFUSED, without('Content-Length', 'Content-Length : 5'), smuggling],
  ['no length', ['ERR_BODY_EMPTY'], without('Content-Length'), () => ''],
  ['no length, a request where the body would be', REFUSED, without('Content-Length'), smuggling],
  ['a length beyond 35 MB', ['ERR_BODY_TOO_LARGE'], without('Content-Length', 'Content-Length: 36700161'), () => ''],
  [
    'a length of a petabyte',
    ['ERR_BODY_TOO_LARGE'],
    without('Content-Length', 'Content-Length: 1000000000000000'),
    () => '',
  ],
];

const CODING = 'RFC 9112 6.1: chunked, once, alone and last; any other transfer coding ends the connection.';
const codings: readonly Row[] = [
  ...[
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding: chunked, chunked',
    'Transfer-Encoding: chunked, identity',
    'Transfer-Encoding: identity',
    'Transfer-Encoding: gzip',
    'Transfer-Encoding: "chunked"',
    'Transfer-Encoding: chunked;q=1',
    'Transfer-Encoding: chun ked',
    'Transfer-Encoding: \vchunked',
    'Transfer-Encoding:',
    'Transfer-Encoding : chunked',
    ' Transfer-Encoding: chunked',
    'Transfer_Encoding\t: chunked',
    'Transfer-Encoding\0: chunked',
    'X: x\nTransfer-Encoding: chunked',
    'X: x\rTransfer-Encoding: chunked',
  ].map((line): Row => [JSON.stringify(line), REFUSED, inChunks(line), chunked()]),
  ['twice', REFUSED, inChunks('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'), chunked()],
  ['twice, once identity', REFUSED, inChunks('Transfer-Encoding: chunked', 'Transfer-Encoding: identity'), chunked()],
];

const CHUNK =
  'RFC 9112 7.1: sizes are hexadecimal digits, each chunk ends as it says; what comes behind the last is another request.';
const chunks: readonly Row[] = [
  ['a size that is no number', REFUSED, inChunks('Transfer-Encoding: chunked'), chunked(undefined, () => 'xyz')],
  ['a size below zero', REFUSED, inChunks('Transfer-Encoding: chunked'), chunked(undefined, () => '-1')],
  ['a size with 0x', REFUSED, inChunks('Transfer-Encoding: chunked'), chunked(undefined, (hex) => `0x${hex}`)],
  [
    'a size of twenty digits',
    REFUSED,
    inChunks('Transfer-Encoding: chunked'),
    chunked(undefined, () => 'f'.repeat(20)),
  ],
  ['an empty size', REFUSED, inChunks('Transfer-Encoding: chunked'), chunked(undefined, () => '')],
  ['a size that is too small', REFUSED, inChunks('Transfer-Encoding: chunked'), chunked(undefined, () => '5')],
  [
    'line ends without carriage return',
    REFUSED,
    inChunks('Transfer-Encoding: chunked'),
    (body) => `${body.byteLength.toString(16)}\n${Buffer.from(body).toString()}\n0\n\n`,
  ],
  ['a space before the size', REFUSED, inChunks('Transfer-Encoding: chunked'), chunked(undefined, (hex) => ` ${hex}`)],
  [
    'an extension of 20 kB',
    REFUSED,
    inChunks('Transfer-Encoding: chunked'),
    chunked(undefined, (hex) => `${hex};${'x'.repeat(20_000)}`),
  ],
];

const HEAD =
  'The parser is strict: a line it can not read ends the connection with one answer, and nothing of it is shown.';
const heads: readonly Row[] = [
  ['a line folded', REFUSED, more('X-A: a', ' b')],
  ['a line folded by a tab', REFUSED, more('X-A: a', '\tb')],
  ['a line without colon', REFUSED, (lines, body, bench) => more(bench.word())(lines, body, bench)],
  ['a name with a space', REFUSED, more('X A: b')],
  ['a name with a space behind it', REFUSED, more('X-A : b')],
  ['an empty name', REFUSED, more(': b')],
  ['a name that is not ASCII', REFUSED, more('X-Á: b')],
  ['a zero in a value', REFUSED, more('X-A: a\0b')],
  ['a zero in a name', REFUSED, more('X\0A: b')],
  ['a control character in a value', REFUSED, more('X-A: a\u0001b')],
  ['a line end alone inside a value', REFUSED, more('X-A: a\nX-B: b')],
  ['a carriage return alone inside a value', REFUSED, more('X-A: a\rX-B: b')],
  ['65 headers', REFUSED, (lines) => [...lines, ...Array.from({ length: 60 }, (_, at) => `X-${String(at)}: x`)]],
  [
    'a thousand headers',
    REFUSED,
    (lines) => [...lines, ...Array.from({ length: 1_000 }, (_, at) => `X-${String(at)}: x`)],
  ],
  ['a header of 17 kB', REFUSED, more(`X-A: ${'a'.repeat(17_000)}`)],
  ['a name of 17 kB', REFUSED, more(`X-${'a'.repeat(17_000)}: a`)],
  ['no host', ['HTTP 400'], without('Host')],
  ['an expectation that is none', REFUSED, (lines, body, bench) => more(`Expect: ${bench.word()}`)(lines, body, bench)],
  ['an upgrade to HTTP/2', ['accepted'], more('Upgrade: h2c', 'HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA')],
  ['an upgrade to a socket', ['accepted'], more('Upgrade: websocket', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==')],
  ['as it should be', ['accepted'], (lines) => lines],
];

const START =
  'The request line is method, path and version; the path is taken as it was sent, without decoding, dots or a second slash.';
const target = (path: string): Head => firstLine((line) => line.replace('/v1/berichten', path));
const starts: readonly Row[] = [
  ['HTTP/1.2', REFUSED, firstLine((line) => line.replace('HTTP/1.1', 'HTTP/1.2'))],
  ['a version of nonsense', REFUSED, firstLine((line) => line.replace('HTTP/1.1', 'ICE/1.1'))],
  [
    'a method that is none',
    REFUSED,
    (lines, body, bench) => firstLine((line) => line.replace('POST', bench.word().toUpperCase()))(lines, body, bench),
  ],
  ['a method in small letters', REFUSED, firstLine((line) => line.replace('POST', 'post'))],
  ['a tab for a space', REFUSED, firstLine((line) => line.replace('POST ', 'POST\t'))],
  ['a space in the path', REFUSED, target('/v1/berichten x')],
  ['a zero in the path', REFUSED, target('/v1/berichten\0')],
  ['a path of 20 kB', REFUSED, target(`/v1/${'a'.repeat(20_000)}`)],
  ['the preface of HTTP/2', REFUSED, () => ['PRI * HTTP/2.0', '', 'SM']],
  ['a body where the head belongs', REFUSED, (_lines, body) => [Buffer.from(body).toString()]],
  ['octets of chance', REFUSED, () => [Buffer.from('16030100ff0100', 'hex').toString('latin1')]],
  ...[
    '/v1/../v1/berichten',
    '/v1/./berichten',
    '//v1/berichten',
    '/v1//berichten',
    '/v1/berichten/',
    '/v1/berichten/.',
    '/v1/berichten;x=1',
    '/v1/bericht%65n',
    '/v1/berichten%00',
    '/v1/berichten%2f..%2fsleutels',
    '/v1/berichten\\..\\sleutels',
    '/V1/BERICHTEN',
    '/v2/berichten',
    '/.env',
    '/../../../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/v1/berichten#x',
    'https://localhost/v1/berichten',
    'http://169.254.169.254/latest/meta-data/',
    '/metrics',
    '/debug/pprof',
    '/actuator/env',
    '*',
  ].map((path): Row => [`the path ${path}`, ['ERR_NOT_FOUND'], target(path)]),
  ...['?x=1', '?wacht=1', '?', '?berichttype=vtoDi01', '?__proto__=1', `?${'a=1&'.repeat(500)}`].map((query): Row => [
    `the query ${query.slice(0, 20)}`,
    query === '?' ? ['accepted'] : ['ERR_REQUEST_INVALID'],
    target(`/v1/berichten${query}`),
  ]),
  ...['TRACE', 'OPTIONS', 'PUT', 'DELETE', 'PATCH', 'PROPFIND', 'SEARCH', 'CONNECT'].map((method): Row => [
    `the method ${method}`,
    method === 'CONNECT' ? [] : ['ERR_NOT_FOUND'],
    firstLine((line) => line.replace('POST', method)),
  ]),
];

const UNREAD =
  'Neither version, nor Host, nor the space between says anything here: TLS names the party and the signed octets the rest.';
const unread: readonly Row[] = [
  ['no version', ['accepted'], firstLine((line) => line.replace(' HTTP/1.1', ''))],
  ['HTTP/2.0 as version', ['accepted'], firstLine((line) => line.replace('HTTP/1.1', 'HTTP/2.0'))],
  ['two spaces', ['accepted'], firstLine((line) => line.replace('POST ', 'POST  '))],
  ['two hosts', ['accepted'], more('Host: 127.0.0.1')],
  [
    'another host',
    ['accepted'],
    (lines, body, bench) => without('Host', `Host: ${bench.word()}.example`)(lines, body, bench),
  ],
];

const PIPE =
  'What stands behind a request is the next one, judged as any other, with the certificate of the connection.';
const keepAlive: Head = without('Connection');
const pipelines: readonly Row[] = [
  ['a good request behind a good one', ['accepted', 'HTTP 200'], keepAlive, smuggling],
  [
    'a request hidden in the body is not one',
    ['ERR_SIGNATURE_DIGEST'],
    (lines, body, bench) =>
      without('Content-Length', `Content-Length: ${String(body.byteLength + SMUGGLED.length)}`)(lines, body, bench),
    smuggling,
  ],
  [
    'an extension of a chunk is of no meaning',
    ['accepted'],
    inChunks('Transfer-Encoding: chunked'),
    chunked(undefined, (hex) => `${hex};name=value`),
  ],
  [
    'a trailer is of no meaning',
    ['accepted'],
    inChunks('Transfer-Encoding: chunked'),
    chunked(`0${CRLF}Digest: SHA-256=x${CRLF}${CRLF}`),
  ],
  ['chunked in capitals', ['accepted'], inChunks('Transfer-Encoding: CHUNKED'), chunked()],
];

const toCase =
  (prefix: string, why: string) =>
  ([name, answers, head, body]: Row): WireCase => ({
    name: `${prefix}: ${name}`,
    answers,
    why,
    build: (bench) => write(bench, head, body),
  });

/** HTTP as no honest client writes it, around a bericht that would be accepted. */
export const HTTP_FRAMING: readonly WireCase[] = [
  ...lengths.map(toCase('length', LENGTH)),
  ...codings.map(toCase('transfer coding', CODING)),
  ...chunks.map(toCase('chunks', CHUNK)),
  ...heads.map(toCase('head', HEAD)),
  ...starts.map(toCase('request line', START)),
  ...unread.map(toCase('not read', UNREAD)),
  ...pipelines.map(toCase('behind one another', PIPE)),
];
