import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { unzip } from './unzip.ts';

/** Where the reference data are looked for. */
export const REFERENCE_DATA = process.env['DOORGEEFLUIK_REFERENCE_DATA'] ?? path.resolve('../shared/data');

/** The schema documents of StUF-koppelvlak Jeugdzorg, repaired so that they compile. */
export interface NormativeSchemas {
  readonly files: ReadonlyMap<string, Buffer>;
  /** The document that takes in all others. */
  readonly entry: string;
}

/** The archive of the normative schemas; undefined where the reference data are absent. */
export function findNormativeArchive(): string | undefined {
  return findArchives(/normatieve_versie.*\.zip$/)[0];
}

/** The archives in which the schemas are worked out for each family of messages; none where the reference data are absent. */
export function findResolvedArchives(): readonly string[] {
  return findArchives(/_\(resolved.*\.zip$/);
}

/** Reads the schemas from their archive. */
export function readNormativeSchemas(archive: string): NormativeSchemas {
  const files = new Map(
    [...unzip(readFileSync(archive))]
      .filter(([name]) => name.endsWith('.xsd'))
      .map(([name, bytes]) => [`normatief/${name}`, Buffer.from(repair(name, bytes.toString('utf8')))]),
  );
  const entry = [...files.keys()].find((name) => name.endsWith('/jz0100_msg_totaal.xsd'));
  if (entry === undefined) throw new Error('the archive has no jz0100_msg_totaal.xsd');
  return { files, entry };
}

function findArchives(pattern: RegExp): readonly string[] {
  const folder = path.join(REFERENCE_DATA, 'stuf-jz');
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names.filter((name) => pattern.test(name)).map((name) => path.join(folder, name));
}

// As published the package doesn't compile: back slashes in schemaLocation, and two includes that its own types need are missing.
function repair(name: string, text: string): string {
  const slashed = text.replace(/schemaLocation="[^"]*"/g, (location) => location.replaceAll('\\', '/'));
  if (!name.endsWith('jz0100/entiteiten/jz0100_stuf0301.xsd')) return slashed;
  const includes = ['bg0310/entiteiten/bg0310_stuf_simpleTypes.xsd', 'zkn0310/entiteiten/zkn0310_stuf_simpleTypes.xsd'];
  const added = includes.map((file) => `<xs:include schemaLocation="../../${file}"/>`).join('');
  return slashed.replace(/(<xs:include schemaLocation="[^"]*stuf0301mtom\.xsd"\/>)/, `$1${added}`);
}
