import { resolve } from 'node:path';
import { CommandFault } from '../../../cli/fault.ts';
import { readZip } from '../../../cli/zip/read-zip.ts';
import { readStufPackage } from '../../../gateway/codec/stuf-package.ts';
import { smallPackage } from '../../support/stuf-package.ts';
import { buildZip } from '../../support/zip.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { makeZip, mutateZipFields } from '../mutate/zip.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';

const FOLDER = '/uitgepakt';
const small = [...smallPackage('1.0.9')].map(([name, content]) => ({ name, content }));

const target: FuzzTarget = {
  invariant:
    'throws nothing but CommandFault; each file lands below its folder under a name of its own, and the whole stays within its bounds',
  seeds: [
    buildZip(small),
    buildZip(small.map((part) => ({ ...part, method: 0 }))),
    buildZip([
      { name: 'a/', mode: 0o040755, method: 0 },
      { name: 'a/b.xsd', content: 'x'.repeat(400) },
    ]),
    buildZip([{ name: 'leeg', content: '' }]),
  ],
  mutators: [
    mutateZipFields,
    mutateZipFields,
    makeZip,
    mutateBytes(['PK\u0001\u0002', 'PK\u0003\u0004', 'PK\u0005\u0006', '../', '/']),
  ],
  maxBytes: 65_536,
  run: (input) => {
    let files: ReadonlyMap<string, Buffer>;
    try {
      files = readZip(input, 'invoer.zip');
    } catch (error) {
      if (error instanceof CommandFault) return;
      throw error;
    }
    const paths = [...files.keys()].map((name) => resolve(FOLDER, name));
    must(
      paths.every((path) => path.startsWith(`${FOLDER}/`)),
      'a file would land outside',
    );
    must(new Set(paths.map((path) => path.toLowerCase())).size === files.size, 'two files would land in one place');
    const total = [...files.values()].reduce((sum, content) => sum + content.length, 0);
    must(total <= 20 * 1024 * 1024 && total <= 100 * Math.max(1, input.length), 'more than it may hold');
    readStufPackage(files);
  },
};

export default target;
