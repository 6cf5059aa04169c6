import { ConfigurationFault, RegisterFault } from '../../gateway/ports/faults.ts';

/** The log can't be trusted as it stands: names the segment (or key file) and the line, counted from 1. */
export function corruptFault(file: string, line: number, problem: string): ConfigurationFault {
  return new ConfigurationFault('ERR_REGISTER_CORRUPT', `${file}, line ${String(line)}: ${problem}`);
}

/** The record isn't durable, and the state is as it was. */
export function writeFault(cause: unknown): RegisterFault {
  return cause instanceof RegisterFault ? cause : new RegisterFault('ERR_REGISTER_WRITE', { cause });
}
