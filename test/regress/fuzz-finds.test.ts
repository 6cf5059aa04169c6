import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';

const findings = mkdtempSync(join(tmpdir(), 'fuzz-'));

afterAll(() => {
  rmSync(findings, { recursive: true, force: true });
});

function fuzzPlanted(...args: readonly string[]): {
  readonly status: number | null;
  readonly lines: readonly string[];
} {
  const command = [
    'scripts/fuzz.mjs',
    '--target',
    'planted',
    '--seed',
    '2',
    '--executions',
    '20000',
    '--findings',
    findings,
  ];
  const { status, stdout } = spawnSync(process.execPath, [...command, ...args], { encoding: 'utf8' });
  return { status, lines: stdout.trim().split('\n') };
}

describe('npm run fuzz', () => {
  it('finds a fault that was put in on purpose, says so with its exit code, and keeps the input', () => {
    const { status, lines } = fuzzPlanted();
    expect(lines.at(-1)).toMatch(/^fuzz: 1 targets, \d+ executions, 1 findings$/);
    expect(lines.join('\n')).toContain('planted: FOUND RangeError: planted');
    expect(status).toBe(1);
    const [kept = ''] = readdirSync(join(findings, 'planted'));
    expect(readFileSync(join(findings, 'planted', kept), 'latin1')).toMatch(/^DGL/);
  });

  it('doesn’t find it in as many draws when nothing guides it', () => {
    const { status, lines } = fuzzPlanted('--blind');
    expect(lines.at(-1)).toBe('fuzz: 1 targets, 20000 executions, 0 findings');
    expect(status).toBe(0);
  });
});
