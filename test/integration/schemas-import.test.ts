import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { importPackage } from '../../cli/stuf-package/import-package.ts';
import { installPackage } from '../../cli/stuf-package/install-package.ts';
import { compileCatalogue, elementKey } from '../../gateway/codec/catalogue.ts';
import type { Catalogue } from '../../gateway/codec/catalogue.ts';
import { layerSchemas } from '../../gateway/codec/stuf-layers.ts';
import { openXml } from '../../gateway/codec/xml-document.ts';
import { mutateXml } from '../support/mutate-xml.ts';
import { readTypeFolders } from '../support/schema-folder.ts';
import { readSchemaFiles } from '../support/standing.ts';

const source = path.join(process.env['DOORGEEFLUIK_REFERENCE_DATA'] ?? path.resolve('../shared/data'), 'stuf-jz');
const zips = existsSync(source) ? readdirSync(source).filter((name) => /_schemas_.*\.zip$/.test(name)) : [];
const normative = zips.filter((name) => name.includes('normatieve_versie'));
const resolved = zips.filter((name) => name.includes('resolved'));
const stufTypes = readTypeFolders().filter((type) => type.definition.vorm === 'stuf');
const MESSAGES = 13;
const ANSWERS = 3;
const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

if (normative.length === 0 || resolved.length === 0) {
  describe('the official package', () => {
    it('reference data absent: import of the official package left out', () => {
      process.stderr.write(`No official package at ${source}: its import was left out.\n`);
      expect(zips).toEqual([]);
    });
  });
} else {
  describe.each([
    ['normative', normative],
    ['resolved', resolved],
  ])('the official package, %s', (kind, names) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'doorgeefluik-official-'));
    const target = path.join(folder, 'pakket');
    let catalogue: Catalogue = { types: new Map(), byElement: new Map(), elementNames: new Set() };
    const imported = importPackage(
      names.map((name) => path.join(source, name)),
      0,
    );
    beforeAll(() => {
      installPackage(imported.built.files, target);
      const files = readFiles(target);
      catalogue = compileCatalogue(
        layerSchemas({ shipped: readSchemaFiles(), imported: files, environment: 'productie' }),
      );
    });
    afterAll(() => {
      rmSync(folder, { recursive: true, force: true });
    });

    it('has the messages and the answers, all of one version', () => {
      expect(imported.built.types).toHaveLength(MESSAGES + ANSWERS);
      expect(new Set(imported.built.types.map(({ version }) => version))).toEqual(new Set(['1.0.9']));
      expect(catalogue.elementNames.size).toBe(MESSAGES + ANSWERS);
    });

    it('is repaired where it is known to be wrong, and nowhere else', () => {
      const repairs = imported.sources.flatMap(({ content }) => content.repairs);
      const files = new Set(repairs.filter((repair) => repair.kind === 'slashes').map(({ file }) => file));
      const includes = repairs
        .filter((repair) => repair.kind === 'include')
        .map(({ location }) => path.basename(location));
      expect(files.size).toBe(kind === 'normative' ? 5 : 0);
      expect(includes).toEqual(
        kind === 'normative' ? ['bg0310_stuf_simpleTypes.xsd', 'zkn0310_stuf_simpleTypes.xsd'] : [],
      );
    });

    it.each(stufTypes.flatMap((type) => type.valid.map((example) => ({ ...example, ...keyOf(type.definition) }))))(
      'accepts $name of $element',
      ({ bytes, key }) => {
        expect(violationsOf(catalogue, key, bytes)).toEqual([]);
      },
    );

    it.each(stufTypes.flatMap((type) => type.invalid.map((example) => ({ ...example, ...keyOf(type.definition) }))))(
      'refuses $name of $element',
      ({ bytes, key }) => {
        expect(violationsOf(catalogue, key, bytes)).not.toEqual([]);
      },
    );

    if (hasXmllint) {
      it.each(stufTypes)('agrees with xmllint on every change to $label', (type) => {
        const { key } = keyOf(type.definition);
        const [example] = type.valid;
        const definition = readDefinition(target, type.definition.berichttype);
        const cases = [...mutateXml(example?.bytes.toString('utf8') ?? '')].filter((_, index) => index % STEP === 0);
        cases.forEach(({ text }, index) => {
          writeFileSync(path.join(folder, `${String(index)}.xml`), text);
        });
        const judged = judgeByXmllint(path.join(target, definition.xsd), folder, cases.length);
        const own = cases.map(({ text }) => violationsOf(catalogue, key, Buffer.from(text)).length === 0);
        expect(cases.length).toBeGreaterThan(20);
        expect(own).toEqual(judged);
      });
    } else process.stderr.write('No xmllint on this machine: the comparison with it was left out.\n');
  });
}

const STEP = 25;

function keyOf(definition: { readonly namespace: string; readonly element: string }): {
  readonly key: string;
  readonly element: string;
} {
  return { key: elementKey(definition.namespace, definition.element), element: definition.element };
}

function violationsOf(catalogue: Catalogue, key: string, bytes: Uint8Array): readonly unknown[] {
  const opened = openXml(bytes);
  if (!opened.ok) return [opened.error];
  const [definition] = catalogue.byElement.get(key) ?? [];
  const violations = definition?.xsd?.validate(opened.value) ?? ['no schema'];
  opened.value.dispose();
  return violations;
}

function readDefinition(target: string, type: string): { readonly xsd: string } {
  return parse(readFileSync(path.join(target, 'berichten', type, '1.0.9', 'definitie.yaml'), 'utf8')) as {
    xsd: string;
  };
}

function judgeByXmllint(schema: string, folder: string, count: number): readonly boolean[] {
  const names = Array.from({ length: count }, (_, index) => path.join(folder, `${String(index)}.xml`));
  const { stderr } = spawnSync('xmllint', ['--nonet', '--noout', '--schema', schema, ...names], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const valid = new Set(
    stderr
      .toString()
      .split('\n')
      .filter((line) => line.endsWith(' validates')),
  );
  return names.map((name) => valid.has(`${name} validates`));
}

function readFiles(target: string): ReadonlyMap<string, Buffer> {
  const entries = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      return [path.relative(target, file).split(path.sep).join('/'), readFileSync(file)];
    }),
  );
}
