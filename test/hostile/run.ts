import type { Bench, HostileRequest, Words } from '../support/hostile-bench.ts';
import { outcomeOf, outcomesOf } from '../support/hostile-wire.ts';
import type { HostileInput, Wanted } from './input.ts';

/** What a gateway did since it was last asked. */
export interface Probe {
  /** The longest that the accepting event loop was held, in milliseconds of its own. */
  readonly heldMs: number;
  /** The most memory that the process held. */
  readonly peakBytes: number;
}

/** A gateway that hostile inputs are brought to. */
export interface HostileTarget {
  /** Rejects when there is no answer. */
  send(request: HostileRequest): Promise<{ readonly status: number; readonly text: string }>;
  /** All that came back until the connection was closed. */
  write(octets: ReturnType<Extract<HostileInput, { kind: 'octets' }>['build']>): Promise<string>;
  probe(): Promise<Probe>;
  /** How often it stopped, or met with a fault of its own. */
  crashes(): number;
}

/** One input and what became of it. */
export interface Brought {
  readonly name: string;
  readonly wanted: readonly string[];
  readonly outcome: readonly string[];
  readonly bytes: number;
  readonly reply: string;
  readonly words: Words;
  readonly crashed: boolean;
  readonly heldMs: number;
  /** How much more memory the gateway held than before. */
  readonly grownBytes: number;
}

/** Brings each input by itself and looks at the gateway before and after. */
export async function* bringAll(
  inputs: readonly HostileInput[],
  target: HostileTarget,
  bench: Bench,
): AsyncGenerator<Brought> {
  for (const input of inputs) {
    const made = make(input, bench);
    const words = bench.takeWords();
    const before = await target.probe();
    const crashes = target.crashes();
    const startedAt = process.cpuUsage();
    const { outcome, reply } = await bring(made, target);
    const own = made.kind === 'reader' ? msOf(process.cpuUsage(startedAt)) : 0;
    const after = await target.probe();
    yield {
      name: input.name,
      wanted: wantedOf(input),
      outcome,
      bytes: made.kind === 'reader' ? 0 : made.bytes,
      reply,
      words,
      crashed: target.crashes() > crashes || outcome.includes(NO_ANSWER) || outcome.includes('ERR_GATEWAY_BUSY'),
      heldMs: Math.max(after.heldMs, own),
      grownBytes: Math.max(0, after.peakBytes - before.peakBytes),
    };
  }
}

type Made =
  | { readonly kind: 'request'; readonly request: HostileRequest; readonly bytes: number }
  | { readonly kind: 'octets'; readonly octets: Parameters<HostileTarget['write']>[0]; readonly bytes: number }
  | { readonly kind: 'reader'; readonly read: () => string };

function make(input: HostileInput, bench: Bench): Made {
  switch (input.kind) {
    case 'reader':
      return input;
    case 'octets': {
      const octets = input.build(bench);
      return { kind: 'octets', octets, bytes: octets.octets.byteLength };
    }
    case 'request': {
      const request = input.build(bench);
      return { kind: 'request', request, bytes: request.body.byteLength };
    }
  }
}

async function bring(
  made: Made,
  target: HostileTarget,
): Promise<{ readonly outcome: readonly string[]; readonly reply: string }> {
  if (made.kind === 'reader') return { outcome: [made.read()], reply: '' };
  if (made.kind === 'octets') {
    const reply = await target.write(made.octets);
    return { outcome: outcomesOf(reply), reply };
  }
  try {
    const { status, text } = await target.send(made.request);
    return { outcome: [outcomeOf(status, text)], reply: text };
  } catch {
    // Whatever it was that broke the connection, the gateway left a request without an answer.
    return { outcome: [NO_ANSWER], reply: '' };
  }
}

function wantedOf(input: HostileInput): readonly Wanted[] | readonly string[] {
  return input.kind === 'octets' ? input.answers : [input.wanted];
}

function msOf({ user, system }: NodeJS.CpuUsage): number {
  return (user + system) / 1000;
}

const NO_ANSWER = 'no answer';
