import type { Find } from '../support/find-canary.ts';
import type { Brought } from './run.ts';

/** What the run came to; each list holds what must not be. */
export interface Report {
  readonly inputs: number;
  readonly wronglyAccepted: readonly string[];
  readonly wronglyRefused: readonly string[];
  /** Refused, but not for the reason it should be. */
  readonly otherwise: readonly string[];
  readonly crashes: readonly string[];
  readonly tooLong: readonly string[];
  readonly tooMuch: readonly string[];
  readonly leaks: readonly string[];
  readonly maxHeldMs: number;
  readonly maxGrownBytes: number;
}

/** The accepting event loop may be held this long by one input. */
export const MAX_HELD_MS = 200;
/** The memory one input may take, if it is of at most a megabyte. */
export const MAX_GROWN_BYTES = 100_000_000;
const SMALL_BYTES = 1_048_576;

/** Sums up what was brought and found. */
export function reportOf(all: readonly Brought[], finds: readonly Find[]): Report {
  const named = (filter: (one: Brought) => boolean): readonly string[] => all.filter(filter).map(describe);
  const small = all.filter(({ bytes }) => bytes <= SMALL_BYTES);
  return {
    inputs: all.length,
    wronglyAccepted: named((one) => verdictOn(one) === 'wrongly accepted'),
    wronglyRefused: named((one) => verdictOn(one) === 'wrongly refused'),
    otherwise: named((one) => verdictOn(one) === 'otherwise'),
    crashes: named(({ crashed }) => crashed),
    tooLong: named(({ heldMs }) => heldMs > MAX_HELD_MS),
    tooMuch: small.filter(({ grownBytes }) => grownBytes > MAX_GROWN_BYTES).map(describe),
    leaks: finds.map(({ canary, encoding, where }) => `${canary} as ${encoding} in ${where}`),
    maxHeldMs: Math.max(0, ...all.map(({ heldMs }) => heldMs)),
    maxGrownBytes: Math.max(0, ...small.map(({ grownBytes }) => grownBytes)),
  };
}

/** Whether nothing is in it that must not be. */
export function isGood(report: Report): boolean {
  return shortfallsOf(report).length === 0;
}

/** A line for everything that must not be. */
export function shortfallsOf(report: Report): readonly string[] {
  const { wronglyAccepted, wronglyRefused, otherwise, crashes, tooLong, tooMuch, leaks } = report;
  const lists = { wronglyAccepted, wronglyRefused, otherwise, crashes, tooLong, tooMuch, leaks };
  return Object.entries(lists).flatMap(([list, names]) => names.map((name) => `${list}: ${name}`));
}

/** The last line. */
export function summaryOf(report: Report): string {
  const { inputs, wronglyAccepted, wronglyRefused, crashes, leaks, maxHeldMs, maxGrownBytes } = report;
  return (
    `hostile: ${String(inputs)} inputs, ${String(wronglyAccepted.length)} wrongly accepted, ` +
    `${String(wronglyRefused.length)} wrongly refused, ${String(crashes.length)} crashes, max loop ${maxHeldMs.toFixed(0)} ms, ` +
    `max memory ${(maxGrownBytes / 1e6).toFixed(0)} MB, ${String(leaks.length)} leaks`
  );
}

/** What one input came to, beside what it should come to. */
export function verdictOn({
  wanted,
  outcome,
}: Brought): 'right' | 'wrongly accepted' | 'wrongly refused' | 'otherwise' {
  if (wanted.length === outcome.length && wanted.every((one, at) => isAsWanted(one, outcome[at]))) return 'right';
  const [taken, due] = [outcome, wanted].map((list) => list.filter((one) => one === 'accepted').length);
  if (taken === due) return 'otherwise';
  return Number(taken) > Number(due) ? 'wrongly accepted' : 'wrongly refused';
}

function isAsWanted(wanted: string, outcome = ''): boolean {
  if (wanted === 'either') return outcome === 'accepted' || isRefusal(outcome);
  return wanted === 'refused' ? isRefusal(outcome) : wanted === outcome;
}

// The reader of receipts has names of its own for its refusals.
function isRefusal(outcome: string): boolean {
  return outcome.startsWith('ERR_') || ['malformed', 'typ', 'algorithm', 'signature'].includes(outcome);
}

function describe({ name, wanted, outcome, heldMs, grownBytes, bytes }: Brought): string {
  return (
    `${name}: ${outcome.join(', ')} where ${wanted.join(', ') || 'no answer'} was due; ` +
    `${String(bytes)} octets, ${heldMs.toFixed(0)} ms, ${(grownBytes / 1e6).toFixed(1)} MB`
  );
}
