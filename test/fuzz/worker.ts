import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { readCases } from './cases.ts';
import { fuzz } from './engine.ts';
import { loadTarget } from './targets.ts';
import type { Job, Report } from './main.ts';
import type { FuzzTarget } from './target.ts';

// Runs the targets of a job one after the other. What is being read stands in shared memory: its length, then its octets.
const { names, seed, executions, guided, endsAt, shared } = workerData as Job;
const current = Buffer.from(shared);
/** For each target, however long loading took: seeds alone would show nothing. */
const MIN_MS = 1_000;
const say = (report: Report): void => parentPort?.postMessage(report);

// All of them are loaded before time is shared out: on a busy machine loading takes long.
const loaded: { readonly name: string; readonly target: FuzzTarget }[] = [];
for (const name of names) loaded.push({ name, target: await loadTarget(name) });

for (const [index, { name, target }] of loaded.entries()) {
  say({ kind: 'started', name });
  const left = endsAt - (performance.timeOrigin + performance.now());
  const share = Math.max(MIN_MS, left / (loaded.length - index));
  const since = performance.now();
  const { finding, ...figures } = fuzz({
    target,
    seed: seed ^ createHash('sha256').update(name).digest().readUInt32LE(0),
    until: { deadline: since + share, executions },
    kept: readCases(name).map(({ input }) => input),
    guided,
    before: (input) => {
      current.writeUInt32LE(input.length, 4);
      input.copy(current, 8);
      // The count tells the watcher that reading goes on.
      current.writeUInt32LE(((current.readUInt32LE(0) + 1) % 0xffff_ffff) + 1, 0);
    },
    progress: (soFar) => {
      say({ kind: 'progress', name, seconds: (performance.now() - since) / 1000, ...soFar });
    },
  });
  // Zero says that nothing is being read.
  current.writeUInt32LE(0, 0);
  say({ kind: 'done', name, seconds: (performance.now() - since) / 1000, ...figures });
  if (finding !== undefined) say({ kind: 'finding', name, why: finding.why, input: finding.input });
}
