import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { until } from './http-party.ts';

/** What a command did. */
export interface CliResult {
  readonly code: number | null;
  readonly out: string;
  readonly errors: string;
}

/** A command that keeps running. */
export interface RunningCli {
  readonly pid: number;
  out(): string;
  errors(): string;
  /** Waits until its output matches, and gives the first group. */
  says(pattern: RegExp): Promise<string>;
  /** Asks it to stop, or waits until it stops by itself. */
  ends(signal?: 'SIGINT' | 'SIGTERM'): Promise<CliResult>;
}

/** Runs `node dist/cli/main.js` to its end. */
export function runCli(...args: string[]): Promise<CliResult> {
  return startCli('main.js', args).ends();
}

/** Starts an executable of `dist/cli/`, with an environment that holds nothing but a path and `env`. */
export function startCli(file: 'main.js' | 'demo/main.js', args: readonly string[], env = {}): RunningCli {
  const child = spawn(process.execPath, [`dist/cli/${file}`, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], ...env },
  });
  const written = { out: '', errors: '' };
  child.stdout.on('data', (chunk: Buffer) => (written.out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (written.errors += chunk.toString()));
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  return {
    pid: child.pid ?? 0,
    out: () => written.out,
    errors: () => written.errors,
    async says(pattern) {
      await until(() => isDone(child, written, pattern), 60_000, String(pattern));
      return pattern.exec(written.out + written.errors)?.[1] ?? '';
    },
    async ends(signal) {
      if (signal !== undefined) child.kill(signal);
      return { code: await closed, ...written };
    },
  };
}

function isDone(child: ChildProcess, written: { out: string; errors: string }, pattern: RegExp): boolean {
  if (pattern.test(written.out + written.errors)) return true;
  if (child.exitCode !== null) throw new Error(`it stopped:\n${written.out}${written.errors}`);
  return false;
}
