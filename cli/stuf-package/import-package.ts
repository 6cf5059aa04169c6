import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { buildPackage } from '../../gateway/codec/stuf-package-files.ts';
import type { BuiltPackage, StufSource } from '../../gateway/codec/stuf-package-files.ts';
import { readStufPackage } from '../../gateway/codec/stuf-package.ts';
import type { StufPackageProblem } from '../../gateway/codec/stuf-package.ts';
import { toTime } from '../../gateway/codec/status-json.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import { CommandFault } from '../fault.ts';
import { readInput } from '../files.ts';
import { printable } from '../output.ts';
import { readZip } from '../zip/read-zip.ts';

/** Zips that were all found right, and the package they make. */
export interface ImportedPackage {
  readonly sources: readonly StufSource[];
  readonly built: BuiltPackage;
}

/** Reads, repairs and compiles the zips; nothing is written. Throws CommandFault that names the first that isn't right. */
export function importPackage(zips: readonly string[], now: Instant): ImportedPackage {
  const sources = zips.map(readSource);
  const [twice] = sources.filter(({ sha256 }, index) => sources.findIndex((one) => one.sha256 === sha256) !== index);
  if (twice !== undefined) throw new CommandFault(`${twice.name} is twee keer dezelfde zip: noem elke zip één keer.`);
  return { sources, built: buildPackage(sources, toTime(now)) };
}

function readSource(path: string): StufSource {
  const bytes = readInput(path, 'De zip');
  const name = printable(basename(path));
  const read = readStufPackage(readZip(bytes, name));
  if (!read.ok) throw new CommandFault(`${name} is niet gebruikt: ${describe(read.error)}.`);
  return { name, sha256: createHash('sha256').update(bytes).digest('hex'), content: read.value };
}

function describe(problem: StufPackageProblem): string {
  switch (problem.kind) {
    case 'no-types':
      return 'er staat geen schema van een StUF-bericht in; geef de zip met de schema’s van het koppelvlak';
    case 'no-version':
      return `${printable(problem.file)} zegt niet van welke versie het koppelvlak is (StUF:patch)`;
    case 'missing':
      return `het schema ${printable(problem.file)} ontbreekt; ${printable(problem.from)} verwijst ernaar`;
    case 'outside':
      return `${printable(problem.file)} verwijst naar een schema buiten de zip`;
    case 'broken':
      return `een schema is niet te gebruiken: ${printable(problem.explanation.replace(/\s+/g, ' '))}`;
  }
}
