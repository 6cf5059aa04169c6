import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { OwnRabbitmq } from './own-rabbitmq.ts';

/** The files of a RabbitMQ: its data and its logs. */
export interface BrokerFiles {
  readonly folder: string;
  /** Removes what was copied. */
  release(): void;
}

/**
 * The files as they are now: the folder of a private node, or a copy out of the container. Of a RabbitMQ that no other test
 * uses: what others leave is much to search, and its files would move while they are copied.
 */
export function takeBrokerFiles({ url, dataFolder }: Pick<OwnRabbitmq, 'url' | 'dataFolder'>): BrokerFiles {
  if (dataFolder !== undefined) {
    if (!existsSync(dataFolder)) throw new Error(`the broker's folder is not there: ${dataFolder}`);
    return { folder: dataFolder, release: () => undefined };
  }
  const { port } = new URL(url);
  const container = findContainer(port);
  if (container === undefined) throw new Error(`no container has the RabbitMQ on port ${port}`);
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

// A file that the broker cuts short while Docker copies it breaks off the whole copy.
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
