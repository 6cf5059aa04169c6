import { parse } from 'yaml';
import { describe, expect, it } from '@jest/globals';
import { compileCatalogue, elementKey } from '../../../gateway/codec/catalogue.ts';
import { layerSchemas } from '../../../gateway/codec/stuf-layers.ts';
import { buildPackage, verifyPackage } from '../../../gateway/codec/stuf-package-files.ts';
import type { StufSource } from '../../../gateway/codec/stuf-package-files.ts';
import { readStufPackage } from '../../../gateway/codec/stuf-package.ts';
import { composeSchemaFiles } from '../../../gateway/compose-standing.ts';
import { readSchemaFiles } from '../../support/standing.ts';
import { smallPackage, toFiles } from '../../support/stuf-package.ts';

const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';
const VTO = 'berichten/vtoDi01/1.0.9/definitie.yaml';
const shipped = readSchemaFiles();

function source(version: string, name = `${version}.zip`, texts = smallPackage(version)): StufSource {
  const read = readStufPackage(toFiles(texts));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return {
    name,
    sha256: `${version.replaceAll('.', '')}${name.length.toString(16)}`.padEnd(64, '0'),
    content: read.value,
  };
}

const packageOf = (...sources: readonly StufSource[]): Map<string, Uint8Array> =>
  new Map(buildPackage(sources, '2026-11-26T11:00:00.000Z').files);
const definitionAt = (files: ReadonlyMap<string, Uint8Array>, path: string): unknown =>
  parse(Buffer.from(files.get(path) ?? []).toString('utf8'));

describe('buildPackage', () => {
  it('makes what verifyPackage takes, and the catalogue compiles', () => {
    const files = packageOf(source('1.0.9'), source('1.0.8'));
    expect(verifyPackage(files)).toEqual({
      ok: true,
      value: { sources: [source('1.0.9').sha256, source('1.0.8').sha256] },
    });
    const { types } = compileCatalogue(files);
    expect(types.get('vtoDi01')?.map(({ version }) => version)).toEqual(['1.0.9', '1.0.8']);
  });

  it('takes a type that several zips have from the first of them', () => {
    const { types } = buildPackage([source('1.0.9', 'een.zip'), source('1.0.9', 'tweede.zip')], '');
    expect(types).toEqual([
      { type: 'vtoDi01', version: '1.0.9', from: 'een.zip', alsoIn: ['tweede.zip'] },
      { type: 'Bv01Bericht', version: '1.0.9', from: 'een.zip', alsoIn: ['tweede.zip'] },
    ]);
  });

  it('compiles a schema once for all types that it declares', () => {
    const { types } = compileCatalogue(packageOf(source('1.0.9')));
    expect(types.get('vtoDi01')?.[0]?.xsd).toBe(types.get('Bv01Bericht')?.[0]?.xsd);
  });
});

describe('verifyPackage', () => {
  const files = packageOf(source('1.0.9', 'a.zip', smallPackage('1.0.9', { broken: true })));
  const withFile = (path: string, text: string): Map<string, Uint8Array> =>
    new Map([...files, [path, Buffer.from(text)]]);
  const without = (path: string): Map<string, Uint8Array> => new Map([...files].filter(([name]) => name !== path));
  it('names the zips that the manifest names', () => {
    const bare = new Map([['pakket.json', Buffer.from('{"bestanden":[],"bronnen":[{},{"sha256":"a"}]}')]]);
    expect(verifyPackage(bare)).toEqual({ ok: true, value: { sources: ['a'] } });
  });

  it.each([
    ['a changed file', withFile(VTO, 'x: 1'), `${VTO} is veranderd na het importeren`],
    [
      'a file too many',
      withFile('stuurgegevens.schema.json', '{}'),
      'stuurgegevens.schema.json hoort niet bij het pakket',
    ],
    ['a missing file', without(VTO), `${VTO} ontbreekt`],
    ['no manifest', without('pakket.json'), 'pakket.json ontbreekt'],
    ['a broken manifest', withFile('pakket.json', '{'), 'pakket.json is niet te lezen'],
    [
      'a manifest that lists without a path',
      new Map([['pakket.json', Buffer.from('{"bestanden":[{}],"bronnen":[{}]}')]]),
      'een bestand zonder naam ontbreekt',
    ],
  ])('refuses %s', (_, changed, error) => {
    expect(verifyPackage(changed)).toEqual({ ok: false, error });
  });
});

describe('layerSchemas', () => {
  const imported = packageOf(source('1.0.9'));

  it('leaves the shipped schemas as they are where nothing was imported', () => {
    const files = layerSchemas({ shipped, imported: undefined, environment: 'ontwikkeling' });
    expect([...files]).toEqual([...shipped]);
  });

  it('puts an imported type in the place of the shipped one, and keeps the others', () => {
    const files = layerSchemas({ shipped, imported, environment: 'acceptatie' });
    expect(definitionAt(files, VTO)).toMatchObject({ xsd: expect.stringMatching(/^\/officieel\/.*totaal\.xsd$/) });
    expect(files.get('berichten/notificatieDi01/1.0.9/definitie.yaml')).toBe(
      shipped.get('berichten/notificatieDi01/1.0.9/definitie.yaml'),
    );
    const { types, byElement } = compileCatalogue(files);
    expect(types.get('vtoDi01')?.map(({ version }) => version)).toEqual(['1.0.9']);
    expect(byElement.get(elementKey(JZ, 'vtoDi01'))).toHaveLength(1);
    expect(types.has('notificatieDi01')).toBe(true);
  });

  it('sets another version beside the shipped one, newest first', () => {
    const { types } = compileCatalogue(
      layerSchemas({ shipped, imported: packageOf(source('1.0.10'), source('1.0.8')), environment: 'ontwikkeling' }),
    );
    expect(types.get('vtoDi01')?.map(({ version }) => version)).toEqual(['1.0.10', '1.0.9', '1.0.8']);
  });

  it('has no StUF type in productie but those of the package', () => {
    const { types, byElement } = compileCatalogue(layerSchemas({ shipped, imported, environment: 'productie' }));
    expect([...byElement.values()].flat().map(({ type }) => type)).toEqual(['vtoDi01', 'Bv01Bericht']);
    expect(types.has('opdrachtTb')).toBe(true);
  });

  it('has no StUF type at all in productie without a package', () => {
    const { byElement, types } = compileCatalogue(
      layerSchemas({ shipped, imported: undefined, environment: 'productie' }),
    );
    expect(byElement.size).toBe(0);
    expect(types.size).toBeGreaterThan(0);
  });

  it.each(['1.0.9', '1.0.8'])('keeps our own rules of a type for version %s of it', (version) => {
    const rules = [{ regel: 'X', xpath: 'true()' }];
    const base = definitionAt(shipped, VTO) as object;
    const ours = new Map<string, Uint8Array>([
      ...shipped,
      [VTO, Buffer.from(JSON.stringify({ ...base, bedrijfsregels: rules }))],
      ['berichten/vtoDi01/1.0.2/definitie.yaml', Buffer.from(JSON.stringify({ ...base, versie: '1.0.2' }))],
    ]);
    const files = layerSchemas({ shipped: ours, imported: packageOf(source(version)), environment: 'productie' });
    expect(definitionAt(files, `berichten/vtoDi01/${version}/definitie.yaml`)).toMatchObject({
      versie: version,
      bedrijfsregels: rules,
      xsd: expect.stringMatching(/^\/officieel\//),
    });
  });

  it('takes nothing from a package but StUF types and their schemas', () => {
    const odd = new Map([...imported, ['stuurgegevens.schema.json', Buffer.from('{}')] as const]);
    const files = layerSchemas({ shipped, imported: odd, environment: 'productie' });
    expect(files.get('stuurgegevens.schema.json')).toBe(shipped.get('stuurgegevens.schema.json'));
    const foreign = new Map([['berichten/opdrachtTb/1.0/definitie.yaml', Buffer.from('vorm: eigen\n')]]);
    expect(() => composeSchemaFiles({ shipped, imported: foreign, environment: 'productie' })).toThrow(
      expect.objectContaining({
        code: 'ERR_SCHEMAS_INVALID',
        explanation: "De schema's kloppen niet: stufpakket/berichten/opdrachtTb/1.0/definitie.yaml: geen StUF-type",
      }),
    );
  });

  it('takes a type that we ship no version of as the package has it', () => {
    const files = layerSchemas({ shipped: new Map(), imported, environment: 'productie' });
    expect(definitionAt(files, VTO)).toEqual(definitionAt(imported, VTO));
  });

  it.each(['[', '[]', 'x'])('leaves a definition that is none (%s) to whoever compiles it', (text) => {
    const files = layerSchemas({
      shipped,
      imported: new Map([[VTO, Buffer.from(text)]]),
      environment: 'ontwikkeling',
    });
    expect(() => compileCatalogue(files)).toThrow(expect.objectContaining({ code: 'ERR_SCHEMAS_INVALID' }));
  });
});
