import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { XsdValidator } from 'libxml2-wasm';
import { mutateXml } from '../support/mutate-xml.ts';
import { compileXsd, isAcceptedBy, openTypeXsd, readTypeFolders } from '../support/schema-folder.ts';
import { unzip } from '../support/unzip.ts';

const folder = path.join(process.env['DOORGEEFLUIK_REFERENCE_DATA'] ?? path.resolve('../shared/data'), 'stuf-jz');
const archive = existsSync(folder)
  ? readdirSync(folder).find((name) => /normatieve_versie.*\.zip$/.test(name))
  : undefined;
const stufTypes = readTypeFolders().filter((type) => type.definition.vorm === 'stuf');

if (archive === undefined) {
  describe('the normative schemas of StUF-koppelvlak Jeugdzorg 1.0.9', () => {
    it('reference data absent: normative comparison left out', () => {
      process.stderr.write(`No normative schemas at ${folder}: the comparison with them was left out.\n`);
      expect(archive).toBeUndefined();
    });
  });
} else {
  const normative = openNormative(readFileSync(path.join(folder, archive)));
  describe.each(stufTypes)('$label against the normative schemas', (type) => {
    it.each(type.valid)('accepts $name', (example) => {
      expect(isAcceptedBy(normative, example.bytes)).toBe(true);
    });

    it.each(type.invalid)('refuses $name', (example) => {
      expect(isAcceptedBy(normative, example.bytes)).toBe(false);
    });

    it.each(type.valid)('judges every change to $name as the normative schema does', (example) => {
      const own = openTypeXsd(type);
      const mutations = [...mutateXml(example.bytes.toString('utf8'))];
      const differing = mutations.filter(({ text }) => {
        const bytes = Buffer.from(text);
        return isAcceptedBy(own, bytes) !== isAcceptedBy(normative, bytes);
      });
      own.dispose();
      expect(mutations.length).toBeGreaterThan(500);
      expect(differing.map(({ what }) => what)).toEqual([]);
    });
  });
}

function openNormative(zip: Buffer): XsdValidator {
  const files = new Map(
    [...unzip(zip)]
      .filter(([name]) => name.endsWith('.xsd'))
      .map(([name, bytes]) => [`normatief/${name}`, Buffer.from(repair(name, bytes.toString('utf8')))]),
  );
  const entry = [...files.keys()].find((name) => name.endsWith('/jz0100_msg_totaal.xsd'));
  if (entry === undefined) throw new Error('the archive has no jz0100_msg_totaal.xsd');
  return compileXsd(entry, files.get(entry) ?? Buffer.alloc(0), files);
}

// As published the package doesn't compile: back slashes in schemaLocation, and two includes that its own types need are missing.
function repair(name: string, text: string): string {
  const slashed = text.replace(/schemaLocation="[^"]*"/g, (location) => location.replaceAll('\\', '/'));
  if (!name.endsWith('jz0100/entiteiten/jz0100_stuf0301.xsd')) return slashed;
  const includes = ['bg0310/entiteiten/bg0310_stuf_simpleTypes.xsd', 'zkn0310/entiteiten/zkn0310_stuf_simpleTypes.xsd'];
  const added = includes.map((file) => `<xs:include schemaLocation="../../${file}"/>`).join('');
  return slashed.replace(/(<xs:include schemaLocation="[^"]*stuf0301mtom\.xsd"\/>)/, `$1${added}`);
}
