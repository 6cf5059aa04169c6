import { describe, expect, it } from '@jest/globals';
import { err, ok } from '../../../gateway/domain/result.ts';

describe('ok and err', () => {
  it('hold a value or an error, told apart by one member', () => {
    expect(ok(1)).toEqual({ ok: true, value: 1 });
    expect(err('why')).toEqual({ ok: false, error: 'why' });
  });

  it('make no thenable, which await would call', () => {
    expect('then' in ok(undefined)).toBe(false);
    expect('then' in err(undefined)).toBe(false);
  });
});
