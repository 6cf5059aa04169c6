import path from 'node:path';
import { compileSchema, type CompiledSchema } from '../../gateway/codec/schema-files.ts';
import { findResolvedArchives, readNormativeSchemas } from '../support/normative.ts';
import { readTypeFolders, readXsdFiles, type TypeFolder } from '../support/schema-folder.ts';
import { makeCases } from './cases.ts';
import { readExplanations, type Explanation } from './explanations.ts';
import { importPackage, packageJudge, type InstalledPackage } from './installed-package.ts';
import { judgeElement, type ElementResult } from './judge-element.ts';
import { readTestPersons } from './persons.ts';
import { XsdTypes } from './xsd-derive.ts';
import { readXsdComponents } from './xsd-source.ts';

/** What a run is about. */
export interface Run {
  readonly archive: string;
  readonly persons: string;
  /** Emptied by the caller afterwards. */
  readonly workFolder: string;
  readonly elements: readonly ElementName[];
  readonly seed: number;
  readonly quick: boolean;
}

/** The elements of the koppelvlak that are messages. */
export const ELEMENTS = [
  'vtoDi01',
  'notificatieDi01',
  'notificatiejrDi01',
  'zorgmeldingDi01',
  'zorgmeldingTerugkoppelingDi01',
  'vtMeldingDi01',
  'vtTerugkoppelingDi01',
  'vcobDi01',
  'ucobDi01',
  'vciDi01',
  'uciDi01',
  'meldingGeneriekDi01',
  'uitkomstMeldingGeneriekDi01',
] as const;

/** One of them. */
export type ElementName = (typeof ELEMENTS)[number];

/** Where the differences are explained. */
export const PAGE = path.resolve('docs', 'conformance.md');

/** Makes and judges the messages of each element and yields what came of it. */
export async function* conformance(run: Run): AsyncGenerator<ElementResult> {
  const schemas = readNormativeSchemas(run.archive);
  const types = new XsdTypes(readXsdComponents(schemas.files, schemas.entry));
  const persons = readTestPersons(run.persons);
  const explanations = readExplanations(PAGE);
  const folders = new Map(readTypeFolders().map((type) => [type.definition.berichttype, type]));
  const packages = await importPackages(run);
  const normative = compileSchema(schemas.files, schemas.entry);
  for (const name of run.elements) {
    const own = compileOwn(folders.get(name), name);
    const installed = packages.map((one) => packageJudge(one, name, path.join(run.workFolder, 'berichten')));
    const element = types.element(`{${JZ}}${name}`);
    const size = run.quick ? { valid: 25, thorough: false } : { valid: LEAST_VALID, thorough: true };
    const cases = makeCases({ element, persons, seed: run.seed, ...size });
    const bench = { own: own.validator, normative: normative.validator, packages: installed };
    yield await judgeElement(name, cases, { bench, explanations });
    own.dispose();
  }
  for (const schema of [normative, ...packages.flatMap(({ compiled }) => [...compiled.values()])]) schema.dispose();
}

// The package is published twice: as one normative set, and worked out for each family of messages.
async function importPackages({ archive, workFolder, quick }: Run): Promise<readonly InstalledPackage[]> {
  const normative = await importPackage([archive], path.join(workFolder, 'normatief'));
  const others = quick ? [] : findResolvedArchives();
  if (others.length === 0) return [normative];
  return [normative, await importPackage(others, path.join(workFolder, 'uitgewerkt'))];
}

/** The rows of docs/conformance.md that explain nothing that was found. */
export function unusedExplanations(results: readonly ElementResult[]): readonly Explanation[] {
  const used = new Set(results.flatMap(({ explained }) => explained.map((row) => JSON.stringify(row))));
  return readExplanations(PAGE).filter((row) => !used.has(JSON.stringify(row)));
}

/** What a result falls short of, a line each. */
export function shortfallsOf(result: ElementResult, quick: boolean): readonly string[] {
  const total = result.valid + result.mutated;
  return [
    ...(quick || result.valid >= LEAST_VALID ? [] : [`only ${String(result.valid)} valid messages`]),
    ...(quick || result.mutated >= LEAST_MUTATED ? [] : [`only ${String(result.mutated)} mutated messages`]),
    ...(result.covered >= LEAST_COVERED * result.facets ? [] : [`facets not covered: ${result.uncovered.join('; ')}`]),
    ...(result.agreed >= LEAST_AGREED * total ? [] : [`agreement below ${String(100 * LEAST_AGREED)} %`]),
    ...result.invalid.map((line) => `refused though valid: ${line}`),
    ...result.unexplained.map((line) => `not explained in docs/conformance.md: ${line}`),
    ...result.deviations.map((line) => `package and xmllint differ: ${line}`),
  ];
}

function compileOwn(type: TypeFolder | undefined, name: string): CompiledSchema {
  const xsd = type?.definition.xsd;
  if (type === undefined || xsd === undefined) throw new Error(`schemas/berichten has no XSD of ${name}`);
  return compileSchema(readOwnFiles(), `${type.folder}/${xsd}`);
}

function readOwnFiles(): ReadonlyMap<string, Buffer> {
  return new Map([...readXsdFiles()].map(([name, bytes]) => [name.replace(/^schemas\//, ''), bytes]));
}

const JZ = 'http://www.stufstandaarden.nl/koppelvlak/jz0100';
const LEAST_VALID = 200;
const LEAST_MUTATED = 1000;
const LEAST_COVERED = 0.95;
const LEAST_AGREED = 0.995;
