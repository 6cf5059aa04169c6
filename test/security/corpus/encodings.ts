import { bringJson, bringSigned, edited, editHeader, jsonMessage, xmlMessage } from '../../support/hostile-bench.ts';
import type { Bench, HostileCase } from '../../support/hostile-bench.ts';

type Row = readonly [string, HostileCase['expected'], (bench: Bench) => string | Uint8Array];

const utf16 = (text: string, order: 'le' | 'be'): Buffer => {
  const octets = Buffer.from(text, 'utf16le');
  return order === 'le' ? octets : octets.swap16();
};
const utf32 = (text: string): Buffer => {
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const octets = Buffer.alloc(points.length * 4);
  points.forEach((point, at) => octets.writeUInt32BE(point, at * 4));
  return octets;
};
/** The octets put where the name of a street stands. */
const withOctets = (text: string, octets: readonly number[]): Buffer => {
  const at = text.indexOf('Proefplein');
  return Buffer.concat([Buffer.from(text.slice(0, at)), Buffer.from(octets), Buffer.from(text.slice(at))]);
};
const declared =
  (encoding: string): Row[2] =>
  (bench) =>
    edited(xmlMessage(bench), 'encoding="UTF-8"', `encoding="${encoding}"`);

const WHY = 'Strict UTF-8 without byte order mark is the one encoding, whatever a document or header says of itself.';

const INVALID: readonly (readonly [string, readonly number[]])[] = [
  ['an overlong <', [0xc0, 0xbc]],
  ['an overlong quotation mark', [0xc0, 0xa2]],
  ['an overlong zero', [0xc0, 0x80]],
  ['an overlong < of three octets', [0xe0, 0x80, 0xbc]],
  ['an overlong < of four octets', [0xf0, 0x80, 0x80, 0xbc]],
  ['a form of five octets', [0xf8, 0x88, 0x80, 0x80, 0x80]],
  ['a form of six octets', [0xfc, 0x84, 0x80, 0x80, 0x80, 0x80]],
  ['half a surrogate pair', [0xed, 0xa0, 0x80]],
  ['a surrogate pair as two characters', [0xed, 0xa0, 0xbd, 0xed, 0xb8, 0x80]],
  ['a character beyond Unicode', [0xf4, 0x90, 0x80, 0x80]],
  ['an octet that goes on with nothing', [0x80]],
  ['an octet that is never used', [0xff]],
  ['a character cut off', [0xe2, 0x82]],
  ['an é of Latin-1', [0xe9]],
];

const xml: readonly Row[] = [
  [
    'UTF-16, little end first, with mark',
    'ERR_ENCODING_NOT_UTF8',
    (bench) => Buffer.concat([Buffer.of(0xff, 0xfe), utf16(xmlMessage(bench), 'le')]),
  ],
  [
    'UTF-16, big end first, with mark',
    'ERR_ENCODING_NOT_UTF8',
    (bench) => Buffer.concat([Buffer.of(0xfe, 0xff), utf16(xmlMessage(bench), 'be')]),
  ],
  ['UTF-16 without mark', 'ERR_ENCODING_NOT_UTF8', (bench) => utf16(xmlMessage(bench), 'le')],
  ['UTF-16 the other way round, without mark', 'ERR_ENCODING_NOT_UTF8', (bench) => utf16(xmlMessage(bench), 'be')],
  ['UTF-32', 'ERR_ENCODING_NOT_UTF8', (bench) => utf32(xmlMessage(bench))],
  ['a byte order mark', 'ERR_ENCODING_NOT_UTF8', (bench) => `\ufeff${xmlMessage(bench)}`],
  ['EBCDIC', 'ERR_ENCODING_NOT_UTF8', () => Buffer.from('4c6fa794934095', 'hex')],
  ...[
    'UTF-7',
    'UTF-16',
    'UTF-16LE',
    'UCS-4',
    'ISO-8859-1',
    'windows-1252',
    'US-ASCII',
    'EBCDIC-CP-NL',
    'utf8',
    'UTF_8',
    'Shift_JIS',
    'ISO-2022-JP',
    'HZ-GB-2312',
    'x-user-defined',
  ].map((encoding): Row => [`${encoding} declared`, 'ERR_ENCODING_NOT_UTF8', declared(encoding)]),
  [
    'UTF-7 declared, a document type in UTF-7 behind it',
    'ERR_ENCODING_NOT_UTF8',
    (bench) =>
      edited(
        edited(xmlMessage(bench), 'encoding="UTF-8"', 'encoding="UTF-7"'),
        '<b:bericht',
        '+ADwAIQ-DOCTYPE x+AD4- <b:bericht',
      ),
  ],
  ['an encoding of its own', 'ERR_ENCODING_NOT_UTF8', (bench) => declared(bench.word())(bench)],
  ['a declared encoding of a kilobyte', 'ERR_XML_MALFORMED', declared('U'.repeat(1_000))],
  ['utf-8 in small letters', 'accepted', declared('utf-8')],
  ...INVALID.map(([name, octets]): Row => [
    name,
    'ERR_ENCODING_NOT_UTF8',
    (bench) => withOctets(xmlMessage(bench), octets),
  ]),
];

const json: readonly Row[] = [
  [
    'UTF-16, little end first, with mark',
    'ERR_ENCODING_NOT_UTF8',
    (bench) => Buffer.concat([Buffer.of(0xff, 0xfe), utf16(jsonMessage(bench), 'le')]),
  ],
  ['UTF-16 without mark', 'ERR_JSON_MALFORMED', (bench) => utf16(jsonMessage(bench), 'be')],
  ['UTF-32', 'ERR_JSON_MALFORMED', (bench) => utf32(jsonMessage(bench))],
  ['a byte order mark', 'ERR_JSON_MALFORMED', (bench) => `\ufeff${jsonMessage(bench)}`],
  ['UTF-7', 'ERR_JSON_MALFORMED', (bench) => edited(jsonMessage(bench), '"Proefplein"', '+ACI-Proefplein+ACI-')],
  ...INVALID.map(([name, octets]): Row => [
    name,
    'ERR_ENCODING_NOT_UTF8',
    (bench) => withOctets(jsonMessage(bench), octets),
  ]),
];

const TYPES: readonly (readonly [string, HostileCase['expected']])[] = [
  ['application/json; charset=utf-8', 'accepted'],
  ['application/json; charset=UTF-8', 'accepted'],
  ['application/json; charset=utf-7', 'ERR_CONTENT_TYPE'],
  ['application/json; charset=utf-16', 'ERR_CONTENT_TYPE'],
  ['application/json; charset=iso-8859-1', 'ERR_CONTENT_TYPE'],
  ['application/json; charset=utf-8; charset=utf-16', 'ERR_CONTENT_TYPE'],
  ['application/json; boundary=x', 'ERR_CONTENT_TYPE'],
  ['application/json, application/xml', 'ERR_CONTENT_TYPE'],
  ['application/jsonx', 'ERR_CONTENT_TYPE'],
  ['application/vnd.api+json', 'ERR_CONTENT_TYPE'],
  ['application/json5', 'ERR_CONTENT_TYPE'],
  ['text/json', 'ERR_CONTENT_TYPE'],
  ['text/xml', 'ERR_CONTENT_TYPE'],
  ['application/xhtml+xml', 'ERR_CONTENT_TYPE'],
  ['multipart/related; type="application/xml"', 'ERR_CONTENT_TYPE'],
  ['application/x-www-form-urlencoded', 'ERR_CONTENT_TYPE'],
  ['*/*', 'ERR_CONTENT_TYPE'],
  ['application/xml', 'ERR_XML_MALFORMED'],
];

const toCase =
  (format: 'json' | 'xml') =>
  ([name, expected, text]: Row): HostileCase => ({
    name: `${format}: ${name}`,
    expected,
    why: WHY,
    build: (bench) => bringSigned(bench, { format, text: text(bench) }),
  });

/** Encodings: what the octets are, what the document says, what the header says. */
export const ENCODINGS: readonly HostileCase[] = [
  ...xml.map(toCase('xml')),
  ...json.map(toCase('json')),
  ...TYPES.map(([type, expected]): HostileCase => ({
    name: `Content-Type ${type}`,
    expected,
    why: 'The type chooses the reader, so it is one of two, in UTF-8, and given once.',
    build: (bench) => editHeader(bringJson(bench, jsonMessage(bench)), 'Content-Type', () => type),
  })),
];
