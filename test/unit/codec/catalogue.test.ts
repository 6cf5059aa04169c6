import { describe, expect, it } from '@jest/globals';
import { compareVersions, compileCatalogue, elementKey } from '../../../gateway/codec/catalogue.ts';
import { readTypeFolders } from '../../support/schema-folder.ts';
import { readSchemaFiles } from '../../support/standing.ts';

const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';
const STUF = 'http://www.egem.nl/StUF/StUF0301';
const files = readSchemaFiles();
const folders = readTypeFolders().map(({ definition }) => definition);

function withDefinition(path: string, lines: Readonly<Record<string, string>>): ReadonlyMap<string, Buffer> {
  const text = Object.entries(lines)
    .map(([key, value]) => `${key}: ${value}\n`)
    .join('');
  return new Map([...files, [path, Buffer.from(text)]]);
}

const NEWER = {
  berichttype: 'opdrachtTb',
  versie: '"1.10"',
  vorm: 'eigen',
  formaten: '[json]',
  namespace: 'urn:doorgeefluik:opdrachtTb:1.0',
  element: 'opdrachtTb',
  jsonSchema: 'inhoud.schema.json',
  omschrijving: 'Een nieuwere.',
};

describe('compileCatalogue', () => {
  const catalogue = compileCatalogue(files);

  it('holds every type of the folder in both its indexes', () => {
    const stuf = folders.filter(({ vorm }) => vorm === 'stuf');
    expect([...catalogue.types.keys()].sort()).toEqual(
      [...new Set(folders.map(({ berichttype }) => berichttype))].sort(),
    );
    expect([...catalogue.elementNames].sort()).toEqual([...new Set(stuf.map(({ element }) => element))].sort());
    expect(stuf.filter(({ namespace }) => namespace === STUF).map(({ element }) => element)).toContain('Bv01Bericht');
    for (const { namespace, element, berichttype } of stuf) {
      expect(catalogue.byElement.get(elementKey(namespace, element))).toEqual(catalogue.types.get(berichttype));
    }
    expect([...catalogue.byElement.keys()].filter((key) => key.includes('opdrachtTb'))).toEqual([]);
  });

  it('tells what a type is and holds a schema for each of its formats', () => {
    const [vto] = catalogue.types.get('vtoDi01') ?? [];
    const [opdracht] = catalogue.types.get('opdrachtTb') ?? [];
    expect(vto).toMatchObject({ type: 'vtoDi01', version: '1.0.9', kind: 'stuf', formats: ['xml'], namespace: JZ });
    expect(vto?.jsonSchema).toBeUndefined();
    expect(opdracht).toMatchObject({ version: '1.0', kind: 'own', formats: ['json', 'xml'], element: 'opdrachtTb' });
    expect([opdracht?.xsd, opdracht?.jsonSchema]).not.toContain(undefined);
    expect(opdracht?.description).toMatch(/^Opdracht/);
  });

  it('takes a new version of a type as data only, newest first', () => {
    const added = compileCatalogue(
      new Map([
        ...withDefinition('berichten/opdrachtTb/1.10/definitie.yaml', NEWER),
        ['berichten/opdrachtTb/1.10/inhoud.schema.json', renamed()],
      ]),
    );
    expect(added.types.get('opdrachtTb')?.map(({ version }) => version)).toEqual(['1.10', '1.0']);
    expect(added.types.get('opdrachtTb')?.[0]?.xsd).toBeUndefined();
  });

  it.each([
    [
      'a schema that is missing',
      { ...NEWER, jsonSchema: 'weg.json' },
      /^schemas\/berichten\/a\/1\.0\/weg\.json: missing$/,
    ],
    [
      'an XSD that is missing',
      { ...NEWER, formaten: '[xml]', xsd: 'weg.xsd' },
      /^schemas\/berichten\/a\/1\.0\/weg\.xsd: missing$/,
    ],
    ['a format without schema', { ...NEWER, formaten: '[json, xml]' }, /definitie\.yaml: TypeError: xsd is missing$/],
    ['a definition that lacks what it must have', { ...NEWER, namespace: '[]' }, /TypeError: namespace is missing$/],
    [
      'a name that nobody reads',
      { ...NEWER, bedrijfregels: '[]' },
      /definitie\.yaml: TypeError: unknown: bedrijfregels$/,
    ],
    ['a class that there is not', { ...NEWER, klasse: 'dit' }, /TypeError: klasse is dat or wat$/],
    ['class dat in XML', { ...NEWER, klasse: 'dat', formaten: '[xml]', xsd: 'inhoud.xsd' }, /klasse dat is JSON only$/],
    ['class dat with free text', { ...NEWER, klasse: 'dat' }, /klasse dat leaves room for free text at \/properties/],
    [
      'a rule that can be judged by nobody',
      { ...NEWER, bedrijfsregels: '[{ regel: V4, pad: /inhoud, xpath: "X:a" }]' },
      /V4: xpath can't be used$/,
    ],
    ['YAML that is none', { berichttype: '[' }, /definitie\.yaml: regel 2: geen geldige YAML$/],
    ['a JSON Schema that is none', { ...NEWER, jsonSchema: '../../../bericht.xsd' }, /definitie\.yaml: SyntaxError/],
  ])('refuses %s and names the file', (_name, definition, explanation) => {
    const broken = new Map([
      ...withDefinition('berichten/a/1.0/definitie.yaml', definition),
      ['berichten/a/1.0/inhoud.schema.json', renamed()],
      ['berichten/a/1.0/inhoud.xsd', files.get('berichten/opdrachtTb/1.0/inhoud.xsd') ?? Buffer.of()],
      ['berichten/a/1.0/../../../bericht.xsd', Buffer.from('<xs:schema/>')],
    ]);
    expect(faultOf(broken)).toMatchObject({
      code: 'ERR_SCHEMAS_INVALID',
      explanation: expect.stringMatching(explanation),
    });
  });

  it('refuses a definition that is a list', () => {
    const broken = new Map([...files, ['berichten/a/1.0/definitie.yaml', Buffer.from('- vorm\n')]]);
    expect(faultOf(broken)).toMatchObject({ explanation: expect.stringMatching(/vorm is missing$/) });
  });

  it('refuses a definition that is not UTF-8', () => {
    const broken = new Map([...files, ['berichten/a/1.0/definitie.yaml', Buffer.from([0xff])]]);
    expect(faultOf(broken)).toMatchObject({ explanation: 'schemas/berichten/a/1.0/definitie.yaml: not UTF-8' });
  });

  it('looks at no definition outside berichten/<type>/<version>', () => {
    const elsewhere = new Map([
      ...files,
      ['definitie.yaml', Buffer.from('{')],
      ['berichten/a/definitie.yaml', Buffer.from('{')],
    ]);
    expect([...compileCatalogue(elsewhere).types.keys()]).toEqual([...catalogue.types.keys()]);
  });
});

describe('compareVersions', () => {
  it('orders by number, not by text', () => {
    expect(['1.0.9', '1.10', '1.9', '0.9', '2'].sort(compareVersions)).toEqual(['0.9', '1.0.9', '1.9', '1.10', '2']);
  });
});

function faultOf(broken: ReadonlyMap<string, Buffer>): unknown {
  try {
    compileCatalogue(broken);
    return undefined;
  } catch (error) {
    return error;
  }
}

function renamed(): Buffer {
  const text = files.get('berichten/opdrachtTb/1.0/inhoud.schema.json')?.toString('utf8') ?? '';
  return Buffer.from(text.replace(/"\$id": "[^"]*"/, '"$id": "urn:doorgeefluik:schema:opdrachtTb:1.10"'));
}
