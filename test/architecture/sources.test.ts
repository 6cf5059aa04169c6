import { existsSync, readdirSync, readFileSync } from 'node:fs';

import { describe, expect, it } from '@jest/globals';

import { CORV } from '../support/twins/corv.ts';
import { VEILIG_THUIS, VIR } from '../support/twins/vir-and-veilig-thuis.ts';
import { ZORG_EN_VEILIGHEIDSHUIS } from '../support/twins/zorg-en-veiligheidshuis.ts';
import { ZORG_VOOR_JEUGD } from '../support/twins/zorg-voor-jeugd.ts';

interface Row {
  readonly id: string;
  readonly verdict: readonly string[];
  readonly where: string;
  readonly shown: string;
}

const numbers = (letter: string, last: number): readonly string[] =>
  Array.from({ length: last }, (_, index) => `${letter}${String(index + 1)}`);

const SOURCES = [
  ...numbers('C', 14),
  ...numbers('A', 8),
  ...numbers('V', 13),
  ...numbers('T', 23),
  ...numbers('Z', 64),
  'Z23b',
  ...numbers('P', 3),
  ...numbers('H', 8),
].toSorted();

const twins = new Set(
  [CORV, VIR, VEILIG_THUIS, ZORG_VOOR_JEUGD, ZORG_EN_VEILIGHEIDSHUIS].flatMap((list) => list.map(({ id }) => id)),
);

const table: readonly Row[] = readFileSync('docs/bronnen.md', 'utf8')
  .split('\n')
  .filter((line) => /^\| [A-Z]\d/.test(line))
  .map((line) => {
    const [, id = '', , verdict = '', where = '', shown = ''] = line.split('|').map((cell) => cell.trim());
    return { id, verdict: verdict.split(', '), where, shown };
  });

const codeIn = (cell: string): readonly string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text);
const testsOf = ({ shown }: Row): readonly string[] => codeIn(shown).map((name) => `test/${name}.test.ts`);

/** Whether the text has the ID as a word of its own: C1 is not in C14. */
function names(text: string, id: string): boolean {
  return new RegExp(`(?<![A-Za-z0-9])${id}(?![A-Za-z0-9])`).test(text);
}

describe('docs/bronnen.md', () => {
  it('has every statement of the sources once', () => {
    expect(table.map(({ id }) => id).toSorted()).toEqual(SOURCES);
  });

  it.each(table)('$id is judged, and a test or a reason is given', ({ verdict, shown }) => {
    expect(verdict.filter((letter) => !['E', 'C', 'T', 'M', 'O'].includes(letter))).toEqual([]);
    expect(shown).not.toMatch(/^–?$/);
  });

  it.each(table)('$id names files that are there', ({ where }) => {
    const files = codeIn(where).filter((text) => /^[a-z][\w-]*\/[^ ]+$/.test(text));
    expect(files.filter((path) => !existsSync(path))).toEqual([]);
  });

  it.each(table.filter(({ verdict }) => verdict.join() !== 'O'))('$id has tests that name it', (row) => {
    const tests = testsOf(row);
    expect(tests.filter((path) => !names(readFileSync(path, 'utf8'), row.id))).toEqual([]);
    const hasTwin = row.shown.startsWith('tweeling');
    expect([hasTwin, hasTwin || tests.length > 0]).toEqual([twins.has(row.id), true]);
  });

  it.each(table.filter(({ verdict }) => /[CTM]/.test(verdict.join())))('$id has a test file of its own', (row) => {
    expect(testsOf(row).length).toBeGreaterThan(0);
  });

  it.each(table.filter(({ where }) => where.includes('ADR 3')))('$id is in the decision that it names', ({ id }) => {
    expect(names(readFileSync('docs/adr/0003-no-index-no-mailbox.md', 'utf8'), id)).toBe(true);
  });
});

describe('the rules', () => {
  it('name no source that the table doesn’t have', () => {
    const text = readFileSync('routing-rules/verzendmatrix.yaml', 'utf8');
    const named = [...text.matchAll(/bronnen: \[([^\]]*)\]/g)].flatMap(([, list = '']) => list.split(', '));
    expect(new Set(named).size).toBeGreaterThan(60);
    expect(named.filter((id) => !SOURCES.includes(id))).toEqual([]);
  });

  it('have every type that the table names', () => {
    const types = new Set(readdirSync('schemas/berichten'));
    const named = table.flatMap(({ where }) => where.match(/\b[a-zA-Z]+(?:Di01|Tb|Bericht)\b/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((type) => !types.has(type))).toEqual([]);
  });
});
