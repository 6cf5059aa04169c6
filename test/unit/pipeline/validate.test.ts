import { describe, expect, it } from '@jest/globals';
import type { TypeDefinition } from '../../../gateway/codec/catalogue.ts';
import type { JsonSchemaValidator } from '../../../gateway/codec/json-schema.ts';
import type { JsonValue } from '../../../gateway/codec/strict-json.ts';
import type { Violation } from '../../../gateway/domain/rejection.ts';
import type { ParsedMessage } from '../../../gateway/pipeline/parse.ts';
import { validate } from '../../../gateway/pipeline/validate.ts';

const value: JsonValue = { stuurgegevens: { kenmerk: 'a' }, inhoud: {} };

function version(name: string, violations: readonly Violation[] | undefined): TypeDefinition {
  const jsonSchema: JsonSchemaValidator | undefined =
    violations === undefined ? undefined : { validate: () => violations };
  return { version: name, jsonSchema, xsd: undefined } as unknown as TypeDefinition;
}

function validateAgainst(...definitions: readonly TypeDefinition[]): ReturnType<typeof validate> {
  const content = { format: 'json', value } as const;
  return validate({ verified: {}, content, definitions } as unknown as ParsedMessage);
}

const wrong = (path: string): Violation => ({ path, rule: 'pattern' });

describe('validate, with several live versions', () => {
  it('records the newest that accepts', () => {
    const chosen = validateAgainst(version('3', [wrong('/a')]), version('2', []), version('1', []));
    expect(chosen.ok && chosen.value.definition.version).toBe('2');
  });

  it('says what each lacks when none accepts, at most twenty places', () => {
    const many = Array.from({ length: 19 }, (_, index) => wrong(`/b/${String(index)}`));
    const refused = validateAgainst(version('2', [wrong('/a')]), version('1', [...many, wrong('/c'), wrong('/d')]));
    expect(refused.ok ? [] : refused.error.violations).toEqual([wrong('/a'), ...many]);
  });

  it('accepts nothing under a version that has no schema for the format', () => {
    expect(validateAgainst(version('1', undefined))).toEqual({
      ok: false,
      error: { code: 'ERR_SCHEMA_INVALID', violations: [{ path: '/', rule: 'unknown' }] },
    });
  });
});
