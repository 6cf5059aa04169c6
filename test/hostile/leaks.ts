import { createCanaryFinder, textCanary } from '../support/find-canary.ts';
import type { Canary, CanaryFinder, Find } from '../support/find-canary.ts';
import type { Brought } from './run.ts';

/** Where the words of a payload might turn up beside the replies. */
export interface Places {
  /** Everything the gateway wrote to its outputs. */
  readonly log: string;
  /** The folder the gateway works in, the register among it. */
  readonly folder: string | undefined;
}

/** Every word of the inputs that is found where it must not be, in any encoding. */
export function findLeaks(all: readonly Brought[], { log, folder }: Places): readonly Find[] {
  const replies = all.map(({ name, reply }) => ({ where: `the reply to ${name}`, data: Buffer.from(reply) }));
  const inReplies = findersOf(all.flatMap(({ name, words }) => toCanaries(name, words.nowhere)));
  // A kenmerk comes back in the receipt, and must be kept nowhere.
  const elsewhere = findersOf(
    all.flatMap(({ name, words }) => toCanaries(name, [...words.nowhere, ...words.inReceipt])),
  );
  return [
    ...inReplies.flatMap((finder) => replies.flatMap(({ where, data }) => finder.inBytes(where, data))),
    ...elsewhere.flatMap((finder) => finder.inBytes('the log', Buffer.from(log))),
    ...(folder === undefined ? [] : elsewhere.flatMap((finder) => finder.inFolder(folder).finds)),
  ];
}

function toCanaries(name: string, words: readonly string[]): readonly Canary[] {
  return words.map((word) => textCanary(`a word of ${name}`, word));
}

// All begin alike, so a finder of thousands would take long to make.
function findersOf(canaries: readonly Canary[]): readonly CanaryFinder[] {
  const parts = Array.from({ length: Math.ceil(canaries.length / AT_ONCE) }, (_, at) => at * AT_ONCE);
  return parts.map((from) => createCanaryFinder(canaries.slice(from, from + AT_ONCE)));
}

const AT_ONCE = 400;
