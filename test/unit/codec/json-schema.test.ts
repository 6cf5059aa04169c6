import { describe, expect, it } from '@jest/globals';

import { compileJsonSchema } from '../../../gateway/codec/json-schema.ts';
import type { JsonObject, JsonValue } from '../../../gateway/codec/strict-json.ts';
import { parseStrictJson } from '../../../gateway/codec/strict-json.ts';

function violationsOf(schema: JsonObject, value: JsonValue): readonly string[] {
  const parsed = parseStrictJson(Buffer.from(JSON.stringify(value)));
  if (!parsed.ok) throw new Error(parsed.error.code);
  return compileJsonSchema({ main: schema })
    .validate(parsed.value)
    .map(({ path, rule }) => `${path} ${rule}`);
}

const person: JsonObject = {
  type: 'object',
  required: ['naam', 'kinderen'],
  additionalProperties: false,
  properties: {
    naam: { type: 'string', maxLength: 5 },
    kinderen: {
      type: 'array',
      items: {
        type: 'object',
        required: ['bsn'],
        additionalProperties: false,
        properties: { bsn: { type: 'string', pattern: '^\\d{9}$' } },
      },
    },
  },
};

describe('compileJsonSchema', () => {
  it('answers nothing for a valid value', () => {
    expect(violationsOf(person, { naam: 'Jan', kinderen: [{ bsn: '123456789' }] })).toEqual([]);
  });

  it('names every broken rule and its place, positions from 1', () => {
    const value = { naam: 'Johannes', kinderen: [{ bsn: '123456789' }, { bsn: 'x' }, {}, 3] };
    expect(violationsOf(person, value)).toEqual([
      '/naam maxLength',
      '/kinderen[2]/bsn pattern',
      '/kinderen[3]/bsn required',
      '/kinderen[4] type',
    ]);
  });

  it('names the missing member', () => {
    expect(violationsOf(person, { naam: 'Jan' })).toEqual(['/kinderen required']);
  });

  it('shows a name the schema does not know as *, and one it knows from elsewhere by name', () => {
    expect(violationsOf(person, { naam: 'Jan', kinderen: [], 'Jansen 123456782': 1 })).toEqual(['/* unknown']);
    expect(violationsOf(person, { naam: 'Jan', kinderen: [], bsn: 1 })).toEqual(['/bsn unknown']);
  });

  it('shows the document itself as /', () => {
    expect(violationsOf(person, [])).toEqual(['/ type']);
    expect(
      violationsOf({ type: 'array', items: { type: 'array', items: { type: 'string' } } }, [[], ['a', 1]]),
    ).toEqual(['[2][2] type']);
  });

  it('shows names under unknown names as *, with the escapes of a JSON pointer and digits as names', () => {
    const anything = {
      type: 'object',
      additionalProperties: { type: 'object', additionalProperties: { type: 'null' } },
    };
    expect(violationsOf(anything, { 'a/b~c': { 0: 1 } })).toEqual(['/*/* type']);
    const known = { type: 'object', properties: { 'a/b~c': { type: 'object', properties: { 0: { type: 'null' } } } } };
    expect(violationsOf(known, { 'a/b~c': { 0: 1 } })).toEqual(['/a/b~c/0 type']);
  });

  it('never shows a value or a word of the library', () => {
    const canary = 'Kanarie-123456782';
    const text = JSON.stringify(
      compileJsonSchema({ main: person }).validate({
        naam: canary,
        [canary]: canary,
        kinderen: [{ bsn: canary, [canary]: 1 }],
      }),
    );
    expect(text).not.toContain('Kanarie');
    expect(text).not.toMatch(/must|schema|#/);
  });

  it('uses other schemas by their $id, and knows their names', () => {
    const main = {
      type: 'object',
      properties: { kop: { $ref: 'urn:proef:kop' } },
    };
    const schema = compileJsonSchema({
      main,
      others: [
        { $id: 'urn:proef:kop', type: 'object', required: ['kenmerk'], properties: { kenmerk: { type: 'string' } } },
      ],
    });
    expect(schema.validate({ kop: {} })).toEqual([{ path: '/kop/kenmerk', rule: 'required' }]);
    expect(schema.validate({ kop: { kenmerk: 'x' } })).toEqual([]);
  });

  it('answers the same each time it is asked', () => {
    const schema = compileJsonSchema({ main: person });
    const wrong = [1, 2, 3].map(() => schema.validate({ naam: 1, kinderen: [] }));
    expect(wrong).toEqual(wrong.map(() => [{ path: '/naam', rule: 'type' }]));
    expect(schema.validate({ naam: 'Jan', kinderen: [] })).toEqual([]);
  });
});

describe('compileJsonSchema on rules', () => {
  it.each<[string, JsonObject, JsonValue, string]>([
    ['type', { type: 'string' }, 1, 'type'],
    ['pattern', { type: 'string', pattern: '^a' }, 'b', 'pattern'],
    ['minLength', { type: 'string', minLength: 1 }, '', 'minLength'],
    ['maxLength', { type: 'string', maxLength: 1 }, 'ab', 'maxLength'],
    ['enum', { type: 'string', enum: ['a'] }, 'b', 'enum'],
    ['const', { const: 'a' }, 'b', 'const'],
    ['format', { type: 'string', format: 'date' }, 'b', 'format'],
    ['minimum', { type: 'number', minimum: 1 }, 0, 'minimum'],
    ['exclusiveMinimum', { type: 'number', exclusiveMinimum: 1 }, 1, 'minimum'],
    ['maximum', { type: 'number', maximum: 1 }, 2, 'maximum'],
    ['exclusiveMaximum', { type: 'number', exclusiveMaximum: 1 }, 1, 'maximum'],
    ['minItems', { type: 'array', minItems: 1 }, [], 'items'],
    ['maxItems', { type: 'array', maxItems: 1 }, [1, 2], 'items'],
    ['contains', { type: 'array', contains: { const: 1 } }, [2], 'items'],
    ['a closed tuple', { type: 'array', prefixItems: [true], minItems: 1, items: false }, [1, 2], 'items'],
    ['not', { not: { const: 1 } }, 1, 'other'],
    ['minProperties', { type: 'object', minProperties: 1 }, {}, 'other'],
  ])('names %s', (...[, schema, value, rule]) => {
    expect(violationsOf(schema, value).map((line) => line.split(' ')[1])).toContain(rule);
  });

  it('names a choice that none or several of fit', () => {
    const either = { type: 'object', properties: { a: true, b: true } };
    const branch = (name: string): JsonObject => ({ required: [name], properties: { [name]: true } });
    expect(violationsOf({ ...either, oneOf: [branch('a'), branch('b')] }, { a: 1, b: 1 })).toEqual(['/ oneOf']);
    expect(violationsOf({ ...either, anyOf: [branch('a'), branch('b')] }, {})).toContain('/ oneOf');
  });

  it('names members that depend on another, or that no part of the schema knows', () => {
    const depends = { type: 'object', properties: { a: true, b: true }, dependentRequired: { a: ['b'] } };
    expect(violationsOf(depends, { a: 1 })).toEqual(['/b required']);
    const closed = { type: 'object', properties: { a: true }, unevaluatedProperties: false };
    expect(violationsOf(closed, { a: 1, c: 2 })).toEqual(['/* unknown']);
  });

  it('knows items that are equal, whatever the order of their members', () => {
    const unique = { type: 'array', uniqueItems: true };
    expect(
      violationsOf(unique, [
        { a: 1, b: [2] },
        { b: [2], a: 1 },
      ]),
    ).toEqual(['/ items']);
    expect(violationsOf(unique, [{ a: 1 }, { a: 2 }, 1, '1', null, [1], []])).toEqual([]);
    expect(violationsOf({ type: 'array', uniqueItems: false }, [1, 1])).toEqual([]);
  });

  it('is not led astray by members called valueOf and toString', () => {
    const unique = { type: 'array', uniqueItems: true };
    expect(violationsOf(unique, [{ valueOf: 1, toString: 2 }, { valueOf: 1 }])).toEqual([]);
  });
});

describe('compileJsonSchema on formats', () => {
  const accepts = (format: string, text: string): boolean =>
    violationsOf({ type: 'string', format }, text).length === 0;

  it.each([
    ['date', '2024-02-29', true],
    ['date', '2026-02-29', false],
    ['date', '2026-2-9', false],
    ['date', '2026-02-01Z', false],
    ['date-time', '2026-11-22T10:15:30.123Z', true],
    ['date-time', '2026-11-22T10:15:30+01:00', false],
    ['uuid', '01890a5d-ac96-774b-bcce-b302099a8057', true],
    ['uuid', '01890A5D-AC96-774B-BCCE-B302099A8057', true],
    ['uuid', '01890a5dac96774bbcceb302099a8057', false],
  ])('judges the %s %s as %s', (format, text, expected) => {
    expect(accepts(format, text)).toBe(expected);
  });
});

describe('compileJsonSchema on what it refuses to compile', () => {
  it.each<[string, JsonObject]>([
    ['an unknown keyword', { typ: 'string' }],
    ['an unknown format', { type: 'string', format: 'email' }],
    ['a required member it does not describe', { type: 'object', required: ['naam'] }],
    ['a reference to nowhere', { $ref: 'urn:nergens' }],
    ['a const that is an object', { const: { a: 1 } }],
    ['a const that is an array', { const: [[1]] }],
    ['an enum with an object', { enum: ['a', { b: 1 }] }],
    ['an enum with an object deep inside', { type: 'array', items: { enum: [{ b: 1 }] } }],
  ])('throws on %s', (_name, schema) => {
    expect(() => compileJsonSchema({ main: schema })).toThrow();
  });

  it('takes members that are called like keywords', () => {
    const named = {
      type: 'object',
      properties: { properties: true, const: { type: 'null' }, enum: { enum: [1, null, 'a'] } },
    };
    expect(violationsOf(named, { const: 1 })).toEqual(['/const type']);
    expect(violationsOf({ type: 'object', properties: { a: { const: null } } }, { a: null })).toEqual([]);
  });

  it('throws on properties that are not schemas', () => {
    expect(() => compileJsonSchema({ main: { properties: 1 } })).toThrow();
    expect(() => compileJsonSchema({ main: { type: 'object', properties: { const: { enum: [{}] } } } })).toThrow(
      RangeError,
    );
  });
});

describe('compileJsonSchema on large documents', () => {
  const numbers = { type: 'array', items: { type: 'number' } };

  it('shows twenty violations at most, none twice', () => {
    const texts = Array.from({ length: 100 }, () => 'a');
    const shown = violationsOf(numbers, texts);
    expect(shown).toHaveLength(20);
    expect(shown.at(-1)).toBe('[20] type');
    expect(new Set(shown).size).toBe(20);
  });

  it('shows one place once when two rules of one kind break there', () => {
    const bounded = { type: 'number', minimum: 1, exclusiveMinimum: 1 };
    expect(violationsOf(bounded, 0)).toEqual(['/ minimum']);
  });

  it('shows the first only of a document of many values', () => {
    expect(
      violationsOf(
        numbers,
        Array.from({ length: 4998 }, () => 'a'),
      ),
    ).toHaveLength(20);
    expect(
      violationsOf(
        numbers,
        Array.from({ length: 5000 }, () => 'a'),
      ),
    ).toEqual(['[1] type']);
  });

  it('judges a text of millions without a deep stack', () => {
    const name = { type: 'string', maxLength: 40, pattern: "^\\p{L}[\\p{L}\\p{M} .'-]*$" };
    expect(violationsOf(name, 'a𝒜'.repeat(5_000_000))).toEqual(['/ maxLength']);
  });
});
