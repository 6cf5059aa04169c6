import type { JsonObject, JsonValue } from './strict-json.ts';

/**
 * The names of all members that the schemas describe. Throws RangeError on a `const` or `enum` with an object or array:
 * ajv compares those by calling `valueOf`, which may be anything a sender put there.
 */
export function readSchemaNames(schemas: readonly JsonObject[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const schema of schemas) collectNames(schema, names);
  return names;
}

function collectNames(schema: JsonValue, names: Set<string>): void {
  if (typeof schema !== 'object' || schema === null) return;
  for (const [keyword, value] of Object.entries<JsonValue>(schema)) {
    if (keyword === 'properties' && isContainer(value)) {
      for (const name of Object.keys(value)) names.add(name);
      for (const member of Object.values<JsonValue>(value)) collectNames(member, names);
    } else if (VALUES.has(keyword)) {
      assertScalars(value);
    } else {
      collectNames(value, names);
    }
  }
}

function assertScalars(value: JsonValue): void {
  const values: readonly JsonValue[] = Array.isArray(value) ? value : [value];
  if (values.some(isContainer))
    throw new RangeError('const and enum of a schema hold texts, numbers, booleans or null');
}

function isContainer(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null;
}

const VALUES: ReadonlySet<string> = new Set(['const', 'enum']);
