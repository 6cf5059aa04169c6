import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { REJECTIONS, STAGES } from '../../gateway/domain/rejection.ts';

/** Steps around the stages: they have effects and stand in services or adapters. */
const BORDER_STEPS = ['record', 'publish', 'query'];
/** Files of the folder that are no stage: what stages look at, their order, and the judgement of an answer. */
const NO_STAGES = ['context', 'judge', 'judge-answer'];

const stages = STAGES.filter((stage) => !BORDER_STEPS.includes(stage));
const files = readdirSync('gateway/pipeline').map((name) => name.replace(/\.ts$/, ''));

const camelCase = (stage: string): string => stage.replace(/-(.)/g, (_dash, letter: string) => letter.toUpperCase());

describe('the words of the stages', () => {
  it('are the files of gateway/pipeline', () => {
    expect(files.sort()).toEqual([...stages, ...NO_STAGES].sort());
  });

  it.each(stages)('are, for %s, the name of the function that its file exports', (stage) => {
    const text = readFileSync(`gateway/pipeline/${stage}.ts`, 'utf8');
    expect(text).toMatch(new RegExp(`^export function ${camelCase(stage)}\\(`, 'm'));
  });

  it('come in the same order in STAGES and in judge', () => {
    const text = readFileSync('gateway/pipeline/judge.ts', 'utf8');
    const called = [...text.matchAll(/= (\w+)\([\w.]+(?:, ctx)?\);/g)].map(([, name]) => name);
    expect(called).toEqual(stages.filter((stage) => stage !== 'seal').map(camelCase));
  });

  it('come in the same order in the diagram of docs/ARCHITECTURE.md, each with its file', () => {
    const diagram = readFileSync('docs/ARCHITECTURE.md', 'utf8').split('```')[1] ?? '';
    const lines = [...diagram.matchAll(/ {2,}([a-z-]+) {2,}gateway\/pipeline\/([a-z-]+)\.ts$/gm)];
    expect(lines.map(([, word]) => word)).toEqual(stages);
    expect(lines.map(([, , file]) => file)).toEqual(stages);
  });
});

describe('the codes of refusals', () => {
  const sources = ['gateway', 'adapters'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts') && !/(domain\/rejection|codec\/rejection-texts)\.ts$/.test(path))
      .map((path) => readFileSync(`${folder}/${path}`, 'utf8')),
  );

  it.each(Object.keys(REJECTIONS))('are given somewhere: %s', (code) => {
    expect(sources.some((text) => text.includes(`'${code}'`))).toBe(true);
  });
});
