import { readFileSync, writeFileSync } from 'node:fs';
import { url } from 'node:inspector';

/** How this process was started, and what it can be made to show. */
export interface Runtime {
  readonly flags: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether a debugger may connect now. */
  readonly isInspected: boolean;
  /** Whether a core dump, should one be written, would hold memory of the process. */
  readonly dumpsMemory: boolean;
}

/**
 * Reads how the process was started, after making what the kernel would dump of it empty: on Linux `coredump_filter` 0 leaves out
 * every mapping (core(5)), also where a core is piped to a program, for which `ulimit -c 0` means nothing. Where that can't be, the
 * limit has to be 0.
 */
export function readRuntime(env: Readonly<Record<string, string | undefined>>): Runtime {
  return {
    flags: [...process.execArgv, ...(env['NODE_OPTIONS'] ?? '').split(/\s+/)].filter((flag) => flag !== ''),
    environment: env,
    isInspected: url() !== undefined,
    dumpsMemory: !(emptyDumps(FILTER) || forbidsDumps(LIMITS)),
  };
}

/** Makes dumps of this process empty; false where the kernel offers no such thing, or refuses. */
export function emptyDumps(filter: string): boolean {
  try {
    writeFileSync(filter, '0');
    return Number.parseInt(readFileSync(filter, 'utf8'), 16) === 0;
  } catch {
    // No such file but on Linux, or /proc is read-only.
    return false;
  }
}

/** Whether the limit on the size of a core is 0, by the process's table of limits. */
export function forbidsDumps(limits: string): boolean {
  try {
    return /^Max core file size +0 /m.test(readFileSync(limits, 'utf8'));
  } catch {
    // Unknown is as good as unlimited.
    return false;
  }
}

const FILTER = '/proc/self/coredump_filter';
const LIMITS = '/proc/self/limits';
