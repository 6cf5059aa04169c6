import type { Instant } from '../gateway/domain/message.ts';
import type { ExitCode } from './fault.ts';
import type { Output } from './output.ts';

/** What a command works with; nothing else of the process. */
export interface CommandContext {
  readonly output: Output;
  /** The folder of the product: of its schemas and rules. */
  readonly root: string;
  /** Aborts when the process is asked to stop. */
  readonly signal: AbortSignal;
  /** Calls back each time the process is asked to read its rules again. */
  readonly onReload: (listener: () => void) => void;
  readonly now: () => Instant;
  /** Says with which code the process is to end. */
  readonly exit: (code: ExitCode) => void;
}
