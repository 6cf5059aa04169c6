import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { controlInput, corpusInputs } from '../hostile/corpus-inputs.ts';
import type { HostileInput } from '../hostile/input.ts';
import { findLeaks } from '../hostile/leaks.ts';
import { isGood, reportOf, shortfallsOf, summaryOf } from '../hostile/report.ts';
import type { Report } from '../hostile/report.ts';
import { bringAll } from '../hostile/run.ts';
import type { Brought, HostileTarget } from '../hostile/run.ts';
import { NOW } from '../support/berichten.ts';
import { openBench } from '../support/hostile-bench.ts';
import { createTestPki } from '../support/pki.ts';

const pki = createTestPki(new Date(NOW));
const folder = mkdtempSync(join(tmpdir(), 'hostile-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const hostile = corpusInputs().filter(
  (input) => input.kind === 'request' && input.wanted === 'ERR_JSON_MALFORMED' && input.name.includes('form:'),
);
const inputs: readonly HostileInput[] = [controlInput(0), ...hostile.slice(0, 8), controlInput(1)];
const refusal = { status: 400, text: '{"code":"ERR_JSON_MALFORMED"}' };
const receipt = { status: 202, text: '{}' };

/** What the harness says of a gateway; by itself this one takes what is right and refuses the rest. */
async function judgeGateway(
  given: Partial<HostileTarget> = {},
  places: { log?: string; folder?: (all: readonly Brought[]) => string } = {},
): Promise<Report> {
  let asked = 0;
  const target: HostileTarget = {
    send: async () => {
      asked += 1;
      return asked === 1 || asked === inputs.length ? receipt : refusal;
    },
    write: async () => '',
    probe: async () => ({ heldMs: 1, peakBytes: 1_000 }),
    crashes: () => 0,
    ...given,
  };
  const all: Brought[] = [];
  for await (const brought of bringAll(inputs, target, openBench(pki, NOW))) all.push(brought);
  return reportOf(all, findLeaks(all, { log: places.log ?? '', folder: places.folder?.(all) }));
}

describe('npm run hostile', () => {
  it('finds nothing to say of a gateway that takes what is right and refuses the rest', async () => {
    const report = await judgeGateway();
    expect(shortfallsOf(report)).toEqual([]);
    expect(isGood(report)).toBe(true);
    expect(summaryOf(report)).toBe(
      'hostile: 10 inputs, 0 wrongly accepted, 0 wrongly refused, 0 crashes, max loop 1 ms, max memory 0 MB, 0 leaks',
    );
  });

  it('reports a gateway that takes everything', async () => {
    const report = await judgeGateway({ send: async () => receipt });
    expect(report.wronglyAccepted).toHaveLength(8);
    expect(isGood(report)).toBe(false);
    expect(summaryOf(report)).toContain('8 wrongly accepted, 0 wrongly refused');
  });

  it('reports a gateway that refuses everything', async () => {
    const report = await judgeGateway({ send: async () => refusal });
    expect(report.wronglyRefused).toHaveLength(2);
    expect(isGood(report)).toBe(false);
  });

  it('reports a gateway that refuses for another reason', async () => {
    const report = await judgeGateway({ send: async () => ({ status: 404, text: '{"code":"ERR_NOT_FOUND"}' }) });
    expect(report.otherwise).toHaveLength(8);
    expect(isGood(report)).toBe(false);
  });

  it('reports a gateway that gives no answer, meets with a fault, or is busy', async () => {
    const silent = await judgeGateway({ send: () => Promise.reject(new Error('ECONNRESET')) });
    expect(silent.crashes).toHaveLength(10);
    let faults = 0;
    expect((await judgeGateway({ crashes: () => (faults += 1) })).crashes).toHaveLength(10);
    const busy = await judgeGateway({ send: async () => ({ status: 503, text: '{"code":"ERR_GATEWAY_BUSY"}' }) });
    expect(busy.crashes).toHaveLength(10);
  });

  it('reports an event loop that is held over 200 ms and an input that takes over 100 MB', async () => {
    let peakBytes = 0;
    const report = await judgeGateway({
      probe: async () => ({ heldMs: 201, peakBytes: (peakBytes += 100_000_001) }),
    });
    expect([report.tooLong.length, report.tooMuch.length]).toEqual([10, 10]);
    expect(isGood(report)).toBe(false);
  });

  it('reports a value or an unknown name in a reply, in the log, and in a file, in whatever encoding', async () => {
    const echo = await judgeGateway({
      send: async ({ body }) => ({
        status: 400,
        text: `{"code":"ERR_JSON_MALFORMED","x":"${Buffer.from(body).toString('base64')}"}`,
      }),
    });
    expect(echo.leaks.length).toBeGreaterThan(8);
    const kept = await judgeGateway(
      {},
      {
        folder: (all) => {
          mkdirSync(join(folder, 'register'));
          writeFileSync(join(folder, 'register', 'x.jsonl'), `{"naam":"${String(all[3]?.words.nowhere[0])}"}`);
          return folder;
        },
      },
    );
    expect(kept.leaks).toEqual([expect.stringMatching(/register\/x\.jsonl$/)]);
    expect(isGood(kept)).toBe(false);
    const bench = openBench(pki, NOW);
    controlInput(0);
    const [first] = inputs;
    if (first?.kind === 'request') first.build(bench);
    const [word] = bench.takeWords().nowhere;
    expect((await judgeGateway({}, { log: `msg: ${String(word)}` })).leaks).toHaveLength(1);
  });
});

describe('the probe', () => {
  it('tells how long the loop was held and how much memory there was', async () => {
    const script = join(folder, 'script.mjs');
    writeFileSync(
      script,
      `setInterval(() => undefined, 1_000);
       setTimeout(() => {
         const until = process.cpuUsage().user + 400_000;
         while (process.cpuUsage().user < until);
         globalThis.kept = Buffer.alloc(150_000_000, 1);
         setTimeout(() => process.send('done'), 50);
       }, 20);`,
    );
    const child = fork(script, { execArgv: ['--import', './scripts/hostile-probe.mjs'] });
    try {
      await once(child, 'message');
      child.send('ask');
      const [probe] = (await once(child, 'message')) as [{ heldMs: number; peakBytes: number }];
      expect(probe.heldMs).toBeGreaterThan(200);
      expect(probe.peakBytes).toBeGreaterThan(150_000_000);
      child.send('ask');
      const [calm] = (await once(child, 'message')) as [{ heldMs: number }];
      expect(calm.heldMs).toBeLessThan(probe.heldMs);
    } finally {
      child.kill();
    }
  });
});
