import { describe, expect, it } from '@jest/globals';
import { mutateXml } from '../support/mutate-xml.ts';
import { REFERENCE_DATA, findNormativeArchive, readNormativeSchemas } from '../support/normative.ts';
import { compileXsd, isAcceptedBy, openTypeXsd, readTypeFolders } from '../support/schema-folder.ts';

const archive = findNormativeArchive();
const stufTypes = readTypeFolders().filter((type) => type.definition.vorm === 'stuf');

if (archive === undefined) {
  describe('the normative schemas of StUF-koppelvlak Jeugdzorg 1.0.9', () => {
    it('reference data absent: normative comparison left out', () => {
      process.stderr.write(`No normative schemas at ${REFERENCE_DATA}: the comparison with them was left out.\n`);
      expect(archive).toBeUndefined();
    });
  });
} else {
  const { files, entry } = readNormativeSchemas(archive);
  const normative = compileXsd(entry, files.get(entry) ?? Buffer.alloc(0), files);
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
