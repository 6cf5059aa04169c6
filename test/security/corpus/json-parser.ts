import { bringJson, edited, jsonMessage } from '../../support/hostile-bench.ts';
import type { Bench, HostileCase } from '../../support/hostile-bench.ts';

type Row = readonly [string, HostileCase['expected'], (bench: Bench) => string];

const place =
  (from: string | RegExp, to: string): Row[2] =>
  (bench) =>
    edited(jsonMessage(bench), from, to);
/** What stands first in the document. */
const first =
  (members: string): Row[2] =>
  (bench) =>
    edited(jsonMessage(bench), '{', `{${members},`);
/** A value where the number of a house belongs. */
const number = (literal: string): Row[2] => place('"huisnummer": 4', `"huisnummer": ${literal}`);
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const many = (count: number, each: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => each(at)).join();

const TWICE = 'RFC 8259 4: with a name twice each reader takes another, so it is refused before anything is read.';
const names: readonly Row[] = [
  ['a name twice at the top', 'ERR_JSON_DUPLICATE_KEY', first('"inhoud":{}')],
  ['a name twice below', 'ERR_JSON_DUPLICATE_KEY', place('"urgent": "nee"', '"urgent": "nee", "urgent": "ja"')],
  [
    'a name twice with the same value',
    'ERR_JSON_DUPLICATE_KEY',
    place('"urgent": "nee"', '"urgent": "nee", "urgent": "nee"'),
  ],
  [
    'a name twice, once escaped',
    'ERR_JSON_DUPLICATE_KEY',
    place('"urgent": "nee"', '"urgent": "nee", "\\u0075rgent": "ja"'),
  ],
  [
    'the recipient twice',
    'ERR_JSON_DUPLICATE_KEY',
    place('"ontvanger": {', '"ontvanger": {"instantiecode":"RC0102"}, "ontvanger": {'),
  ],
  [
    'the OIN twice',
    'ERR_JSON_DUPLICATE_KEY',
    place('"oin": "00000002003214436001"', '"oin": "00000001001825112000", "oin": "00000002003214436001"'),
  ],
  [
    'a name of its own twice',
    'ERR_JSON_DUPLICATE_KEY',
    (bench) => {
      const name = bench.word();
      return first(`"${name}":1,"${name}":2`)(bench);
    },
  ],
];

const PROTOTYPE = 'Names of prototypes are refused, and objects are made without one.';
const prototypes: readonly Row[] = [
  ['__proto__ at the top', 'ERR_JSON_MALFORMED', first('"__proto__":{"stuurgegevens":{}}')],
  ['__proto__ escaped', 'ERR_JSON_MALFORMED', first('"\\u005f_proto__":{}')],
  [
    '__proto__ all escaped',
    'ERR_JSON_MALFORMED',
    first('"\\u005f\\u005f\\u0070\\u0072\\u006f\\u0074\\u006f\\u005f\\u005f":{}'),
  ],
  ['__proto__ in the sender', 'ERR_JSON_MALFORMED', place('"afzender": {', '"afzender": {"__proto__":{"rol":"GI"},')],
  ['constructor', 'ERR_JSON_MALFORMED', first('"constructor":{"prototype":{"x":1}}')],
  ['prototype', 'ERR_JSON_MALFORMED', first('"prototype":{}')],
  ['__proto__ as a value', 'ERR_MESSAGE_TYPE_UNKNOWN', place('"opdrachtTb"', '"__proto__"')],
  ['constructor as the type', 'ERR_MESSAGE_TYPE_UNKNOWN', place('"opdrachtTb"', '"constructor"')],
  ['toString as the type', 'ERR_MESSAGE_TYPE_UNKNOWN', place('"opdrachtTb"', '"toString"')],
  ['hasOwnProperty as a name', 'ERR_SCHEMA_INVALID', first('"hasOwnProperty":1')],
  ['toString as a name', 'ERR_SCHEMA_INVALID', first('"toString":{"valueOf":1}')],
  ['__defineGetter__ as a name', 'ERR_SCHEMA_INVALID', first('"__defineGetter__":1')],
  ['$ref as a name', 'ERR_SCHEMA_INVALID', first('"$ref":"file:///etc/passwd"')],
];

const NUMBER = 'RFC 8259 6: only numbers that every reader takes for the same; none longer than 400 characters.';
const numbers: readonly Row[] = [
  ['beyond a double', 'ERR_JSON_LIMIT', number('1e400')],
  ['below a double', 'ERR_JSON_LIMIT', number('1e-400')],
  ['an exponent of nine digits', 'ERR_JSON_LIMIT', number('1e999999999')],
  ['an exponent of a hundred digits', 'ERR_JSON_LIMIT', number(`1e${'9'.repeat(100)}`)],
  ['beyond 2^53', 'ERR_JSON_LIMIT', number('9007199254740993')],
  ['with more digits than a double holds', 'ERR_JSON_LIMIT', number('0.1000000000000000055511151231257827')],
  ['of a thousand digits', 'ERR_JSON_LIMIT', number('9'.repeat(1_000))],
  ['of a million digits', 'ERR_JSON_LIMIT', number('9'.repeat(1_000_000))],
  ['of a million digits behind the point', 'ERR_JSON_LIMIT', number(`0.${'0'.repeat(1_000_000)}1`)],
  ['with a zero before it', 'ERR_JSON_MALFORMED', number('04')],
  ['with a plus', 'ERR_JSON_MALFORMED', number('+4')],
  ['without anything before the point', 'ERR_JSON_MALFORMED', number('.4')],
  ['without anything behind the point', 'ERR_JSON_MALFORMED', number('4.')],
  ['without an exponent', 'ERR_JSON_MALFORMED', number('4e')],
  ['with two points', 'ERR_JSON_MALFORMED', number('4.0.0')],
  ['in hexadecimals', 'ERR_JSON_MALFORMED', number('0x4')],
  ['in octals', 'ERR_JSON_MALFORMED', number('0o4')],
  ['with an underscore', 'ERR_JSON_MALFORMED', number('1_000')],
  ['a big integer', 'ERR_JSON_MALFORMED', number('4n')],
  ['NaN', 'ERR_JSON_MALFORMED', number('NaN')],
  ['Infinity', 'ERR_JSON_MALFORMED', number('-Infinity')],
  ['a minus alone', 'ERR_JSON_MALFORMED', number('-')],
  ['in digits that are not ASCII', 'ERR_JSON_MALFORMED', number('٤')],
  ['minus zero', 'ERR_SCHEMA_INVALID', number('-0')],
  ['a fraction', 'ERR_SCHEMA_INVALID', number('4.5')],
  ['one below zero', 'ERR_SCHEMA_INVALID', number('-4')],
  ['as text', 'ERR_SCHEMA_INVALID', number('"4"')],
];

const BOUND = 'Depth 64, a thousand members an object, 200,000 values: counted while reading.';
const bounds: readonly Row[] = [
  ['a depth of 65', 'ERR_JSON_LIMIT', () => nested(65)],
  ['a depth of 100,000', 'ERR_JSON_LIMIT', () => nested(100_000)],
  ['a depth of 500,000 that is never closed', 'ERR_JSON_LIMIT', () => '['.repeat(500_000)],
  [
    'objects to a depth of 1,000',
    'ERR_JSON_LIMIT',
    (bench) => `${`{"${bench.word()}":`.repeat(1_000)}1${'}'.repeat(1_000)}`,
  ],
  [
    'a depth of 65 inside inhoud',
    'ERR_JSON_LIMIT',
    (bench) => place('"inhoud": {', `"inhoud": {"${bench.word()}":${nested(65)},`)(bench),
  ],
  [
    '1,001 members',
    'ERR_JSON_LIMIT',
    (bench) => `{${many(1_001, (at) => `"${String(at)}${at === 0 ? bench.word() : ''}":0`)}}`,
  ],
  ['a hundred thousand members', 'ERR_JSON_LIMIT', () => `{${many(100_000, (at) => `"${String(at)}":0`)}}`],
  ['200,001 values', 'ERR_JSON_LIMIT', () => `[${many(200_001, () => '0')}]`],
  [
    'a name of a megabyte',
    'ERR_SCHEMA_INVALID',
    (bench) => first(`"${bench.word()}${'n'.repeat(1_000_000)}":1`)(bench),
  ],
  [
    'a value of a megabyte',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(jsonMessage(bench), 'Proefplein', bench.word() + 'n'.repeat(1_000_000)),
  ],
  ['a million escapes', 'ERR_SCHEMA_INVALID', place('Proefplein', '\\u0061'.repeat(160_000))],
  ['a pattern on a long text', 'ERR_SCHEMA_INVALID', place('TB-2026-000123', `A${'-'.repeat(500_000)}!`)],
  [
    'an address of a megabyte',
    'ERR_SCHEMA_INVALID',
    place('raad.arnhem@rvdk.example', `${'a'.repeat(64)}@${'a.'.repeat(400_000)}!`),
  ],
];

const FORM = 'RFC 8259 and nothing beside it: no comments, no trailing commas, no second document.';
const form: readonly Row[] = [
  ['nothing but white space', 'ERR_JSON_MALFORMED', () => ' \n'],
  ['a comma too many', 'ERR_JSON_MALFORMED', place('"urgent": "nee",', '"urgent": "nee",,')],
  ['a comma at the end', 'ERR_JSON_MALFORMED', (bench) => edited(jsonMessage(bench), /\}\s*$/, ',}')],
  ['a comment', 'ERR_JSON_MALFORMED', (bench) => edited(jsonMessage(bench), '{', `{/* ${bench.word()} */`)],
  ['a comment of one line', 'ERR_JSON_MALFORMED', (bench) => edited(jsonMessage(bench), '{', `{// ${bench.word()}\n`)],
  ['apostrophes', 'ERR_JSON_MALFORMED', place('"nee"', "'nee'")],
  ['a name without quotation marks', 'ERR_JSON_MALFORMED', place('"urgent"', 'urgent')],
  ['a second document', 'ERR_JSON_MALFORMED', (bench) => jsonMessage(bench).repeat(2)],
  ['lines of documents', 'ERR_JSON_MALFORMED', (bench) => `${jsonMessage(bench)}\n{}`],
  ['text behind it', 'ERR_JSON_MALFORMED', (bench) => jsonMessage(bench) + bench.word()],
  ['text before it', 'ERR_JSON_MALFORMED', (bench) => bench.word() + jsonMessage(bench)],
  ['what guards against a script', 'ERR_JSON_MALFORMED', (bench) => `)]}',\n${jsonMessage(bench)}`],
  ['cut off', 'ERR_JSON_MALFORMED', (bench) => jsonMessage(bench).slice(0, 200)],
  ['a control character in a text', 'ERR_JSON_MALFORMED', place('Proefplein', 'Proef\u0001plein')],
  ['a line end in a text', 'ERR_JSON_MALFORMED', place('Proefplein', 'Proef\nplein')],
  ['a zero octet', 'ERR_JSON_MALFORMED', place('"urgent"', '\0"urgent"')],
  ['a space that JSON does not know', 'ERR_JSON_MALFORMED', place('"urgent"', '\u00a0"urgent"')],
  ['an escape that JSON does not know', 'ERR_JSON_MALFORMED', place('Proefplein', 'Proef\\x41plein')],
  ['an escape of three digits', 'ERR_JSON_MALFORMED', place('Proefplein', 'Proef\\u041plein')],
  ['half a surrogate pair', 'ERR_JSON_MALFORMED', place('Proefplein', 'Proef\\ud800plein')],
  ['a pair the wrong way round', 'ERR_JSON_MALFORMED', place('Proefplein', 'Proef\\udc00\\ud800plein')],
  ['half a surrogate pair as a name', 'ERR_JSON_MALFORMED', first('"\\ud800":1')],
  ['True', 'ERR_JSON_MALFORMED', place('"redenCode": null', '"redenCode": True')],
  ['undefined', 'ERR_JSON_MALFORMED', place('"redenCode": null', '"redenCode": undefined')],
  ['XML', 'ERR_JSON_MALFORMED', () => '<?xml version="1.0"?><a/>'],
  ['YAML', 'ERR_JSON_MALFORMED', (bench) => `stuurgegevens:\n  kenmerk: ${bench.word()}\n`],
];

const UNKNOWN = 'The schema takes what it names and nothing else; a name that it does not know is shown as *.';
const unknown: readonly Row[] = [
  ['a list instead of a bericht', 'ERR_MESSAGE_TYPE_UNKNOWN', (bench) => `[${jsonMessage(bench)}]`],
  ['a text instead of a bericht', 'ERR_MESSAGE_TYPE_UNKNOWN', (bench) => JSON.stringify(bench.word())],
  ['null instead of a bericht', 'ERR_MESSAGE_TYPE_UNKNOWN', () => 'null'],
  ['a bericht inside a bericht', 'ERR_MESSAGE_TYPE_UNKNOWN', (bench) => `{"stuurgegevens":${jsonMessage(bench)}}`],
  ['capital letters', 'ERR_MESSAGE_TYPE_UNKNOWN', place('"stuurgegevens"', '"Stuurgegevens"')],
  ['a type that is a list', 'ERR_MESSAGE_TYPE_UNKNOWN', place('"opdrachtTb"', '["opdrachtTb"]')],
  ['a type that is an object', 'ERR_MESSAGE_TYPE_UNKNOWN', place('"opdrachtTb"', '{"$ne":null}')],
  ['a version that is a number', 'ERR_MESSAGE_VERSION_UNKNOWN', place('"1.0"', '1.0')],
  [
    'a name of its own at the top',
    'ERR_SCHEMA_INVALID',
    (bench) => first(`"${bench.word()}":"${bench.word()}"`)(bench),
  ],
  [
    'a name of its own in stuurgegevens',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(jsonMessage(bench), '"urgent"', `"${bench.word()}":1,"urgent"`),
  ],
  [
    'a name of its own in inhoud',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(jsonMessage(bench), '"parketnummer"', `"${bench.word()}":{"${bench.word()}":[]},"parketnummer"`),
  ],
  ['a name like one of the schema', 'ERR_SCHEMA_INVALID', place('"voornamen"', '"voornamen "')],
  ['a name in look-alike letters', 'ERR_SCHEMA_INVALID', place('"skn"', '"ѕkn"')],
  [
    'a recipient by three names at once',
    'ERR_SCHEMA_INVALID',
    place('"rol": "GI"', '"rol": "GI", "gemeentecode": "0202"'),
  ],
  [
    'a recipient that is a list',
    'ERR_SCHEMA_INVALID',
    place(/"ontvanger": \{([^}]*)\}/, '"ontvanger": [{"oin":"00000001802611266000","rol":"GI"}]'),
  ],
  [
    'a text where an object belongs',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(jsonMessage(bench), /"jeugdige": \{[^]*\}/, `"jeugdige": "${bench.word()}"}}`),
  ],
  [
    'a value that is no code',
    'ERR_SCHEMA_INVALID',
    (bench) => edited(jsonMessage(bench), '"geslacht": "M"', `"geslacht": "${bench.word()}"`),
  ],
  [
    'a control character by escape in a name',
    'ERR_SCHEMA_INVALID',
    place('"woonplaats": "Arnhem"', '"woonplaats": "Arn\\u0000hem"'),
  ],
];

const toCase =
  (prefix: string, why: string) =>
  ([name, expected, text]: Row): HostileCase => ({
    name: `${prefix}: ${name}`,
    expected,
    why,
    build: (bench) => bringJson(bench, text(bench)),
  });

/** What JSON can ask of a reader, signed rightly. */
export const JSON_PARSER: readonly HostileCase[] = [
  ...names.map(toCase('names', TWICE)),
  ...prototypes.map(toCase('prototypes', PROTOTYPE)),
  ...numbers.map(toCase('a number', NUMBER)),
  ...bounds.map(toCase('bounds', BOUND)),
  ...form.map(toCase('form', FORM)),
  ...unknown.map(toCase('not in the schema', UNKNOWN)),
];
