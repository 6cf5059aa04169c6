import { describe, expect, it } from '@jest/globals';
import { explainSchemaFault, SchemaFault } from '../../../gateway/codec/schema-files.ts';
import { readStufPackage } from '../../../gateway/codec/stuf-package.ts';
import type { StufPackage, StufPackageProblem } from '../../../gateway/codec/stuf-package.ts';
import { readXsdFile, resolvePath } from '../../../gateway/codec/xsd-tree.ts';
import { patch, smallPackage, toFiles, xsd } from '../../support/stuf-package.ts';

const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';
const STUF = 'http://www.egem.nl/StUF/StUF0301';
const TOTAL = 'jz0100/jz0100_msg_totaal.xsd';

function read(texts: ReadonlyMap<string, string>): StufPackage {
  const result = readStufPackage(toFiles(texts));
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

function problemOf(texts: ReadonlyMap<string, string>): StufPackageProblem | undefined {
  const result = readStufPackage(toFiles(texts));
  return result.ok ? undefined : result.error;
}

const changed = (path: string, text: string): Map<string, string> => new Map([...smallPackage('1.0.9'), [path, text]]);

describe('readStufPackage', () => {
  it('finds the messages and the answers, of the version that the package says', () => {
    expect(read(smallPackage('1.0.9')).types).toEqual([
      { type: 'vtoDi01', namespace: JZ, version: '1.0.9', entry: TOTAL },
      { type: 'Bv01Bericht', namespace: STUF, version: '1.0.9', entry: TOTAL },
    ]);
  });

  it('leaves a package that compiles as it is', () => {
    const files = toFiles(smallPackage('1.0.9'));
    const result = readStufPackage(files);
    expect(result).toMatchObject({ ok: true, value: { repairs: [] } });
    if (result.ok) expect([...result.value.files]).toEqual([...files]);
  });

  it('repairs slashes and includes, and nothing else', () => {
    const { repairs, files } = read(smallPackage('1.0.9', { broken: true }));
    expect(repairs).toEqual([
      { kind: 'slashes', file: TOTAL, location: 'entiteiten/jz0100_stuf0301.xsd' },
      {
        kind: 'include',
        file: 'jz0100/entiteiten/jz0100_stuf0301.xsd',
        location: '../../bg0310/entiteiten/bg0310_stuf_simpleTypes.xsd',
      },
    ]);
    const untouched = toFiles(smallPackage('1.0.9', { broken: true })).get('0301/stuf0301.xsd');
    expect(files.get('0301/stuf0301.xsd')).toEqual(untouched);
  });

  it('keeps bytes of another encoding in a file that it repairs', () => {
    const broken = smallPackage('1.0.9', { broken: true });
    const text = (broken.get(TOTAL) ?? '').replace(
      '<?xml version="1.0"?>',
      '<?xml version="1.0" encoding="ISO-8859-1"?><!-- \u00e9 -->',
    );
    const files = new Map([...toFiles(broken), [TOTAL, Buffer.from(text, 'latin1')]]);
    const result = readStufPackage(files);
    expect(result.ok && Buffer.from(result.value.files.get(TOTAL) ?? []).includes(0xe9)).toBe(true);
  });

  it('takes what one schema lacks from the next, and a family alone where there is no whole', () => {
    const second = xsd(
      JZ,
      `${patch('1.0.9')}<xs:element name="uciDi01" type="xs:string"/><xs:element name="los" type="xs:string"/>`,
    );
    const { types } = read(changed('jz0100/uci.xsd', second));
    expect(types.map(({ type, entry }) => [type, entry])).toEqual([
      ['vtoDi01', TOTAL],
      ['Bv01Bericht', TOTAL],
      ['uciDi01', 'jz0100/uci.xsd'],
    ]);
  });

  it('goes on to another schema for a type where the first does not compile', () => {
    const alone = xsd(JZ, `${patch('1.0.9')}<xs:element name="uciDi01" type="xs:string"/>`);
    const all = xsd(
      JZ,
      `<xs:include schemaLocation="uci.xsd"/><xs:include schemaLocation="jz0100_msg_totaal.xsd"/>${patch('1.0.9')}<xs:element name="x" type="JZ:Weg"/>`,
    );
    const texts = new Map([...changed('jz0100/uci.xsd', alone), ['jz0100/alles.xsd', all]]);
    expect(read(texts).types.map(({ type, entry }) => [type, entry])).toEqual([
      ['vtoDi01', TOTAL],
      ['Bv01Bericht', TOTAL],
      ['uciDi01', 'jz0100/uci.xsd'],
    ]);
  });

  // libxml2 reads one file a namespace: what another import of it declares isn't there.
  it('counts a type only where the compiled schema knows it', () => {
    const other = xsd(STUF, '<xs:element name="Fo01Bericht" type="xs:string"/>');
    const both = (smallPackage('1.0.9').get(TOTAL) ?? '').replace(
      '<xs:annotation>',
      `<xs:import namespace="${STUF}" schemaLocation="fout.xsd"/><xs:annotation>`,
    );
    const texts = new Map([...changed('jz0100/fout.xsd', other), [TOTAL, both]]);
    expect(problemOf(texts)).toEqual({ kind: 'no-version', file: 'jz0100/fout.xsd' });
  });

  it.each<[string, ReadonlyMap<string, string>, StufPackageProblem]>([
    ['nothing at all', new Map(), { kind: 'no-types' }],
    [
      'schemas without a message',
      new Map([['a.xsd', xsd(JZ, '<xs:element name="a" type="xs:string"/>')]]),
      { kind: 'no-types' },
    ],
    ['a message that is no schema', new Map([['a.xsd', '<vtoDi01/>']]), { kind: 'no-types' }],
    ['a schema that is no XML', new Map([['a.xsd', '<xs:schema']]), { kind: 'no-types' }],
    [
      'a document type',
      new Map([
        ['a.xsd', `<!DOCTYPE schema [<!ENTITY a "b">]>${xsd(JZ, '<xs:element name="vtoDi01" type="xs:string"/>')}`],
      ]),
      { kind: 'no-types' },
    ],
    [
      'a message of another namespace',
      new Map([['a.xsd', xsd('urn:ander', '<xs:element name="vtoDi01" type="xs:string"/>')]]),
      { kind: 'no-types' },
    ],
    [
      'a name that would be a path',
      new Map([['a.xsd', xsd(JZ, '<xs:element name="../../vtoDi01" type="xs:string"/>')]]),
      { kind: 'no-types' },
    ],
    [
      'a namespace that would be markup',
      new Map([['a.xsd', xsd(`${JZ}&quot;/>`, '<xs:element name="vtoDi01" type="xs:string"/>')]]),
      { kind: 'no-types' },
    ],
    [
      'no version',
      new Map([['a.xsd', xsd(JZ, '<xs:element name="vtoDi01" type="xs:string"/>')]]),
      { kind: 'no-version', file: 'a.xsd' },
    ],
    [
      'a missing schema',
      changed(
        TOTAL,
        xsd(JZ, `<xs:include schemaLocation="weg.xsd"/>${patch('1.0.9')}<xs:element name="vtoDi01" type="xs:string"/>`),
      ),
      { kind: 'missing', file: 'jz0100/weg.xsd', from: TOTAL },
    ],
    [
      'a schema elsewhere',
      changed(
        TOTAL,
        xsd(
          JZ,
          `<xs:include schemaLocation="https://example.org/a.xsd"/>${patch('1.0.9')}<xs:element name="vtoDi01" type="xs:string"/>`,
        ),
      ),
      { kind: 'outside', file: TOTAL },
    ],
  ])('refuses %s', (_, texts, problem) => {
    expect(problemOf(texts)).toEqual(problem);
  });

  it('tells what the compiler says of a schema that is wrong', () => {
    const problem = problemOf(smallPackage('1.0.9', { extra: '<xs:element name="x" type="StUF:Weg"/>' }));
    expect(problem).toMatchObject({ kind: 'broken', explanation: expect.stringContaining('Weg') });
  });

  it('tells it also when the includes that it added were not enough', () => {
    const problem = problemOf(smallPackage('1.0.9', { broken: true, extra: '<xs:element name="x" type="StUF:Weg"/>' }));
    expect(problem).toMatchObject({ kind: 'broken', explanation: expect.not.stringContaining('Berichtcode') });
  });
});

describe('resolvePath', () => {
  it.each([
    ['a/b/c.xsd', '../d.xsd', 'a/d.xsd'],
    ['a/b/c.xsd', './d//e.xsd', 'a/b/d/e.xsd'],
    ['c.xsd', 'd.xsd', 'd.xsd'],
    ['a/c.xsd', '../../d.xsd', undefined],
    ['a/c.xsd', '/d.xsd', undefined],
    ['a/c.xsd', 'http://x/d.xsd', undefined],
    ['a/c.xsd', 'C:/d.xsd', undefined],
  ])('from %s, %s is %s', (from, location, path) => {
    expect(resolvePath(from, location)).toBe(path);
  });
});

describe('readXsdFile', () => {
  it('reads what a file declares, refers to and says of its version', () => {
    const text = `${patch('1.0.9')}${patch('28')}<xs:import namespace="a"/><xs:import namespace="b" schemaLocation="b.xsd"/>
      <xs:include schemaLocation="c.xsd"/><xs:element name="een"/><xs:element name="twee"/><xs:element type="a"/>
      <xs:annotation><xs:appinfo><a/></xs:appinfo></xs:annotation>`;
    expect(readXsdFile(Buffer.from(xsd('urn:x', text)))).toEqual({
      namespace: 'urn:x',
      elements: ['een', 'twee'],
      references: [
        { kind: 'include', location: 'c.xsd' },
        { kind: 'import', location: 'b.xsd' },
      ],
      patches: ['1.0.9'],
    });
  });

  it.each(['<a/>', '<xs:schema xmlns:xs="x"/>', '', '<!DOCTYPE a><a/>'])('finds no schema in %s', (text) => {
    expect(readXsdFile(Buffer.from(text))).toBeUndefined();
  });
});

describe('explainSchemaFault', () => {
  it('says what a schema fault says, and of anything else its text', () => {
    expect(explainSchemaFault(new SchemaFault('schemas/a.xsd: missing'))).toBe('schemas/a.xsd: missing');
    expect(explainSchemaFault(new TypeError('x'))).toBe('TypeError: x');
  });
});
