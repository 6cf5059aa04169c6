import { describe, expect, it } from '@jest/globals';
import { findOpenPlaces } from '../../../gateway/codec/closed-schema.ts';
import type { JsonObject, JsonValue } from '../../../gateway/codec/strict-json.ts';

const object = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  additionalProperties: false,
  properties,
  ...more,
});
const placesOf = (member: JsonValue): readonly string[] => findOpenPlaces(object({ a: member }));

describe('findOpenPlaces', () => {
  it.each<[string, JsonValue]>([
    ['a list of texts', { type: 'string', enum: ['x', 'y'] }],
    ['one text', { const: 'x' }],
    ['a format', { type: 'string', format: 'date' }],
    ['a pattern with an end', { type: 'string', pattern: '^[0-9]{4}$' }],
    ['a pattern without end, and a length', { type: 'string', pattern: '^[a-z]+$', maxLength: 80 }],
    ['a boolean, a number and null', { type: ['boolean', 'integer', 'null'] }],
    ['a list of closed items', { type: 'array', items: { type: 'boolean' } }],
    ['a reference', { $ref: '#/$defs/b' }],
    ['alternatives that are closed', { oneOf: [object({ b: { const: 1 } }), { type: 'null' }] }],
    ['nothing at all', false],
  ])('takes %s', (_what, member) => {
    expect(placesOf(member)).toEqual([]);
  });

  it.each<[string, JsonValue, string]>([
    ['a text', { type: 'string' }, '/properties/a'],
    ['a text of some length', { type: 'string', maxLength: 200 }, '/properties/a'],
    ['a text or nothing', { type: ['string', 'null'] }, '/properties/a'],
    ['a pattern without end', { type: 'string', pattern: '^[a-z]+$' }, '/properties/a'],
    ['a pattern that asks no end', { type: 'string', pattern: '^a{2,}$' }, '/properties/a'],
    ['a pattern that looks at a part', { type: 'string', pattern: '[0-9]', maxLength: 10 }, '/properties/a'],
    ['an attachment', { type: 'string', contentEncoding: 'base64', pattern: '^.$' }, '/properties/a'],
    ['a document', { type: 'string', contentMediaType: 'text/html', format: 'date' }, '/properties/a'],
    ['anything', true, '/properties/a'],
    ['no type', { title: 'x' }, '/properties/a'],
    ['members nobody listed', { type: 'object', properties: {} }, '/properties/a'],
    ['items nobody described', { type: 'array' }, '/properties/a'],
    ['items that are open', { type: 'array', items: { type: 'string' } }, '/properties/a/items'],
    ['a member deeper', object({ b: { type: 'string' } }), '/properties/a/properties/b'],
    ['an alternative that is open', { anyOf: [{ type: 'null' }, { type: 'string' }] }, '/properties/a/anyOf/1'],
    ['a first item that is open', { type: 'array', items: false, prefixItems: [{}] }, '/properties/a/prefixItems/0'],
  ])('finds %s', (_what, member, place) => {
    expect(placesOf(member)).toEqual([place]);
  });

  it('looks into definitions, and not at what only narrows the whole', () => {
    const more = {
      $defs: { b: { type: 'string' } },
      allOf: [{ required: ['a'] }, { properties: { a: { minimum: 1 } } }],
      if: { properties: { a: { const: 1 } } },
      then: { properties: { a: { type: 'integer' } } },
      oneOf: [{ required: ['a'] }],
    };
    expect(findOpenPlaces(object({ a: { type: 'integer' } }, more))).toEqual(['/$defs/b']);
    expect(findOpenPlaces({ type: 'object', unevaluatedProperties: false, properties: 'x' })).toEqual(['/']);
  });
});
