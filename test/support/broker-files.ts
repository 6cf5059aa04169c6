import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { amqpUrl } from './rabbitmq.ts';

/** The files of the RabbitMQ under test: its data and its logs. */
export interface BrokerFiles {
  readonly folder: string;
  /** Removes what was copied. */
  release(): void;
}

/**
 * The files as they are now: the folder of a private node, or a copy out of the container that AMQP_URL leads to. Throws
 * when the broker is somewhere else, because files that can't be looked at prove nothing.
 */
export function takeBrokerFiles(): BrokerFiles {
  const folder = process.env['DOORGEEFLUIK_BROKER_DIR'];
  if (folder !== undefined && folder !== '') {
    if (!existsSync(folder)) throw new Error(`DOORGEEFLUIK_BROKER_DIR is not there: ${folder}`);
    return { folder, release: () => undefined };
  }
  const { port } = new URL(amqpUrl());
  const container = findContainer(port === '' ? '5672' : port);
  if (container === undefined) {
    throw new Error(
      'the files of this RabbitMQ are out of reach: set DOORGEEFLUIK_BROKER_DIR to the folder with its data and logs, or leave AMQP_URL unset',
    );
  }
  const copy = mkdtempSync(join(tmpdir(), 'doorgeefluik-broker-'));
  for (const path of ['/var/lib/rabbitmq', '/var/log']) copyOut(`${container}:${path}`, copy);
  // In a container the broker logs to its own output.
  writeFileSync(join(copy, 'output.log'), docker('logs', container));
  return {
    folder: copy,
    release: () => {
      rmSync(copy, { recursive: true, force: true });
    },
  };
}

// A file that is cut short while Docker copies it breaks off the whole copy; other tests use this broker too.
function copyOut(from: string, to: string): void {
  for (let tries = 1; ; tries += 1) {
    try {
      docker('cp', from, to);
      return;
    } catch (fault) {
      if (tries === COPY_TRIES) throw fault;
    }
  }
}

const COPY_TRIES = 5;

function findContainer(port: string): string | undefined {
  if (spawnSync('docker', ['version']).status !== 0) return undefined;
  const [id] = docker('ps', '--quiet', '--filter', `publish=${port}`).split('\n');
  return id === '' ? undefined : id;
}

function docker(...args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', maxBuffer: 1024 * 1024 * 1024 });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
  return stdout + stderr;
}
