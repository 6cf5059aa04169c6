import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ErrorObject, ValidateFunction } from 'ajv/dist/2020.js';

import type { Violation } from '../domain/rejection.ts';
import { readSchemaNames } from './json-schema-names.ts';
import { buildViolation } from './json-schema-violations.ts';
import type { JsonArray, JsonObject, JsonValue } from './strict-json.ts';
import { parseInstant } from './timestamps.ts';

/** A compiled JSON Schema. */
export interface JsonSchemaValidator {
  /** At most twenty places and rules that the value breaks; empty when it is valid. */
  validate(value: JsonValue): readonly Violation[];
}

interface Schemas {
  readonly main: JsonObject;
  readonly others?: readonly JsonObject[];
}

/** Compiles a schema and those it refers to. Throws what `compileJsonSchema` throws. */
export type JsonSchemaCompiler = (schemas: Schemas) => JsonSchemaValidator;

/**
 * Compiles a 2020-12 schema and those it refers to, in ajv's strict mode. Throws ajv's error on a schema that isn't
 * sound, and RangeError on a `const` or `enum` that holds an object or array.
 */
export function compileJsonSchema(schemas: Schemas): JsonSchemaValidator {
  return createJsonSchemaCompiler()(schemas);
}

/** A compiler of several schemas, each with an `$id` of its own, that compiles what all of them refer to only once. */
export function createJsonSchemaCompiler(shared: readonly JsonObject[] = []): JsonSchemaCompiler {
  const judges = createAjv(shared, false);
  let explainers: Ajv2020 | undefined;
  return ({ main, others = [] }) => {
    const names = readSchemaNames([main, ...others, ...shared]);
    const judge = judges.addSchema([...others]).compile(main);
    let explain: ValidateFunction | undefined;
    return {
      validate: (value) => {
        const first = findErrors(judge, value);
        // Finding every fault takes memory with their number, so of a large document only the first is told.
        if (first.length === 0 || !isSmall(value)) return toViolations(first, value, names);
        explainers ??= createAjv(shared, true);
        explain ??= explainers.addSchema([...others]).compile(main);
        return toViolations(findErrors(explain, value), value, names);
      },
    };
  };
}

function createAjv(shared: readonly JsonObject[], allErrors: boolean): Ajv2020 {
  // Without ajv's passes over the code it makes, a schema compiles in a third of the time, and judging takes no longer.
  const code = { optimize: false };
  const ajv = new Ajv2020({ strict: true, allErrors, logger: false, formats: FORMATS, inlineRefs: false, code });
  // Ajv's own compares each item with each other one, and calls `valueOf` on them, which these objects haven't.
  ajv.removeKeyword('uniqueItems');
  ajv.addKeyword({ keyword: 'uniqueItems', type: 'array', schemaType: 'boolean', validate: areUnique });
  ajv.addSchema([...shared]);
  return ajv;
}

function findErrors(judge: ValidateFunction, value: JsonValue): readonly ErrorObject[] {
  judge(value);
  return judge.errors ?? [];
}

function toViolations(
  errors: readonly ErrorObject[],
  value: JsonValue,
  names: ReadonlySet<string>,
): readonly Violation[] {
  const violations = new Map<string, Violation>();
  for (const error of errors) {
    const violation = buildViolation(error, value, names);
    violations.set(`${violation.path} ${violation.rule}`, violation);
    if (violations.size === MAX_VIOLATIONS) break;
  }
  return [...violations.values()];
}

function isSmall(value: JsonValue): boolean {
  const open: JsonValue[] = [value];
  let length = 0;
  for (let count = 0; count < MAX_EXPLAINED; count += 1) {
    const next = open.pop();
    if (next === undefined) return true;
    // A pattern on a text of millions would overflow the stack of the expression's engine.
    length += typeof next === 'string' ? next.length : 0;
    if (length > MAX_EXPLAINED_LENGTH) return false;
    const members = typeof next === 'object' && next !== null ? Object.values<JsonValue>(next) : [];
    // As arguments of one call, too many would overflow the stack.
    if (members.length > MAX_EXPLAINED) return false;
    open.push(...members);
  }
  return false;
}

function areUnique(isWanted: boolean, items: JsonArray): boolean {
  return !isWanted || new Set(items.map(toCanonical)).size === items.length;
}

/** Equal values, whatever the order of their members, give equal texts. */
function toCanonical(value: JsonValue): string {
  return JSON.stringify(value, (_name, member: JsonValue) =>
    isObject(member) ? Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)) : member,
  );
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const MAX_VIOLATIONS = 20;
const MAX_EXPLAINED = 5000;
const MAX_EXPLAINED_LENGTH = 256 * 1024;

const FORMATS = {
  date: (text: string): boolean => parseInstant(`${text}T00:00:00Z`) !== undefined,
  'date-time': (text: string): boolean => parseInstant(text) !== undefined,
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
};
