import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createSystemClock } from '../adapters/system/index.ts';
import type { Instant } from '../gateway/domain/message.ts';
import type { Sink } from './output.ts';

/** What an executable takes from the process it runs in. */
export interface Environment {
  readonly args: readonly string[];
  readonly out: Sink;
  readonly errors: Sink;
  /** The folder of the product: of its schemas, rules and package.json. */
  readonly root: string;
  /** Address of a broker, from `AMQP_URL`. */
  readonly amqpUrl: string | undefined;
  readonly now: () => Instant;
}

/** Reads the process once. */
export function readEnvironment(): Environment {
  const { env, argv } = process;
  const clock = createSystemClock();
  return {
    args: argv.slice(2),
    out: sinkOf(process.stdout, env),
    errors: sinkOf(process.stderr, env),
    root: findRoot(dirname(fileURLToPath(import.meta.url))),
    amqpUrl: env['AMQP_URL'] === '' ? undefined : env['AMQP_URL'],
    now: () => clock.now(),
  };
}

// https://no-color.org: any value but an empty one means no colours.
function sinkOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Sink {
  const noColour = env['NO_COLOR'] !== undefined && env['NO_COLOR'] !== '';
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read along has stopped (`| head`): the rest has no reader. What can't be told on standard error is left out.
    if (error.code !== 'EPIPE') throw error;
    if (stream === process.stdout) process.exit(BROKEN_PIPE);
  });
  return {
    columns: stream.isTTY ? stream.columns : undefined,
    colours: stream.isTTY && !noColour && env['TERM'] !== 'dumb',
    write: (text) => {
      stream.write(text);
    },
  };
}

// The same file runs from the sources and, one folder deeper, from dist/.
function findRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const parent = dirname(folder);
  if (parent === folder) throw new Error('no package.json above the executable');
  return findRoot(parent);
}

// What a shell reports of a program that SIGPIPE ended: not an answer, and no failure to look into.
const BROKEN_PIPE = 141;
