import { describe, expect, it } from '@jest/globals';
import { parseStrictYaml } from '../../../gateway/codec/strict-yaml.ts';

describe('parseStrictYaml', () => {
  it('reads a document; a date is a text and a number with leading zeros is none', () => {
    const read = parseStrictYaml("a: '0202'\nb: 2026-01-01\nc: [1, true, null]\n");
    expect(read).toEqual({ ok: true, value: { a: '0202', b: '2026-01-01', c: [1, true, null] } });
  });

  it.each([
    ['a name twice', 'a: 1\nb: 2\na: 3\n', 'regel 3'],
    ['an unknown tag', 'a: !!js/function x\n', 'regel 1'],
    ['a second document', 'a: 1\n---\nb: 2\n', 'regel 2'],
    ['a name that is no text', '? [a, b]\n: 1\n', 'regel 1'],
    ['an open bracket', 'a: [1\n', 'regel 2'],
    ['an unknown directive', '%ANDERS 1\n---\na: 1\n', 'regel 1'],
  ])('refuses %s and says on which line', (_name, text, place) => {
    expect(parseStrictYaml(text)).toEqual({ ok: false, error: [{ place, problem: 'geen geldige YAML' }] });
  });

  it('expands no alias, so that a small text never becomes a large one', () => {
    const refused = { ok: false, error: [{ place: 'alias', problem: 'een alias is niet toegestaan' }] };
    expect(parseStrictYaml('a: &a [x]\nb: [*a, *a]\n')).toEqual(refused);
  });

  it('takes a merge key for the name it is', () => {
    expect(parseStrictYaml('<<: {a: 1}\n')).toEqual({ ok: true, value: { '<<': { a: 1 } } });
  });
});
