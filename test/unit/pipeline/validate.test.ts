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

describe('validate, with rules beside the schema', () => {
  const withRules = (name: string, broken: readonly Violation[]): TypeDefinition => ({
    ...version(name, []),
    businessRules: { validate: () => broken },
  });

  it('refuses by name what a rule of the type refuses, at most twenty', () => {
    const violation = { path: '/inhoud', rule: 'V4' };
    expect(validateAgainst(withRules('1', [violation]))).toEqual({
      ok: false,
      error: { code: 'ERR_BUSINESS_RULE', violations: [violation] },
    });
    const many = Array.from({ length: 21 }, () => violation);
    const refused = validateAgainst(withRules('1', many));
    expect(refused.ok ? [] : refused.error.violations).toHaveLength(20);
  });

  it('asks the rules of the version that accepts, and of no older one', () => {
    const newest = withRules('2', [{ path: '/inhoud', rule: 'V4' }]);
    expect(validateAgainst(newest, withRules('1', [])).ok).toBe(false);
    expect(validateAgainst(withRules('2', []), newest).ok).toBe(true);
  });
});
