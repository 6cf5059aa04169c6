import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { createOutput } from '../../cli/output.ts';
import { createProgram } from '../../cli/program.ts';
import { compileSchema, type CompiledSchema } from '../../gateway/codec/schema-files.ts';
import { Xmllint } from './judges.ts';

/** An official package as the gateway takes it: its files by their path in the folder. */
export interface InstalledPackage {
  readonly folder: string;
  readonly files: ReadonlyMap<string, Buffer>;
  /** By entry: several types may share one. */
  readonly compiled: Map<string, CompiledSchema>;
}

/** The package's schema of one message type, through the gateway's own compiler and with a program of its own. */
export interface PackageJudge {
  readonly inside: CompiledSchema;
  readonly outside: Xmllint;
}

/** Runs `doorgeefluik schemas import` on the zips and reads what it installed in the folder. */
export async function importPackage(zips: readonly string[], folder: string): Promise<InstalledPackage> {
  let code = 0;
  const output = createOutput({ colours: false, write: () => undefined }, { colours: false, write: () => undefined });
  const program = createProgram({
    output,
    root: '.',
    signal: new AbortController().signal,
    onReload: () => undefined,
    now: () => IMPORTED_AT,
    exit: (given) => {
      code = given;
    },
  });
  await program.parseAsync(['schemas', 'import', ...zips, '--naar', folder], { from: 'user' });
  if (code !== 0) throw new Error(`schemas import ended with ${String(code)}`);
  const names = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
  const files = names.map((name): [string, Buffer] => [
    path.relative(folder, name).split(path.sep).join('/'),
    readFileSync(name),
  ]);
  return { folder, files: new Map(files), compiled: new Map() };
}

/** What judges messages of the type by the package; `workFolder` is where xmllint finds them. */
export function packageJudge(
  { folder, files, compiled }: InstalledPackage,
  type: string,
  workFolder: string,
): PackageJudge {
  const definition = files.get(`berichten/${type}/1.0.9/definitie.yaml`);
  if (definition === undefined) throw new Error(`the package in ${folder} has no ${type} 1.0.9`);
  const { xsd } = parse(definition.toString('utf8')) as { readonly xsd: string };
  const entry = xsd.replace(/^\//, '');
  const inside = compiled.get(entry) ?? compileSchema(files, entry);
  compiled.set(entry, inside);
  return { inside, outside: new Xmllint(path.join(folder, entry), workFolder) };
}

const IMPORTED_AT = Date.UTC(2026, 0, 1);
