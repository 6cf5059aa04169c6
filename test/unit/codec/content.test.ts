import { describe, expect, it } from '@jest/globals';
import { placeOf, textsAt } from '../../../gateway/codec/content.ts';
import type { Content } from '../../../gateway/codec/content.ts';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import type { JsonValue } from '../../../gateway/codec/strict-json.ts';

const json = (inhoud: JsonValue): Content => ({ format: 'json', value: { stuurgegevens: {}, inhoud } });

function xml(text: string, stuf: boolean): Content {
  const opened = openXml(Buffer.from(text));
  if (!opened.ok) throw new RangeError(opened.error.code);
  return { format: 'xml', document: opened.value, stuf };
}

const wrapped = xml(
  `<bericht xmlns="urn:doorgeefluik:bericht:1"><stuurgegevens><code>0</code></stuurgegevens>
   <inhoud><t:opdrachtTb xmlns:t="urn:t"><t:code> 1 </t:code><t:d><t:code>2</t:code></t:d><t:d><t:code>3<!-- -->4</t:code></t:d></t:opdrachtTb></inhoud></bericht>`,
  false,
);
const stuf = xml(
  '<v:vciDi01 xmlns:v="urn:v"><v:object><v:code>1</v:code></v:object><v:object><v:code>2</v:code></v:object></v:vciDi01>',
  true,
);

describe('textsAt', () => {
  it.each<[string, JsonValue, readonly string[]]>([
    ['a', { a: 'x' }, ['x']],
    ['a', { a: true }, ['true']],
    ['a', { a: 2 }, ['2']],
    ['a', { a: null }, []],
    ['a', { a: {} }, ['{}']],
    ['a', { a: ['x', 'y', null] }, ['x', 'y']],
    ['a', { b: 'x' }, []],
    ['a/b', { a: { b: 'x' } }, ['x']],
    ['a/b', { a: [{ b: 'x' }, { c: 'y' }, { b: ['z'] }, 'b'] }, ['x', 'z']],
    ['a/b', { a: 'x' }, []],
  ])('finds at %s in %j the texts %j', (path, inhoud, texts) => {
    expect(textsAt(json(inhoud), path)).toEqual(texts);
  });

  it('reads our wrapper below the document it holds, a comment not cutting a text short', () => {
    expect(textsAt(wrapped, 'code')).toEqual(['1']);
    expect(textsAt(wrapped, 'd/code')).toEqual(['2', '34']);
    expect(textsAt(wrapped, 'e')).toEqual([]);
  });

  it('reads StUF below the document element', () => {
    expect(textsAt(stuf, 'object/code')).toEqual(['1', '2']);
    expect(textsAt(stuf, 'code')).toEqual([]);
  });
});

describe('placeOf', () => {
  const places = (content?: Content): readonly string[] => [
    placeOf({ subject: 'sender', name: 'virToegelaten' }, content),
    placeOf({ subject: 'recipient', name: 'category' }, content),
    placeOf({ subject: 'urgency' }, content),
    placeOf({ subject: 'processing', name: 'ground' }, content),
    placeOf({ subject: 'content', name: 'a/b' }, content),
  ];

  it('is said in names of the schema of each format', () => {
    const inJson = [
      '/stuurgegevens/afzender',
      '/stuurgegevens/ontvanger',
      '/stuurgegevens/urgent',
      '/stuurgegevens/verwerking/grondslag',
      '/inhoud/a/b',
    ];
    expect(places()).toEqual(inJson);
    expect(places(json({}))).toEqual(inJson);
    expect(places(wrapped)).toEqual([
      '/bericht/stuurgegevens/afzender',
      '/bericht/stuurgegevens/ontvanger',
      '/bericht/stuurgegevens/urgent',
      '/bericht/stuurgegevens/verwerking/grondslag',
      '/bericht/inhoud/opdrachtTb/a/b',
    ]);
    expect(places(stuf).slice(0, 2)).toEqual(['/vciDi01/stuurgegevens/zender', '/vciDi01/stuurgegevens/ontvanger']);
    expect(places(stuf)[4]).toBe('/vciDi01/a/b');
  });
});
