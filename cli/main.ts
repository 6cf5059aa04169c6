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
  let asked = 0;
  const onSignal = (): void => {
    // Asked again, somebody means it; one Ctrl-C comes twice when npm passes it on as well.
    if (stop.signal.aborted && performance.now() - asked > ONE_CTRL_C_MS) process.exit(EXIT.unable);
    if (!stop.signal.aborted) asked = performance.now();
    stop.abort();
  };
  // A process that was started over a channel ends with the one that started it. Unless somebody listens to SIGUSR1, Node opens a
  // debugger on it, and whoever may send it sees berichten and keys.
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('disconnect', onSignal).on('SIGUSR1', ignore);
  let exitCode: ExitCode = EXIT.ok;
  const program = createProgram({
    output,
    root: environment.root,
    signal: stop.signal,
    onReload: (listener) => void process.on('SIGHUP', listener),
    now: environment.now,
    exit: (code) => {
      exitCode = code;
    },
  });
  try {
    await program.parseAsync([...environment.args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) {
      const sentence = toUsageSentence(error, { program, args: environment.args });
      if (sentence !== undefined) output.note(`doorgeefluik: ${sentence}`);
      return error.exitCode === 0 ? EXIT.ok : EXIT.unable;
    }
    return report(error, (text) => {
      output.note(text);
    });
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('disconnect', onSignal);
  }
}

function ignore(): void {
  // Listening is what counts.
}

function report(error: unknown, note: (text: string) => void): ExitCode {
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

const ONE_CTRL_C_MS = 1_000;

process.exitCode = await main(readEnvironment());
