import type { ErrorObject } from 'ajv/dist/2020.js';

import type { Violation } from '../domain/rejection.ts';
import type { JsonValue } from './strict-json.ts';

/** Place and rule of an ajv error, in names of the schema, positions from 1, and `*` for any other name; never a value. */
export function buildViolation(error: ErrorObject, value: JsonValue, names: ReadonlySet<string>): Violation {
  const rule = RULES.get(error.keyword) ?? 'other';
  const place = buildPath(error.instancePath, value, names);
  const member: unknown = error.params[MEMBERS.get(error.keyword) ?? ''];
  const last = typeof member === 'string' ? `/${names.has(member) ? member : '*'}` : '';
  return { path: place + last || '/', rule };
}

// A JSON pointer (RFC 6901) doesn't tell a position from a name of digits: the value does.
function buildPath(pointer: string, value: JsonValue, names: ReadonlySet<string>): string {
  let path = '';
  let current: unknown = value;
  for (const segment of pointer.split('/').slice(1)) {
    const name = segment.replaceAll('~1', '/').replaceAll('~0', '~');
    if (Array.isArray(current)) path += `[${String(Number(name) + 1)}]`;
    else path += `/${names.has(name) ? name : '*'}`;
    const member: { readonly value?: unknown } | undefined = Object.getOwnPropertyDescriptor(current, name);
    current = member?.value;
  }
  return path;
}

/** The parameter of ajv in which the name of a missing or unknown member stands. */
const MEMBERS: ReadonlyMap<string, string> = new Map([
  ['required', 'missingProperty'],
  ['dependentRequired', 'missingProperty'],
  ['additionalProperties', 'additionalProperty'],
  ['unevaluatedProperties', 'unevaluatedProperty'],
]);

const RULES: ReadonlyMap<string, string> = new Map([
  ['required', 'required'],
  ['dependentRequired', 'required'],
  ['additionalProperties', 'unknown'],
  ['unevaluatedProperties', 'unknown'],
  ['type', 'type'],
  ['pattern', 'pattern'],
  ['minLength', 'minLength'],
  ['maxLength', 'maxLength'],
  ['enum', 'enum'],
  ['const', 'const'],
  ['format', 'format'],
  ['minimum', 'minimum'],
  ['exclusiveMinimum', 'minimum'],
  ['maximum', 'maximum'],
  ['exclusiveMaximum', 'maximum'],
  ['minItems', 'items'],
  ['maxItems', 'items'],
  ['uniqueItems', 'items'],
  ['contains', 'items'],
  ['items', 'items'],
  ['oneOf', 'oneOf'],
  ['anyOf', 'oneOf'],
]);
