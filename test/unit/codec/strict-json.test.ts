import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseStrictJson } from '../../../gateway/codec/strict-json.ts';
import type { JsonLimits, JsonObject, JsonValue } from '../../../gateway/codec/strict-json.ts';

function read(text: string | Uint8Array, limits?: JsonLimits): JsonValue | undefined {
  const result = parseStrictJson(Buffer.from(text), limits);
  return result.ok ? result.value : result.error.code;
}

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

describe('parseStrictJson', () => {
  it.each([
    ['{}', {}],
    ['[]', []],
    [' { "a" : [ 1 , true , false , null , "x" ] , "b" : { } }\r\n\t', { a: [1, true, false, null, 'x'], b: {} }],
    ['"tekst"', 'tekst'],
    ['""', ''],
    ['"\\"\\\\\\/\\b\\f\\n\\r\\t\\u20ac"', '"\\/\b\f\n\r\t€'],
    ['"voor\\nna"', 'voor\nna'],
    ['"\\ud83d\\ude00 en 😀"', '😀 en 😀'],
    ['{"\\u0061":1}', { a: 1 }],
    ['{"toString":1,"valueOf":2,"":3}', { toString: 1, valueOf: 2, '': 3 }],
  ])('reads %s', (text, value) => {
    expect(read(text)).toEqual(value);
  });

  it('makes objects without prototype, so that a name nobody sent is undefined', () => {
    const value = read('{"a":{}}') as JsonObject;
    expect('toString' in value).toBe(false);
    expect(Object.getPrototypeOf(value)).toBeNull();
    expect(Object.getPrototypeOf(value['a'])).toBeNull();
  });

  it('reads whatever JSON.stringify writes, as JSON.parse does', () => {
    const names = fc.string().filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));
    const values = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        fc.string({ unit: 'binary' }),
        fc.double({ noNaN: true, noDefaultInfinity: true }).filter((n) => Math.abs(n) < 2 ** 53),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('value')),
        fc.dictionary(names, tie('value')),
      ),
    })).value;
    fc.assert(
      fc.property(values, (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('never accepts what JSON.parse refuses, nor reads it otherwise', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"',
      '"a"',
      '\\',
      '\\u0061',
      '1',
      '-',
      '.',
      'e',
      '0',
      'null',
      ' ',
      'é',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 12 }), (parts) => {
        const text = parts.join('');
        const result = parseStrictJson(Buffer.from(text));
        if (result.ok) expect(result.value).toEqual(JSON.parse(text));
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['octets that are not UTF-8', Buffer.from([0x22, 0xff, 0x22])],
    ['a surrogate as octets', Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])],
    ['Latin-1', Buffer.from('"é"', 'latin1')],
  ])('refuses %s as ERR_ENCODING_NOT_UTF8', (_name, bytes) => {
    expect(read(bytes)).toBe('ERR_ENCODING_NOT_UTF8');
  });

  it.each([
    ['nothing', ''],
    ['white space alone', ' \n'],
    ['a byte order mark', '\ufeff{}'],
    ['something after the document', '{} {}'],
    ['a comma too many in an array', '[1,]'],
    ['a comma too many in an object', '{"a":1,}'],
    ['a missing comma in an array', '[1 2]'],
    ['a missing comma in an object', '{"a":1 "b":2}'],
    ['an array that stays open', '[1'],
    ['an object that stays open', '{"a":1'],
    ['a name without quotes', '{a:1}'],
    ['a name that stays open', '{"a'],
    ['a member without colon', '{"a" 1}'],
    ['a member without value', '{"a":}'],
    ['a string that stays open', '"abc'],
    ['a string that stays open after an escape', '"abc\\n'],
    ['a line break in a string', '"a\nb"'],
    ['a NUL in a string', '"a\0b"'],
    ['an unknown escape', '"\\x41"'],
    ['an escape cut off', '"\\u00'],
    ['a backslash at the end', '"\\'],
    ['half a pair', '"\\ud800"'],
    ['the other half', '"\\udc00"'],
    ['halves in the wrong order', '"\\ude00\\ud83d"'],
    ['a lone half in a name', '{"\\ud800":1}'],
    ['a word of another language', 'undefined'],
    ['a word cut off', 'nul'],
    ['words in capitals', 'True'],
    ['a word cut off in f', 'fals'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['a leading zero', '01'],
    ['a plus', '+1'],
    ['a point without digits', '1.'],
    ['a point without whole', '.5'],
    ['a minus alone', '-'],
    ['an exponent without digits', '1e'],
    ['hexadecimal', '0x1F'],
    ['a comment', '/* */ 1'],
    ['a vertical tab as white space', '\u000b1'],
    ['a no-break space as white space', '\u00a01'],
    ['the name __proto__', '{"__proto__":1}'],
    ['the name __proto__ in escapes', '{"\\u005f_proto__":1}'],
    ['the name constructor', '{"a":{"constructor":1}}'],
    ['the name prototype', '[{"prototype":1}]'],
  ])('refuses %s as ERR_JSON_MALFORMED', (_name, text) => {
    expect(read(text)).toBe('ERR_JSON_MALFORMED');
  });

  it.each([
    ['the same name twice', '{"a":1,"a":1}'],
    ['the same name in escapes', '{"a":1,"\\u0061":2}'],
    ['the same name deep inside', '[{"b":{"a":1,"c":2,"a":3}}]'],
    ['the empty name twice', '{"":1,"":2}'],
    ['digits as name twice', '{"1":1,"1":2}'],
  ])('refuses %s as ERR_JSON_DUPLICATE_KEY', (_name, text) => {
    expect(read(text)).toBe('ERR_JSON_DUPLICATE_KEY');
  });

  it('takes the same name in two objects', () => {
    expect(read('[{"a":1},{"a":{"a":2}}]')).toEqual([{ a: 1 }, { a: { a: 2 } }]);
  });
});

describe('parseStrictJson on numbers', () => {
  it.each([
    ['0', 0],
    ['-0', -0],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
    ['-9007199254740991', Number.MIN_SAFE_INTEGER],
    ['1.50', 1.5],
    ['0.1', 0.1],
    ['123456789.1234567', 123_456_789.1234567],
    ['0.00000000000000000000', 0],
    ['1e2', 100],
    ['1E+2', 100],
    ['1e-2', 0.01],
    ['-12.5e-3', -0.0125],
    ['5e-324', 5e-324],
    ['1.7976931348623157e308', Number.MAX_VALUE],
    ['123e65', 1.23e67],
    ['0e99999999', 0],
  ])('reads %s', (text, value) => {
    expect(read(text)).toBe(value);
  });

  it.each([
    ['9007199254740992'],
    ['-9007199254740993'],
    ['9007199254740993.0'],
    ['123456789012345678901234567890'],
    ['0.1234567890123456789'],
    ['123456789.123456789'],
    ['1e400'],
    ['-1e400'],
    ['1e-400'],
    ['1e99999999999999999999'],
    ['1e-99999999999999999999'],
    ['1'.repeat(401)],
    ['1'.repeat(1_000_000)],
    [`0.${'0'.repeat(1_000_000)}1`],
  ])('refuses %.30s as ERR_JSON_LIMIT', (text) => {
    expect(read(text)).toBe('ERR_JSON_LIMIT');
  });
});

describe('parseStrictJson on limits', () => {
  it('takes 64 levels and no more', () => {
    expect(read(nested(64))).toBeInstanceOf(Array);
    expect(read(nested(65))).toBe('ERR_JSON_LIMIT');
    expect(read('{"a":'.repeat(65))).toBe('ERR_JSON_LIMIT');
    expect(read('['.repeat(1_000_000))).toBe('ERR_JSON_LIMIT');
  });

  it('counts levels, not arrays', () => {
    expect(read(`[${Array.from({ length: 100 }, () => '[]').join(',')}]`)).toHaveLength(100);
  });

  it('takes as much as it is told', () => {
    expect(read('[1,2]', { maxBytes: 5 })).toEqual([1, 2]);
    expect(read('[1,2]', { maxBytes: 4 })).toBe('ERR_JSON_LIMIT');
    expect(read('[1,2]', { maxElements: 3 })).toEqual([1, 2]);
    expect(read('[1,2]', { maxElements: 2 })).toBe('ERR_JSON_LIMIT');
    expect(read('{"a":1,"b":2}', { maxMembers: 2 })).toEqual({ a: 1, b: 2 });
    expect(read('{"a":1,"b":2}', { maxMembers: 1 })).toBe('ERR_JSON_LIMIT');
    expect(read('[[1]]', { maxDepth: 2 })).toEqual([[1]]);
    expect(read('[[1]]', { maxDepth: 1 })).toBe('ERR_JSON_LIMIT');
  });

  it('takes a thousand members and 200,000 values by default', () => {
    const members = (count: number): string =>
      `{${Array.from({ length: count }, (_, i) => `"n${String(i)}":0`).join(',')}}`;
    expect(Object.keys(read(members(1000)) as object)).toHaveLength(1000);
    expect(read(members(1001))).toBe('ERR_JSON_LIMIT');
    expect(read(`[${'0,'.repeat(199_998)}0]`)).toHaveLength(199_999);
    expect(read(`[${'0,'.repeat(199_999)}0]`)).toBe('ERR_JSON_LIMIT');
  });

  it('takes a long string with escapes throughout', () => {
    expect(read(`"${'a\\n'.repeat(1_000_000)}"`)).toHaveLength(2_000_000);
  });

  it('reads the octets of a view and no others', () => {
    const whole = Buffer.from('xx{"a":1}xx');
    expect(parseStrictJson(new Uint8Array(whole.buffer, whole.byteOffset + 2, 7))).toEqual({
      ok: true,
      value: { a: 1 },
    });
  });
});

const folder = path.join(
  process.env['DOORGEEFLUIK_REFERENCE_DATA'] ?? path.resolve('../shared/data'),
  'vectors/json/test_parsing',
);

// Valid by the grammar of RFC 8259, which only says that names SHOULD be unique; we refuse them.
const STRICTER_THAN_THE_GRAMMAR = ['y_object_duplicated_key.json', 'y_object_duplicated_key_and_value.json'];

if (existsSync(folder)) {
  const files = readdirSync(folder);
  const isAccepted = (file: string): boolean => parseStrictJson(readFileSync(path.join(folder, file))).ok;
  const select = (prefix: string): readonly string[] => files.filter((file) => file.startsWith(prefix));

  describe('parseStrictJson on the JSON parsing test suite', () => {
    it('accepts all that must be accepted, but for names that stand twice', () => {
      expect(select('y_').filter((file) => !isAccepted(file))).toEqual(STRICTER_THAN_THE_GRAMMAR);
      expect(select('y_').length).toBeGreaterThan(90);
    });

    it('refuses all that must be refused', () => {
      expect(select('n_').filter(isAccepted)).toEqual([]);
      expect(select('n_').length).toBeGreaterThan(180);
    });

    it('refuses all that readers may differ about', () => {
      expect(select('i_').filter(isAccepted)).toEqual([]);
      expect(select('i_').length).toBeGreaterThan(30);
    });
  });
} else {
  it('leaves out the JSON parsing test suite: DOORGEEFLUIK_REFERENCE_DATA is absent', () => {
    expect(existsSync(folder)).toBe(false);
  });
}
