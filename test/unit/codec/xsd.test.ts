import { afterEach, describe, expect, it } from '@jest/globals';
import { openXml } from '../../../gateway/codec/xml-document.ts';
import { SchemaFault } from '../../../gateway/codec/schema-files.ts';
import { compileWrapperXsd, compileXsd } from '../../../gateway/codec/xsd.ts';
import type { XsdSchema } from '../../../gateway/codec/xsd.ts';
import type { Violation } from '../../../gateway/domain/rejection.ts';

const schema = (body: string, namespace = 'urn:t'): string =>
  `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="${namespace}" targetNamespace="${namespace}" elementFormDefault="qualified">${body}</xs:schema>`;
const simple = (name: string, base: string, facets: string): string =>
  `<xs:element name="${name}" minOccurs="0"><xs:simpleType><xs:restriction base="xs:${base}">${facets}</xs:restriction></xs:simpleType></xs:element>`;

const ALL = schema(
  '<xs:element name="r"><xs:complexType><xs:sequence>' +
    '<xs:element name="tekst" minOccurs="0" maxOccurs="2"><xs:simpleType><xs:restriction base="xs:string"><xs:minLength value="1"/><xs:maxLength value="3"/></xs:restriction></xs:simpleType></xs:element>' +
    simple('patroon', 'string', '<xs:pattern value="[0-9]*"/>') +
    simple('getal', 'int', '<xs:minInclusive value="3"/><xs:maxInclusive value="9"/>') +
    simple('tussen', 'int', '<xs:minExclusive value="3"/><xs:maxExclusive value="9"/>') +
    simple('keuze', 'string', '<xs:enumeration value="ja"/>') +
    simple('lang', 'string', '<xs:length value="3"/>') +
    '<xs:element name="dag" type="xs:date" minOccurs="0"/>' +
    '<xs:element name="vast" type="xs:string" fixed="vast" minOccurs="0"/>' +
    '<xs:element name="lijst" minOccurs="0"><xs:simpleType><xs:list itemType="xs:int"/></xs:simpleType></xs:element>' +
    '<xs:element name="groep" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="een"/><xs:element name="twee"/><xs:choice><xs:element name="drie"/><xs:element name="vier"/></xs:choice></xs:sequence>' +
    '<xs:attribute name="soort" use="required" type="xs:int"/><xs:attribute name="eenheid" fixed="dag"/></xs:complexType></xs:element>' +
    '<xs:element name="rij" minOccurs="0"><xs:complexType><xs:sequence><xs:element name="cel" maxOccurs="unbounded" type="xs:int"/></xs:sequence></xs:complexType></xs:element>' +
    '<xs:element name="open" minOccurs="0"><xs:complexType><xs:sequence><xs:any namespace="##other" processContents="strict"/></xs:sequence></xs:complexType></xs:element>' +
    '</xs:sequence></xs:complexType></xs:element>',
);

const schemas: XsdSchema[] = [];
afterEach(() => {
  for (const one of schemas.splice(0)) one.dispose();
});

const filesOf = (files: Readonly<Record<string, string>>): ReadonlyMap<string, Uint8Array> =>
  new Map(Object.entries(files).map(([path, text]) => [path, Buffer.from(text)]));
const compile = (files: Readonly<Record<string, string>>, entry: string): XsdSchema => {
  const compiled = compileXsd(filesOf(files), entry);
  schemas.push(compiled);
  return compiled;
};

function validate(compiled: XsdSchema, text: string): readonly Violation[] {
  const message = openXml(Buffer.from(text));
  if (!message.ok) throw new Error(message.error.code);
  const violations = compiled.validate(message.value);
  message.value.dispose();
  return violations;
}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
const check = (body: string): readonly string[] =>
  validate(compile({ 'a.xsd': ALL }, 'a.xsd'), `<r xmlns="urn:t" xmlns:xsi="${XSI}">${body}</r>`).map(
    ({ path, rule }) => `${path} ${rule}`,
  );

describe('XsdSchema.validate', () => {
  it.each([
    '',
    '<tekst>é€𐍈</tekst><tekst>2</tekst><getal>3</getal><dag>2026-11-22</dag>',
    '<groep soort="1" eenheid="dag"><een/><twee/><vier/></groep>',
    '<!-- x --><dag>2026<!-- x -->-11-22</dag>',
  ])('finds nothing in the valid %j', (body) => {
    expect(check(body)).toEqual([]);
  });

  it.each([
    ['<tekst>1234</tekst>', '/r/tekst maxLength'],
    ['<tekst/>', '/r/tekst minLength'],
    ['<patroon>x</patroon>', '/r/patroon pattern'],
    ['<getal>2</getal>', '/r/getal minimum'],
    ['<getal>10</getal>', '/r/getal maximum'],
    ['<getal>x</getal>', '/r/getal type'],
    ['<tussen>3</tussen>', '/r/tussen minimum'],
    ['<tussen>9</tussen>', '/r/tussen maximum'],
    ['<keuze>nee</keuze>', '/r/keuze enum'],
    ['<lang>1</lang>', '/r/lang other'],
    ['<dag>2026-02-30</dag>', '/r/dag type'],
    ['<vast>los</vast>', '/r/vast fixed'],
    ['<lijst>1 x</lijst>', '/r/lijst type'],
    ['<getal><een/></getal>', '/r/getal type'],
    ['vrije tekst', '/r type'],
    ['<tekst>1</tekst><tekst>2</tekst><tekst>3</tekst>', '/r/tekst[3] occurs'],
    ['<tekst>1</tekst><tekst>1234</tekst>', '/r/tekst[2] maxLength'],
    ['<rij><cel>1</cel><cel>x</cel><cel>3</cel></rij>', '/r/rij/cel[2] type'],
    ['<onbekend/>', '/r/* unknown'],
    ['<x:onbekend xmlns:x="urn:kwaad"/>', '/r/* unknown'],
    ['<getal onbekend="1">3</getal>', '/r/getal/@* unknown'],
    ['<getal soort="1">3</getal>', '/r/getal/@soort unknown'],
    [`<getal xsi:type="onbekend">3</getal>`, '/r/getal/@* type'],
    ['<groep soort="x"><een/><twee/><drie/></groep>', '/r/groep/@soort type'],
    ['<groep soort="1" eenheid="uur"><een/><twee/><drie/></groep>', '/r/groep/@eenheid fixed'],
    ['<groep><een/><twee/><drie/></groep>', '/r/groep/@soort required'],
    ['<groep soort="1"><een/></groep>', '/r/groep/twee required'],
    ['<groep soort="1"><een/><twee/></groep>', '/r/groep required'],
    ['<groep soort="1"><twee/><drie/></groep>', '/r/groep/een required'],
    ['<groep soort="1"><een/><twee/><drie/><vier/></groep>', '/r/groep/vier unknown'],
    ['<dag>2026-11-22</dag><getal>3</getal>', '/r/getal unknown'],
    ['<open/>', '/r/open required'],
    ['<open><x xmlns="urn:x"/></open>', '/r/open/* unknown'],
    [`<open><x xmlns="urn:x" xsi:schemaLocation="urn:x file:///etc/passwd"/></open>`, '/r/open/* unknown'],
  ])('reports %j as %s', (body, expected) => {
    expect(check(body)).toEqual([expected]);
  });

  it('reports another root than the schema has', () => {
    const compiled = compile({ 'a.xsd': ALL }, 'a.xsd');
    expect(validate(compiled, '<anders xmlns="urn:t"/>')).toEqual([{ path: '/*', rule: 'unknown' }]);
    expect(validate(compiled, '<r/>')).toEqual([{ path: '/r', rule: 'unknown' }]);
  });

  it('holds no value and no name of the document', () => {
    const canary = 'kanarie';
    const bodies = [
      `<getal ${canary}="1">3</getal>`,
      `<${canary}/>`,
      `<getal>${canary}</getal>`,
      `<x:${canary} xmlns:x="urn:${canary}'"/>`,
      `<keuze>' attribute '${canary}'</keuze>`,
      canary,
    ];
    for (const body of bodies) expect(JSON.stringify(check(body))).not.toContain(canary);
  });

  it('reports at most 20, each once, in time proportional to the size', () => {
    const start = performance.now();
    const reports = check(`<rij>${'<cel>x</cel>'.repeat(100_000)}</rij>`);
    expect(reports).toHaveLength(20);
    expect(reports[19]).toBe('/r/rij/cel[20] type');
    expect(performance.now() - start).toBeLessThan(20_000);
  });

  it('fails loudly on what was disposed of', () => {
    const compiled = compile({ 'a.xsd': ALL }, 'a.xsd');
    const message = openXml(Buffer.from('<r xmlns="urn:t"/>'));
    if (!message.ok) throw new Error(message.error.code);
    message.value.dispose();
    expect(() => compiled.validate(message.value)).toThrow(TypeError);
  });
});

describe('compileXsd', () => {
  const faultOf = (run: () => unknown): string => {
    try {
      run();
    } catch (error) {
      if (error instanceof SchemaFault) return `${error.code} ${error.explanation}`;
      throw error;
    }
    return 'compiled';
  };

  const PART = schema('<xs:element name="deel" type="xs:int"/>', 'urn:part');
  const MAIN = schema(
    '<xs:import namespace="urn:part" schemaLocation="../delen/deel.xsd"/><xs:include schemaLocation="soorten.xsd"/>' +
      '<xs:element name="geheel"><xs:complexType><xs:sequence><xs:element ref="p:deel" xmlns:p="urn:part"/><xs:element name="a" type="t:Kort"/></xs:sequence></xs:complexType></xs:element>',
  );
  const KINDS = schema(
    '<xs:simpleType name="Kort"><xs:restriction base="xs:string"><xs:maxLength value="1"/></xs:restriction></xs:simpleType>',
  );
  const FILES = { 'x/geheel.xsd': MAIN, 'x/soorten.xsd': KINDS, 'delen/deel.xsd': PART };

  it('finds includes and imports among the files', () => {
    const compiled = compile(FILES, 'x/geheel.xsd');
    const document = (deel: string, a: string): string =>
      `<geheel xmlns="urn:t"><p:deel xmlns:p="urn:part">${deel}</p:deel><a>${a}</a></geheel>`;
    expect(validate(compiled, document('1', 'x'))).toEqual([]);
    expect(validate(compiled, document('x', 'xx'))).toEqual([
      { path: '/geheel/deel', rule: 'type' },
      { path: '/geheel/a', rule: 'maxLength' },
    ]);
  });

  it.each<[string, Readonly<Record<string, string>>, string]>([
    ['the entry is missing', {}, 'schemas/a.xsd: missing'],
    ['the entry is malformed', { 'a.xsd': '<xs:schema' }, 'schemas/a.xsd: Error: '],
    ['the entry is no schema', { 'a.xsd': '<x/>' }, 'schemas/a.xsd: Error: '],
    ['a type is missing', { 'a.xsd': schema('<xs:element name="a" type="t:B"/>') }, 'schemas/a.xsd: Error: '],
    [
      'an import is missing',
      { 'a.xsd': schema('<xs:import namespace="urn:b" schemaLocation="b.xsd"/>') },
      'schemas/a.xsd: missing b.xsd',
    ],
    ['an include is missing', { 'a.xsd': schema('<xs:include schemaLocation="../b.xsd"/>') }, 'schemas/a.xsd: '],
    [
      'an import is on disk',
      { 'a.xsd': schema('<xs:import namespace="urn:b" schemaLocation="file:///etc/hostname"/>') },
      'schemas/a.xsd: missing file:///etc/hostname',
    ],
    [
      'an import is on the network',
      { 'a.xsd': schema('<xs:import namespace="urn:b" schemaLocation="http://127.0.0.1/b.xsd"/>') },
      'schemas/a.xsd: missing http://127.0.0.1/b.xsd',
    ],
  ])('says so when %s', (_name, files, expected) => {
    expect(faultOf(() => compileXsd(filesOf(files), 'a.xsd'))).toContain(`ERR_SCHEMAS_INVALID ${expected}`);
  });

  it('compiles a wrapper with the schema of what it holds', () => {
    const wrapper = schema(
      '<xs:element name="bericht"><xs:complexType><xs:sequence><xs:element name="inhoud"><xs:complexType><xs:sequence><xs:any namespace="##other" processContents="strict"/></xs:sequence></xs:complexType></xs:element></xs:sequence></xs:complexType></xs:element>',
      'urn:wrapper',
    );
    const files = filesOf({ ...FILES, 'bericht.xsd': wrapper });
    const compiled = compileWrapperXsd(files, 'bericht.xsd', 'x/geheel.xsd');
    schemas.push(compiled);
    const wrap = (content: string): string => `<bericht xmlns="urn:wrapper"><inhoud>${content}</inhoud></bericht>`;
    expect(validate(compiled, wrap('<geheel xmlns="urn:t"><deel xmlns="urn:part">1</deel><a>x</a></geheel>'))).toEqual(
      [],
    );
    expect(validate(compiled, wrap('<geheel xmlns="urn:t"><deel xmlns="urn:part">1</deel></geheel>'))).toEqual([
      { path: '/bericht/inhoud/geheel/a', rule: 'required' },
    ]);
    expect(validate(compiled, wrap('<anders xmlns="urn:anders"/>'))).toEqual([
      { path: '/bericht/inhoud/*', rule: 'unknown' },
    ]);
    expect(faultOf(() => compileWrapperXsd(files, 'bericht.xsd', 'y.xsd'))).toBe(
      'ERR_SCHEMAS_INVALID schemas/y.xsd: missing',
    );
    const nameless = filesOf({
      'bericht.xsd': wrapper,
      'y.xsd': '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>',
    });
    expect(faultOf(() => compileWrapperXsd(nameless, 'bericht.xsd', 'y.xsd'))).toBe(
      'ERR_SCHEMAS_INVALID schemas/y.xsd: no targetNamespace',
    );
  });
});
