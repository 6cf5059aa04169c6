#!/usr/bin/env node
import { CommanderError } from 'commander';
import { ConfigurationFault } from '../gateway/ports/faults.ts';
import { readEnvironment } from './environment.ts';
import type { Environment } from './environment.ts';
import { CommandFault, codeOf, EXIT } from './fault.ts';
import type { ExitCode } from './fault.ts';
import { createOutput } from './output.ts';
import { createProgram } from './program.ts';
import { toUsageSentence } from './usage.ts';

async function main(environment: Environment): Promise<ExitCode> {
  const output = createOutput(environment.out, environment.errors);
  const stop = new AbortController();
  const onSignal = (): void => {
    // The second time somebody means it.
    if (stop.signal.aborted) process.exit(EXIT.unable);
    stop.abort();
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal);
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram({
    output,
    root: environment.root,
    signal: stop.signal,
    now: environment.now,
    exit: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync([...environment.args], { from: 'user' });
    return exitCode;
  } catch (error) {
    return report(error, (text) => {
      output.note(text);
    });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal);
  }
}

function report(error: unknown, note: (text: string) => void): ExitCode {
  if (error instanceof CommanderError) {
    const sentence = toUsageSentence(error);
    if (sentence !== undefined) note(`doorgeefluik: ${sentence}`);
    return error.exitCode === 0 ? EXIT.ok : EXIT.unable;
  }
  if (error instanceof CommandFault) {
    note(`doorgeefluik: ${error.message}`);
    return error.exitCode;
  }
  if (error instanceof ConfigurationFault) {
    note(`doorgeefluik: ${error.explanation}`);
    return EXIT.unable;
  }
  const code = codeOf(error);
  note(`doorgeefluik: Onverwachte fout (${code === '' ? nameOf(error) : code}): meld dit met de opdracht die je gaf.`);
  return EXIT.unable;
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : 'onbekend';
}

// Whatever still runs, such as a kept-open connection, must not keep a finished command alive.
process.exitCode = await main(readEnvironment());
