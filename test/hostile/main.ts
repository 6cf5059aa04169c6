import { parseArgs } from 'node:util';
import { openBench } from '../support/hostile-bench.ts';
import { controlInput, corpusInputs } from './corpus-inputs.ts';
import { openWatchedGateway } from './gateway.ts';
import type { HostileInput } from './input.ts';
import { findLeaks } from './leaks.ts';
import { reportOf, shortfallsOf, summaryOf } from './report.ts';
import { bringAll } from './run.ts';
import type { Brought } from './run.ts';
import { variantInputs } from './variant-inputs.ts';
import { vectorInputs } from './vector-inputs.ts';

const { values: given } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    seed: { type: 'string', default: '1009' },
    slowest: { type: 'boolean', default: false },
  },
});
if (!/^\d{1,9}$/.test(given.seed)) throw new Error('--seed takes a whole number of at most nine digits');
async function run(seed: number): Promise<number> {
  const { inputs, leftOut } = chooseInputs();
  for (const place of leftOut) say(`left out: there are no vectors at ${place}`);
  say(`seed ${String(seed)}, ${String(inputs.length)} inputs`);
  const gateway = await openWatchedGateway();
  try {
    const bench = openBench(gateway.bed.pki, Math.floor(performance.timeOrigin + performance.now()), seed);
    const all: Brought[] = [];
    for await (const brought of bringAll(inputs, gateway, bench)) {
      all.push(brought);
      if (all.length % PROGRESS === 0) say(`${String(all.length)} brought`);
    }
    const places = { log: gateway.bed.gateway.output(), folder: gateway.bed.gateway.folder };
    const report = reportOf(all, findLeaks(all, places));
    if (given.slowest) showSlowest(all);
    const shortfalls = [...shortfallsOf(report), ...deliveredTooMany(all, gateway.bed.pushes())];
    for (const line of shortfalls) say(line);
    say(summaryOf(report));
    return shortfalls.length === 0 ? 0 : 1;
  } finally {
    await gateway.close();
  }
}

function chooseInputs(): { readonly inputs: readonly HostileInput[]; readonly leftOut: readonly string[] } {
  const vectors = vectorInputs();
  const spoilt = variantInputs(given.quick ? 3 : 60);
  const some = given.quick ? vectors.inputs.filter((_, at) => at % 10 === 0) : vectors.inputs;
  const hostile = [...corpusInputs(), ...some, ...spoilt];
  const inputs = hostile.flatMap((input, at) => (at % CONTROL === 0 ? [controlInput(at / CONTROL), input] : [input]));
  return { inputs, leftOut: vectors.leftOut };
}

/** No recipient may have been given what the sender has no receipt for. */
function deliveredTooMany(all: readonly Brought[], pushes: number): readonly string[] {
  const accepted = all.flatMap(({ outcome }) => outcome).filter((outcome) => outcome === 'accepted').length;
  return pushes > accepted ? [`delivered ${String(pushes)} of ${String(accepted)} accepted`] : [];
}

function showSlowest(all: readonly Brought[]): void {
  for (const { name, heldMs, bytes } of all.toSorted((a, b) => b.heldMs - a.heldMs).slice(0, SHOWN))
    say(`${heldMs.toFixed(0)} ms  ${name} (${String(bytes)} octets)`);
  for (const { name, grownBytes, bytes } of all.toSorted((a, b) => b.grownBytes - a.grownBytes).slice(0, SHOWN))
    say(`${(grownBytes / 1e6).toFixed(1)} MB  ${name} (${String(bytes)} octets)`);
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

// A right bericht stands before every so many hostile ones.
const CONTROL = 25;
const PROGRESS = 500;
const SHOWN = 15;

process.exitCode = await run(Number(given.seed));
