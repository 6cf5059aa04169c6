import { isJsonArray, isJsonObject } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';

/**
 * The places of a JSON Schema where a bericht could hold free text, an attachment or a member nobody listed: none in a type
 * that says *that* something is so and never *what* (*dat-informatie*).
 */
export function findOpenPlaces(schema: JsonObject): readonly string[] {
  return findIn(schema, '');
}

function findIn(schema: JsonValue, place: string): readonly string[] {
  if (!isJsonObject(schema)) return schema === false ? [] : [place];
  const own = isClosed(schema) ? [] : [place === '' ? '/' : place];
  return [...own, ...findBelow(schema, place)];
}

// What else a schema can hold (allOf, if, then, not …) only narrows what these keywords let through.
function findBelow(schema: JsonObject, place: string): readonly string[] {
  return Object.entries(schema).flatMap(([keyword, value]) => {
    const at = `${place}/${keyword}`;
    if (keyword === 'items') return findIn(value, at);
    // Beside a type of its own, alternatives narrow it as well; without one they are what may stand here.
    const isWhole = MAPS.has(keyword) || (CHOICES.has(keyword) && schema['type'] === undefined);
    return isWhole ? membersOf(value, at).flatMap(([to, one]) => findIn(one, to)) : [];
  });
}

function membersOf(value: JsonValue, place: string): readonly (readonly [string, JsonValue])[] {
  const members = typeof value === 'object' && value !== null ? Object.entries<JsonValue>(value) : [];
  return members.map(([name, member]) => [`${place}/${name}`, member]);
}

function isClosed(schema: JsonObject): boolean {
  if (schema['enum'] !== undefined || schema['const'] !== undefined || schema['$ref'] !== undefined) return true;
  const types = typesOf(schema);
  if (types.length === 0) return [...CHOICES].some((keyword) => schema[keyword] !== undefined);
  return types.every((type) => isClosedAs(type, schema));
}

function typesOf({ type }: JsonObject): readonly JsonValue[] {
  if (type === undefined) return [];
  return isJsonArray(type) ? type : [type];
}

function isClosedAs(type: JsonValue, schema: JsonObject): boolean {
  if (type === 'string') return isClosedText(schema);
  if (type === 'object') return schema['additionalProperties'] === false;
  return type !== 'array' || schema['items'] !== undefined;
}

function isClosedText({ format, pattern, maxLength, contentEncoding, contentMediaType }: JsonObject): boolean {
  if (contentEncoding !== undefined || contentMediaType !== undefined) return false;
  if (format !== undefined) return true;
  // A pattern that isn't anchored, or goes on for ever, bounds nothing.
  const isWhole = typeof pattern === 'string' && /^\^.*\$$/s.test(pattern);
  return isWhole && (maxLength !== undefined || !/[*+]|\{\d+,\}/.test(pattern));
}

const MAPS: ReadonlySet<string> = new Set(['properties', 'patternProperties', '$defs', 'prefixItems']);
const CHOICES: ReadonlySet<string> = new Set(['oneOf', 'anyOf']);
