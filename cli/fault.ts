/** What a command's exit says: it succeeded, the answer was no, it could not be asked, or there are differences. */
export const EXIT = { ok: 0, no: 1, unable: 2, changed: 3 } as const;

/** One of `EXIT`. */
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command can't go on. The sentence is Dutch, for whoever ran it, and says what to do. */
export class CommandFault extends Error {
  readonly exitCode: ExitCode;

  constructor(sentence: string, options: { readonly exitCode?: ExitCode; readonly cause?: unknown } = {}) {
    super(sentence, { cause: options.cause });
    this.name = 'CommandFault';
    this.exitCode = options.exitCode ?? EXIT.unable;
  }
}

/** The system's code of an error (`ENOENT`, `ECONNREFUSED` …); empty when it has none. */
export function codeOf(error: unknown): string {
  const isCoded = typeof error === 'object' && error !== null && 'code' in error;
  return isCoded && typeof error.code === 'string' ? error.code : '';
}
