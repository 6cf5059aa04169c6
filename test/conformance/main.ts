import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { REFERENCE_DATA, findNormativeArchive } from '../support/normative.ts';
import { needTools } from '../support/tools.ts';
import { ELEMENTS, conformance, shortfallsOf, unusedExplanations, type ElementName } from './conformance.ts';
import type { ElementResult } from './judge-element.ts';
import { findTestPersons } from './persons.ts';

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1009' },
    element: { type: 'string', multiple: true },
    facets: { type: 'boolean', default: false },
  },
});

const options = { ...given, seed: seedOf(given.seed), elements: elementsOf(given.element) };
const [archive, persons] = [findNormativeArchive(), findTestPersons()];

if (archive !== undefined && persons !== undefined) process.exitCode = await compare(archive, persons);
else {
  say(
    `conformance: no reference data at ${REFERENCE_DATA}, so nothing was compared. It needs the normative schemas in`,
  );
  say('stuf-jz/ and testpersonen/lo3_pl_data.sql there; DOORGEEFLUIK_REFERENCE_DATA names another folder.');
  process.exitCode = 2;
}

async function compare(archiveFile: string, personsFile: string): Promise<number> {
  needTools(['xmllint']);
  const workFolder = mkdtempSync(path.join(tmpdir(), 'conformance-'));
  process.once('exit', () => {
    rmSync(workFolder, { recursive: true, force: true });
  });
  const { seed, elements, quick } = options;
  say(`seed ${String(seed)}`);
  const results: ElementResult[] = [];
  const run = { archive: archiveFile, persons: personsFile, workFolder, elements, seed, quick };
  for await (const result of conformance(run)) {
    results.push(result);
    for (const line of linesOf(result)) say(line);
  }
  const stale = quick || elements.length < ELEMENTS.length ? [] : unusedExplanations(results);
  for (const { element, facet } of stale) say(`docs/conformance.md explains what doesn't occur: ${element} ${facet}`);
  say(summaryOf(results));
  const falls = results.some((result) => shortfallsOf(result, quick).length > 0);
  return falls || stale.length > 0 ? 1 : 0;
}

function seedOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Error(`--seed takes a whole number of at most nine digits, not ${text}`);
  return Number(text);
}

function elementsOf(names: readonly string[] | undefined): readonly ElementName[] {
  const unknown = names?.find((name) => !ELEMENTS.some((element) => element === name));
  if (unknown !== undefined) throw new Error(`--element takes one of ${ELEMENTS.join(', ')}, not ${unknown}`);
  return ELEMENTS.filter((element) => names === undefined || names.includes(element));
}

function linesOf(result: ElementResult): readonly string[] {
  const uncovered = options.facets ? result.uncovered.map((facet) => `  not covered: ${facet}`) : [];
  return [progressOf(result), ...uncovered, ...shortfallsOf(result, options.quick).map((line) => `  ${line}`)];
}

function progressOf(result: ElementResult): string {
  const { name, valid, mutated, agreed, facets, covered, deviations } = result;
  const lint = deviations.length === 0 ? 'alike' : `${String(deviations.length)} differ`;
  return (
    `${name}: ${String(valid)} valid, ${String(mutated)} mutated, facets ${String(covered)}/${String(facets)}, ` +
    `own and normative agree ${percent(agreed, valid + mutated)}, package and xmllint ${lint}`
  );
}

function summaryOf(results: readonly ElementResult[]): string {
  const sum = (pick: (result: ElementResult) => number): number =>
    results.reduce((total, result) => total + pick(result), 0);
  const [valid, mutated] = [sum((one) => one.valid), sum((one) => one.mutated)];
  return (
    `conformance: ${String(results.length)} elements, ${String(valid)} valid, ${String(mutated)} mutated, ` +
    `${percent(
      sum((one) => one.agreed),
      valid + mutated,
    )} agreement, ${percent(
      sum((one) => one.covered),
      sum((one) => one.facets),
    )} facets`
  );
}

// Rounded down: 100 % is all of them.
function percent(part: number, whole: number): string {
  return `${(Math.floor((10_000 * part) / whole) / 100).toFixed(2)}%`;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
