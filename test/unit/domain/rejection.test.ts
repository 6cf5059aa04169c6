import { describe, expect, it } from '@jest/globals';
import { isRuleName, REJECTIONS, rejection, STAGES } from '../../../gateway/domain/rejection.ts';
import type { RejectionSpec } from '../../../gateway/domain/rejection.ts';

const specs: readonly (readonly [string, RejectionSpec])[] = Object.entries(REJECTIONS);

describe('the catalogue of refusals', () => {
  it('is alphabetical', () => {
    const codes = specs.map(([code]) => code);
    expect(codes).toEqual([...codes].sort());
  });

  it.each(specs)('gives %s a stage, and lets a sender offer again only what may pass later', (code, spec) => {
    expect(code).toMatch(/^ERR(_[A-Z0-9]+)+$/);
    expect(STAGES).toContain(spec.stage);
    expect(spec.retryable).toBe([429, 503].includes(spec.status) || code === 'ERR_REQUEST_TOO_SLOW');
  });

  it('gives StUF codes that the standard has', () => {
    const codes = new Set(specs.map(([, { stuf }]) => stuf).filter((stuf) => stuf !== undefined));
    expect([...codes].sort()).toEqual([
      'StUF007',
      'StUF010',
      'StUF013',
      'StUF016',
      'StUF022',
      'StUF034',
      'StUF043',
      'StUF046',
      'StUF052',
      'StUF055',
    ]);
  });
});

describe('isRuleName', () => {
  it('tells the name of a rule from a word of a schema, and from any text', () => {
    expect(['T13', 'CORV-A9.1', 'required', 'maxLength', '', 'Jan de Vries'].map(isRuleName)).toEqual([
      true,
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});

describe('rejection', () => {
  it('holds a code and violations, none unless given', () => {
    expect(rejection('ERR_BODY_EMPTY')).toEqual({ code: 'ERR_BODY_EMPTY', violations: [] });
    const violations = [{ path: '/inhoud', rule: 'required' }];
    expect(rejection('ERR_SCHEMA_INVALID', violations)).toEqual({ code: 'ERR_SCHEMA_INVALID', violations });
  });
});
