import { describe, expect, it } from '@jest/globals';
import { compileBusinessRules } from '../../../gateway/codec/business-rules.ts';
import type { Content } from '../../../gateway/codec/content.ts';
import type { JsonObject, JsonValue } from '../../../gateway/codec/strict-json.ts';
import { openXml } from '../../../gateway/codec/xml-document.ts';

const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';
const json = (inhoud: JsonValue): Content => ({ format: 'json', value: { stuurgegevens: {}, inhoud } });

function xml(inner: string): Content {
  const opened = openXml(Buffer.from(`<JZ:a xmlns:JZ="${JZ}">${inner}</JZ:a>`));
  if (!opened.ok) throw new RangeError(opened.error.code);
  return { format: 'xml', document: opened.value, stuf: true };
}

function brokenBy(rule: JsonObject): (content: Content) => boolean {
  const rules = compileBusinessRules([{ regel: 'R-1', pad: '/a/b', ...rule }]);
  return (content) => rules.validate(content).length > 0;
}

describe('compileBusinessRules', () => {
  it('names every rule that is broken with its place, in their order', () => {
    const rules = compileBusinessRules([
      { regel: 'CORV-A9.1', pad: '/a/b', xpath: 'count(/JZ:a/JZ:b) = 1' },
      { regel: 'CORV-A9.2', pad: '/a', xpath: 'true()' },
      { regel: 'CORV-A9.6', pad: '/a/b/@c', uniek: '/JZ:a/JZ:b/@c' },
    ]);
    expect(rules.validate(xml('<JZ:b c="1"/><JZ:b c="1"/>'))).toEqual([
      { path: '/a/b', rule: 'CORV-A9.1' },
      { path: '/a/b/@c', rule: 'CORV-A9.6' },
    ]);
    expect(rules.validate(xml('<JZ:b c="1"/>'))).toEqual([]);
  });

  it('judges an XPath that must be true', () => {
    const isBroken = brokenBy({ xpath: "not(/JZ:a/JZ:b[. = 'x:y(z)']) and /child::JZ:a" });
    expect([xml('<JZ:b>x</JZ:b>'), xml('<JZ:b>x:y(z)</JZ:b>'), json({})].map(isBroken)).toEqual([false, true, true]);
  });

  it('judges texts that may occur once, those that are empty aside', () => {
    const isBroken = brokenBy({ uniek: '/JZ:a/JZ:b' });
    const texts = ['<JZ:b>1</JZ:b><JZ:b>2</JZ:b>', '<JZ:b>1</JZ:b><JZ:b>1</JZ:b>', '<JZ:b/><JZ:b/>'];
    expect([...texts.map(xml), json({})].map(isBroken)).toEqual([false, true, false, true]);
  });

  it('judges the octets that base64 stands for, together', () => {
    const isBroken = brokenBy({ bijlagen: { xpath: '/JZ:a/JZ:b', octetten: 5 } });
    const parts = (...texts: readonly string[]): Content => xml(texts.map((text) => `<JZ:b>${text}</JZ:b>`).join(''));
    const base64 = (length: number): string => Buffer.alloc(length).toString('base64');
    expect(
      [parts(base64(5)), parts(base64(6)), parts(base64(2), base64(3)), parts(base64(2), base64(4))].map(isBroken),
    ).toEqual([false, true, false, true]);
    // White space, a comment and CDATA are no octets, whatever they stand between.
    expect(isBroken(parts('AA\r\n AA\t<!--AAAAAAAA--><![CDATA[AAA=]]>'))).toBe(false);
    expect(isBroken(parts('AAAA<?p AAAA?><![CDATA[AAAA]]>'))).toBe(true);
    expect([isBroken(xml('')), isBroken(json({}))]).toEqual([false, true]);
  });

  it('judges a date that may lie no more than so many years after another', () => {
    const isBroken = brokenBy({ hoogstens: { van: 'datum', tot: 'eind', jaren: 2 } });
    const dates = (datum: JsonValue, eind: JsonValue): boolean => isBroken(json({ datum, eind }));
    expect(dates('2026-11-25', '2028-11-25')).toBe(false);
    expect(dates('2026-11-25T10:00:00.000Z', '2028-11-25')).toBe(false);
    expect(dates('2026-11-25', '2028-11-26')).toBe(true);
    expect(dates('2026-11-25', '2026-11-24')).toBe(true);
    expect(dates('2024-02-29', '2026-02-28')).toBe(false);
    expect(dates('2024-02-29', '2026-03-01')).toBe(true);
    expect(dates('2026-11-25', ['2027-01-01', '2029-01-01'])).toBe(true);
    expect(dates(null, null)).toBe(false);
    expect(dates(null, '2026-11-25')).toBe(true);
    expect(dates(['2026-11-25', '2026-11-26'], '2026-11-27')).toBe(true);
    expect(isBroken(xml(''))).toBe(false);
  });

  it.each<[string, JsonObject, RegExp]>([
    ['no name', { pad: '/a', xpath: 'true()' }, /^a business rule has no name$/],
    ['no place', { regel: 'R-1', xpath: 'true()' }, /^R-1: pad/],
    ['a place with a value', { regel: 'R-1', pad: '/a[.="x"]', xpath: 'true()' }, /^R-1: pad/],
    ['no kind', { regel: 'R-1', pad: '/a' }, /^R-1: not one rule/],
    ['two kinds', { regel: 'R-1', pad: '/a', xpath: 'true()', uniek: '/JZ:a' }, /^R-1: not one rule/],
    ['another kind', { regel: 'R-1', pad: '/a', xslt: 'true()' }, /^R-1: not one rule/],
    ['an XPath that is none', { regel: 'R-1', pad: '/a', xpath: '/JZ:a[' }, /^R-1: xpath can't be used$/],
    ['an XPath that is no text', { regel: 'R-1', pad: '/a', xpath: 1 }, /^R-1: xpath can't be used$/],
    ['an unknown prefix', { regel: 'R-1', pad: '/a', xpath: 'not(/JZ:a/X:b)' }, /^R-1: xpath can't be used$/],
    ['an unknown function', { regel: 'R-1', pad: '/a', xpath: 'not(/JZ:a[matches(., "x")])' }, /^R-1: xpath can't/],
    ['an XPath that is no condition', { regel: 'R-1', pad: '/a', xpath: '/JZ:a' }, /^R-1: xpath can't be used$/],
    ['a condition for nodes', { regel: 'R-1', pad: '/a', uniek: 'true()' }, /^R-1: uniek can't be used$/],
    ['a limit that is none', { regel: 'R-1', pad: '/a', bijlagen: '/JZ:a' }, /^R-1: bijlagen can't be used$/],
    [
      'a limit without number',
      { regel: 'R-1', pad: '/a', bijlagen: { xpath: '/JZ:a' } },
      /^R-1: bijlagen can't be used$/,
    ],
    ['a period that is none', { regel: 'R-1', pad: '/a', hoogstens: 2 }, /^R-1: hoogstens can't be used$/],
    ['half a period', { regel: 'R-1', pad: '/a', hoogstens: { van: 'a', jaren: 2 } }, /^R-1: hoogstens can't be used$/],
  ])('refuses a rule with %s', (_what, row, message) => {
    expect(() => compileBusinessRules([row])).toThrow(message);
  });
});
