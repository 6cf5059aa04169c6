import type { DestinationStream } from 'pino';

/** How events are written. */
export interface PinoEventsConfig {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** Standard output unless given. */
  readonly destination?: DestinationStream;
}
