import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import type { ParticipantName } from '../../certs-dev/participants.ts';
import { freshExample, signedDetached } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';
import type { FloodOrder, FloodReport } from './flooder.ts';
import { createAgent, submit } from './party.ts';
import type { PartyAccess } from './party.ts';

const { values: given } = parseArgs({ options: { quick: { type: 'boolean', default: false } } });

const RUN = given.quick
  ? { rounds: 3, phaseMs: 4_000, berichten: 1_500 }
  : { rounds: 12, phaseMs: 8_000, berichten: 4_000 };
const SLOW_CLIENTS = 200;
// As many as one certificate may have open at a time.
const CONCURRENCY = 512;
const INTERVAL_MS = 50;
// Until all of the flood is connected.
const GATHER_MS = 4_000;
const SETTLE_MS = 2_000;
const MOST = 2;

process.exitCode = await run();

async function run(): Promise<number> {
  const bed = await openTestbed({ logLevel: 'info' });
  const child = fork('scripts/flood.mjs', ['--flooder']);
  try {
    const flooder = accessOf(bed, 'gemeente-arnhem', '127.0.0.2');
    await tell(child, {
      order: 'prepare',
      flooder,
      signing: bed.pki.participant('gemeente-arnhem').signing,
      slow: accessOf(bed, 'gemeente-nijmegen', '127.0.0.3'),
      slowClients: SLOW_CLIENTS,
      concurrency: CONCURRENCY,
      berichten: RUN.berichten,
    });
    return await measure(bed, child);
  } finally {
    child.disconnect();
    await bed.close();
    rmSync(bed.gateway.folder, { recursive: true, force: true });
  }
}

async function measure(bed: Testbed, child: ChildProcess): Promise<number> {
  const quiet: Sample[] = [];
  const flooded: Sample[] = [];
  const access = accessOf(bed, 'rvdk', '127.0.0.1');
  const agent = createAgent(access, 8);
  const one = (): Promise<number> => {
    const bericht = signedDetached(
      freshExample('opdrachtTb', 'opdracht.json'),
      bed.pki.participant('rvdk').signing,
      'json',
    );
    return submit({ port: access.port, agent }, bericht);
  };
  await sample(one, 1_000);
  for (let round = 0; round < RUN.rounds; round += 1) {
    const calm = await sample(one, RUN.phaseMs);
    quiet.push(...calm);
    await tell(child, { order: 'flood' });
    await sleep(GATHER_MS);
    const pressed = await sample(one, RUN.phaseMs);
    flooded.push(...pressed);
    const report = await tell(child, { order: 'stop' });
    say(`round ${String(round + 1)}: quiet ${show(calm)} · flooded ${show(pressed)} · ${describe(report)}`);
    await sleep(SETTLE_MS);
  }
  agent.destroy();
  return conclude(quiet, flooded);
}

interface Sample {
  readonly status: number;
  readonly ms: number;
}

// At a steady pace, whether or not the one before has been answered: a client that waits would hide what it waits for.
async function sample(one: () => Promise<number>, forMs: number): Promise<readonly Sample[]> {
  const running: Promise<Sample>[] = [];
  const until = performance.now() + forMs;
  for (let due = performance.now(); due < until; due += INTERVAL_MS) {
    await sleep(Math.max(0, due - performance.now()));
    running.push(timed(one));
  }
  return Promise.all(running);
}

async function timed(one: () => Promise<number>): Promise<Sample> {
  const from = performance.now();
  const status = await one();
  return { status, ms: performance.now() - from };
}

function conclude(quiet: readonly Sample[], flooded: readonly Sample[]): number {
  const refused = [...quiet, ...flooded].filter(({ status }) => status !== 202).length;
  const factor = percentile(flooded, 0.99) / percentile(quiet, 0.99);
  say(`quiet   ${show(quiet)} (${String(quiet.length)} berichten)`);
  say(`flooded ${show(flooded)} (${String(flooded.length)} berichten)`);
  const isHeld = factor < MOST && refused === 0;
  say(
    `flood: p99 of another participant × ${factor.toFixed(2)} (under ${String(MOST)}), ${String(refused)} of its berichten ` +
      `refused, ${String(SLOW_CLIENTS)} slow clients: ${isHeld ? 'holds' : 'DOES NOT HOLD'}`,
  );
  return isHeld ? 0 : 1;
}

function show(samples: readonly Sample[]): string {
  const of = (part: number): string => percentile(samples, part).toFixed(1);
  return `p50 ${of(0.5)} p90 ${of(0.9)} p99 ${of(0.99)} ms`;
}

function percentile(samples: readonly Sample[], part: number): number {
  const sorted = samples.map(({ ms }) => ms).sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0;
}

function describe({ statuses, slowClients }: FloodReport): string {
  const counts = Object.entries(statuses).map(([status, count]) => `${String(count)} × ${status}`);
  return `flood got ${counts.join(', ')}; ${String(slowClients)} slow clients`;
}

async function tell(child: ChildProcess, order: FloodOrder): Promise<FloodReport> {
  const answered = once(child, 'message');
  child.send(order);
  const [report] = (await answered) as [FloodReport];
  return report;
}

function accessOf(bed: Testbed, name: ParticipantName, localAddress: string): PartyAccess {
  const { tls, ca } = bed.party(name);
  return { port: bed.gateway.port(), cert: tls.chainPem, key: tls.privateKeyPem, ca, localAddress };
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
