import type { Instant, MessageId } from '../domain/message.ts';

/** The gateway's own clock. */
export interface Clock {
  now(): Instant;
  /** Resolves after the time, or at once when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Fresh identifiers and chance. */
export interface Ids {
  messageId(): MessageId;
  uuid(): string;
  /** A number in [0, 1), to spread retries; no secret rests on it. */
  fraction(): number;
}
