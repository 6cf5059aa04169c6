import { relative, resolve, join } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnvironment } from '../environment.ts';
import type { Environment } from '../environment.ts';
import { CommandFault, EXIT } from '../fault.ts';
import type { ExitCode } from '../fault.ts';
import { createOutput } from '../output.ts';
import type { Output } from '../output.ts';
import { runDemo } from './run.ts';

interface DemoArguments {
  readonly once: boolean;
  readonly help: boolean;
  readonly folder: string;
  readonly amqpUrl: string | undefined;
  readonly canary: string | undefined;
}

async function main(environment: Environment): Promise<ExitCode> {
  const output = createOutput(environment.out, environment.errors);
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  // A demonstration that was started over a channel ends with whoever started it.
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('disconnect', onSignal);
  try {
    const asked = readArguments(environment);
    if (asked.help) {
      output.line(USAGE);
      return EXIT.ok;
    }
    return await runDemo({ ...asked, output, root: environment.root, now: environment.now, signal: stop.signal });
  } catch (error) {
    return report(error, output);
  } finally {
    process.off('SIGINT', onSignal).off('SIGTERM', onSignal).off('disconnect', onSignal);
  }
}

function readArguments(environment: Environment): DemoArguments {
  const { values } = parse(environment.args);
  return {
    once: values.once === true,
    help: values.help === true,
    folder: shortest(values.folder ?? join(environment.root, '.demo')),
    amqpUrl: values.amqp ?? environment.amqpUrl,
    canary: values.canary,
  };
}

// Short where it can be: the commands that are shown at the end are to be copied.
function shortest(path: string): string {
  const near = relative('.', resolve(path));
  return near === '' || near.startsWith('..') ? resolve(path) : near;
}

function parse(args: readonly string[]): { readonly values: Values } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true });
  } catch (cause) {
    throw new CommandFault('Deze optie bestaat niet of mist haar waarde: zie npm run demo -- --help.', { cause });
  }
}

function report(error: unknown, output: Output): ExitCode {
  if (!(error instanceof CommandFault)) throw error;
  output.note(`demo: ${error.message}`);
  return EXIT.unable;
}

const OPTIONS = {
  once: { type: 'boolean' },
  help: { type: 'boolean' },
  folder: { type: 'string' },
  amqp: { type: 'string' },
  canary: { type: 'string' },
} as const;

interface Values {
  readonly once?: boolean | undefined;
  readonly help?: boolean | undefined;
  readonly folder?: string | undefined;
  readonly amqp?: string | undefined;
  readonly canary?: string | undefined;
}

const USAGE = `npm run demo [-- opties]
Een doorgeefluik met partijen eromheen op deze machine, en berichten van de een naar de ander.
  --once           stopt vanzelf; afloop 0 alleen als alles ging zoals bedoeld
  --amqp <url>     met een RabbitMQ in plaats van in het geheugen (ook: AMQP_URL)
  --folder <map>   waar certificaten, register en bevestigingen komen (standaard .demo)
  --canary <tekst> zet deze tekst in een vrij veld van elk bericht`;

process.exitCode = await main(readEnvironment());
// The channel alone would keep a process alive that is done.
if (process.connected) process.disconnect();
