import { createHash } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';
import { readCases } from './cases.ts';
import { fuzz } from './engine.ts';
import { loadTarget } from './targets.ts';
import type { Job, Report } from './main.ts';

// Runs the targets of a job one after the other. What is being read stands in shared memory: its length, then its octets.
const { names, seed, executions, guided, endsAt, shared } = workerData as Job;
const current = Buffer.from(shared);
const say = (report: Report): void => parentPort?.postMessage(report);

for (const [index, name] of names.entries()) {
  // Zero says that nothing is being read: loading takes its time on a busy machine.
  current.writeUInt32LE(0, 0);
  const target = await loadTarget(name);
  say({ kind: 'started', name });
  const left = endsAt - (performance.timeOrigin + performance.now());
  const since = performance.now();
  const { finding, ...figures } = fuzz({
    target,
    seed: seed ^ createHash('sha256').update(name).digest().readUInt32LE(0),
    until: { deadline: since + Math.max(0, left) / (names.length - index), executions },
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
  current.writeUInt32LE(0, 0);
  say({ kind: 'done', name, seconds: (performance.now() - since) / 1000, ...figures });
  if (finding !== undefined) say({ kind: 'finding', name, why: finding.why, input: finding.input });
}
