import type { MessageId } from '../domain/message.ts';

/** Berichten this process is accepting right now: consumers and repeats wait for the outcome instead of racing it. */
export interface InFlight {
  /** Runs the work while the bericht counts as in flight. */
  during<T>(messageId: MessageId, work: () => Promise<T>): Promise<T>;
  /** Resolves when the bericht isn't in flight (any more). */
  settled(messageId: MessageId): Promise<void>;
  has(messageId: MessageId): boolean;
}

/** Keeps them in memory; after a crash nothing is in flight. */
export function createInFlight(): InFlight {
  const running = new Map<MessageId, Promise<void>>();
  return {
    async during(messageId, work) {
      const { promise, resolve } = createSignal();
      running.set(messageId, promise);
      try {
        return await work();
      } finally {
        running.delete(messageId);
        resolve();
      }
    },
    settled: (messageId) => running.get(messageId) ?? Promise.resolve(),
    has: (messageId) => running.has(messageId),
  };
}

function createSignal(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
