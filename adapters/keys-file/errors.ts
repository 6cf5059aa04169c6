import { ConfigurationFault, KeyStoreFault } from '../../gateway/ports/faults.ts';

/** The key file can't be trusted as it stands; names the line, counted from 1. */
export function corruptFault(line: number, problem: string): ConfigurationFault {
  return new ConfigurationFault('ERR_KEYS_CORRUPT', `key file, line ${String(line)}: ${problem}`);
}

/** The key isn't durable, or isn't gone. */
export function writeFault(cause: unknown): KeyStoreFault {
  return cause instanceof KeyStoreFault ? cause : new KeyStoreFault('ERR_KEYS_WRITE', { cause });
}
