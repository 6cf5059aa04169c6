import path from 'node:path';
import { parseArgs } from 'node:util';
import { Worker } from 'node:worker_threads';
import { FOLDER, keepCase } from './cases.ts';
import type { Figures } from './engine.ts';
import { PLANTED, TARGETS } from './targets.ts';

/** What a worker is to run; `endsAt` is in milliseconds of the epoch. */
export interface Job {
  readonly names: readonly string[];
  readonly seed: number;
  readonly executions: number;
  readonly guided: boolean;
  readonly endsAt: number;
  readonly shared: SharedArrayBuffer;
}

/** What a worker says. */
export type Report =
  | { readonly kind: 'started'; readonly name: string }
  | ({ readonly kind: 'progress' | 'done'; readonly name: string; readonly seconds: number } & Figures)
  | { readonly kind: 'finding'; readonly name: string; readonly why: string; readonly input: Uint8Array };

/** Loading and all targets together, in the smoke run. */
const QUICK_MS = 34_000;
const STUCK_MS = 20_000;
const MAX_INPUT_BYTES = 1_048_576;

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    target: { type: 'string', multiple: true },
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    executions: { type: 'string', default: String(Number.MAX_SAFE_INTEGER) },
    findings: { type: 'string', default: FOLDER },
    blind: { type: 'boolean', default: false },
  },
});

const names = [...(given.target ?? Object.keys(TARGETS))];
const unknown = names.find((name) => name !== PLANTED && !(name in TARGETS));
if (unknown !== undefined) throw new Error(`--target takes one of ${Object.keys(TARGETS).join(', ')}, not ${unknown}`);
const totals = { targets: 0, executions: 0, findings: 0 };
const now = (): number => performance.timeOrigin + performance.now();
const endsAt = now() + (given.quick ? QUICK_MS : names.length * numberOf('minutes') * 60_000);

for (let left: readonly string[] = names; left.length > 0;) left = await runWorker(left);
say(
  `fuzz: ${String(totals.targets)} targets, ${String(totals.executions)} executions, ${String(totals.findings)} findings`,
);
process.exitCode = totals.findings === 0 && totals.targets === names.length ? 0 : 1;

/** Runs the targets in a worker; answers those it didn't come to because one of them never ended or took it down. */
async function runWorker(todo: readonly string[]): Promise<readonly string[]> {
  const shared = new SharedArrayBuffer(MAX_INPUT_BYTES + 8);
  const job: Job = {
    names: todo,
    seed: numberOf('seed'),
    executions: numberOf('executions'),
    guided: !given.blind,
    endsAt,
    shared,
  };
  const worker = new Worker(path.resolve('scripts', 'fuzz-worker.mjs'), {
    workerData: job,
    // What is read is small: a reader that needs more is a finding.
    resourceLimits: { maxOldGenerationSizeMb: 1_024 },
  });
  let current = '';
  const done = new Set<string>();
  const stopWatching = watch(shared, () => {
    stopWatching();
    found({ name: current, why: `reads for more than ${String(STUCK_MS / 1000)} s`, input: inputIn(shared) });
    void worker.terminate();
  });
  worker.on('message', (report: Report) => {
    current = report.name;
    if (report.kind === 'finding') found(report);
    else if (report.kind !== 'started') tell(report);
    if (report.kind === 'done') done.add(report.name);
  });
  await new Promise<void>((resolve) => {
    worker.on('error', (error) => {
      found({ name: current, why: `took the worker down: ${String(error)}`, input: inputIn(shared) });
    });
    worker.on('exit', () => {
      resolve();
    });
  });
  stopWatching();
  return todo.filter((name) => name !== current && !done.has(name));
}

function watch(shared: SharedArrayBuffer, onStuck: () => void): () => void {
  const current = Buffer.from(shared);
  let before = 0;
  let since = now();
  const timer = setInterval(() => {
    const count = current.readUInt32LE(0);
    // At zero it is still being loaded.
    if (count !== before || count === 0) [before, since] = [count, now()];
    else if (now() - since > STUCK_MS) onStuck();
  }, 1_000);
  return () => {
    clearInterval(timer);
  };
}

function inputIn(shared: SharedArrayBuffer): Buffer {
  const current = Buffer.from(shared);
  return Buffer.from(current.subarray(8, 8 + current.readUInt32LE(4)));
}

function found({
  name,
  why,
  input,
}: {
  readonly name: string;
  readonly why: string;
  readonly input: Uint8Array;
}): void {
  totals.findings += 1;
  say(`${name}: FOUND ${why}: ${keepCase(given.findings, name, Buffer.from(input))}`);
}

function tell(report: Extract<Report, { readonly kind: 'progress' | 'done' }>): void {
  const { name, kind, seconds, executions, coverage, corpus } = report;
  if (kind === 'done') {
    totals.targets += 1;
    totals.executions += executions;
  }
  const speed = Math.round(executions / Math.max(seconds, 0.001));
  say(
    `${name}: ${String(executions)} executions (${String(speed)}/s), coverage ${String(coverage)}, corpus ${String(corpus)}` +
      (kind === 'done' ? `, done in ${seconds.toFixed(1)} s` : ''),
  );
}

function numberOf(option: 'minutes' | 'seed' | 'executions'): number {
  const number = Number(given[option]);
  if (!(number >= 0)) throw new Error(`--${option} takes a number, not ${given[option]}`);
  return number;
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
