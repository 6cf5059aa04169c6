import { appendFile, mkdtemp, open, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openFileKeys } from '../../adapters/keys-file/index.ts';
import type { FileKeysOptions } from '../../adapters/keys-file/index.ts';
import type { TransitKeys } from '../../gateway/ports/transit-keys.ts';
import { faultyDisk } from '../support/faulty-disk.ts';
import { createTestClock, HOUR, NOW } from '../support/register.ts';
import { eventually } from './broker-contract.ts';
import { describeTransitKeysContract } from './transit-keys-contract.ts';

const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'keys-'));

describeTransitKeysContract('file', async () => {
  const folder = await newFolder();
  return {
    keys: await openFileKeys({ folder, clock: createTestClock() }),
    remove: () => rm(folder, { recursive: true }),
  };
});

describeTransitKeysContract('file, rewritten after each removal', async () => {
  const folder = await newFolder();
  return {
    keys: await openFileKeys({ folder, clock: createTestClock(), compactAfterMs: 0 }),
    remove: () => rm(folder, { recursive: true }),
  };
});

describe('the key file', () => {
  let folder: string;
  let path: string;
  let keys: TransitKeys;
  const clock = createTestClock();

  const openKeys = async (options: Partial<FileKeysOptions> = {}): Promise<TransitKeys> => {
    keys = await openFileKeys({ folder, clock, ...options });
    return keys;
  };
  const base64 = (key: Uint8Array): string => Buffer.from(key).toString('base64');

  beforeEach(async () => {
    clock.moveTo(NOW);
    folder = await newFolder();
    path = join(folder, 'transit-keys.log');
  });
  afterEach(async () => {
    await keys.close();
    await rm(folder, { recursive: true });
  });

  it('gives back after a restart the keys that live, and only those', async () => {
    await openKeys();
    const made = await Promise.all(['a', 'b', 'c'].map((id) => keys.create(id)));
    await keys.remove('b');
    await keys.close();
    await openKeys();
    expect([...(await keys.ids())].sort()).toEqual(['a', 'c']);
    expect(await keys.find('a')).toEqual(made[0]);
    expect(await keys.find('c')).toEqual(made[2]);
  });

  it('gives them back also after a crash, with a key durable before its maker hears of it', async () => {
    await openKeys();
    const key = await keys.create('a');
    await keys.create('b');
    await keys.remove('b');
    const crashed = await newFolder();
    await writeFile(join(crashed, 'transit-keys.log'), await readFile(path));
    const found = await openFileKeys({ folder: crashed, clock });
    expect(await found.ids()).toEqual(['a']);
    expect(await found.find('a')).toEqual(key);
    await found.close();
    await rm(crashed, { recursive: true });
  });

  it('can be read by its owner alone', async () => {
    await openKeys();
    await keys.create('a');
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('is free of ended keys within the hour, and their bytes are overwritten before the file goes', async () => {
    await openKeys();
    const kept = await keys.create('kept');
    const ended = await keys.create('ended');
    const before: FileHandle = await open(path, 'r');
    await keys.remove('ended');
    expect(await readFile(path, 'utf8')).toContain(base64(ended));
    clock.moveTo(NOW + HOUR / 2);
    await eventually(async () => !(await readFile(path, 'utf8')).includes(base64(ended)));
    await eventually(async () => (await readdir(folder)).length === 2);
    const old = (await before.readFile()).toString('latin1');
    await before.close();
    expect(old.length).toBeGreaterThan(100);
    expect(old).toMatch(/^\0+$/);
    expect(await readFile(path, 'utf8')).toContain(base64(kept));
    expect(await keys.find('kept')).toEqual(kept);
  });

  it('is free of ended keys after close', async () => {
    await openKeys();
    const ended = await keys.create('ended');
    await keys.remove('ended');
    await keys.close();
    expect(await readFile(path, 'utf8')).not.toContain(base64(ended));
    expect(await readdir(folder)).toEqual(['transit-keys.log']);
  });

  it('is rewritten early when it grows', async () => {
    await openKeys({ compactAfterBytes: 4_000 });
    for (let number = 0; number < 100; number += 1) {
      await keys.create(`key-${String(number)}`);
      await keys.remove(`key-${String(number)}`);
    }
    await eventually(async () => (await stat(path)).size < 5_000);
  });

  it('takes keys while it is rewritten', async () => {
    await openKeys({ compactAfterMs: 0 });
    const ids = Array.from({ length: 60 }, (_, index) => `id-${String(index)}`);
    await Promise.all(
      ids.map(async (id, index) => {
        await keys.create(id);
        if (index % 2 === 0) await keys.remove(id);
      }),
    );
    await keys.close();
    await openKeys();
    expect(await keys.ids()).toHaveLength(30);
  });

  it('loses an unfinished last line, and no other', async () => {
    await openKeys();
    await keys.create('a');
    await keys.create('b');
    await keys.close();
    await truncate(path, (await stat(path)).size - 5);
    await openKeys();
    expect(await keys.ids()).toEqual(['a']);
    await keys.create('b');
    await keys.close();
    await openKeys();
    expect([...(await keys.ids())].sort()).toEqual(['a', 'b']);
  });

  it('is refused when any byte of a complete line was changed', async () => {
    await openKeys();
    await keys.create('a');
    await keys.create('b');
    await keys.close();
    const good = await readFile(path);
    // The last newline alone can't be told from an unfinished write.
    for (let place = 0; place < good.length - 1; place += 1) {
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(place) ^ 0x01, place);
      await writeFile(path, bad);
      await expect(openFileKeys({ folder, clock })).rejects.toMatchObject({
        name: 'ConfigurationFault',
        code: 'ERR_KEYS_CORRUPT',
      });
    }
    await writeFile(path, good);
  });

  it('is refused when a line was doubled or taken out', async () => {
    await openKeys();
    await keys.create('a');
    await keys.create('b');
    await keys.remove('b');
    const text = await readFile(path, 'utf8');
    await keys.close();
    const [a = '', b = '', removal = ''] = text.split('\n');
    for (const lines of [
      [a, a],
      [a, removal],
      [a, b, removal, removal],
    ]) {
      await writeFile(path, `${lines.join('\n')}\n`);
      await expect(openFileKeys({ folder, clock })).rejects.toMatchObject({ code: 'ERR_KEYS_CORRUPT' });
    }
    await writeFile(path, text);
    await openKeys();
  });

  it.each([
    ['before the new file took the name', async (log: string) => writeFile(`${log}.new`, 'half a line')],
    [
      'between the two names',
      async (log: string) => {
        await writeFile(`${log}.old`, await readFile(log));
        await writeFile(`${log}.new`, await readFile(log));
        await rm(log);
      },
    ],
    ['before the old file was overwritten', async (log: string) => writeFile(`${log}.old`, 'ended keys')],
  ])('finishes a rewriting that a crash interrupted %s', async (_when, crash) => {
    await openKeys();
    const key = await keys.create('a');
    await keys.close();
    await crash(path);
    await openKeys();
    expect(await keys.find('a')).toEqual(key);
    expect((await readdir(folder)).sort()).toEqual(['in-use.lock', 'transit-keys.log']);
  });

  it('belongs to one process at a time', async () => {
    await openKeys();
    await expect(openFileKeys({ folder, clock })).rejects.toMatchObject({ code: 'ERR_FOLDER_LOCKED' });
  });

  it('is taken over from a process that is gone', async () => {
    await openKeys();
    await keys.close();
    await appendFile(join(folder, 'in-use.lock'), `${hostname()} 999999999 1\n`);
    await openKeys();
    await keys.create('a');
  });

  it('refuses ids that could be taken for something else in the file', async () => {
    await openKeys();
    for (const id of ['', 'a b', 'a\n+ b', 'é', 'x'.repeat(129)]) {
      await expect(keys.create(id)).rejects.toMatchObject({ code: 'ERR_KEYS_ID_INVALID' });
    }
  });

  it.each(['write', 'sync'] as const)(
    'makes no key when the %s fails, and makes one when it works again',
    async (call) => {
      const disk = faultyDisk();
      await openKeys({ operations: disk.operations });
      await keys.create('a');
      disk.fail(call, 'ENOSPC');
      const outcomes = await Promise.allSettled([keys.create('b'), keys.create('c')]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({
          status: 'rejected',
          reason: { name: 'KeyStoreFault', code: 'ERR_KEYS_WRITE' },
        });
      }
      expect(keys.isHealthy()).toBe(false);
      expect(await keys.ids()).toEqual(['a']);
      disk.mend();
      await keys.create('b');
      expect(keys.isHealthy()).toBe(true);
      await keys.close();
      await openKeys();
      expect([...(await keys.ids())].sort()).toEqual(['a', 'b']);
    },
  );

  it('keeps a key whose removal could not be made durable', async () => {
    const disk = faultyDisk();
    await openKeys({ operations: disk.operations });
    const key = await keys.create('a');
    disk.fail('sync', 'EIO');
    await expect(keys.remove('a')).rejects.toMatchObject({ name: 'KeyStoreFault' });
    expect(await keys.find('a')).toEqual(key);
    disk.mend();
    await keys.remove('a');
    expect(await keys.ids()).toEqual([]);
  });

  it('comes back by itself when even cutting back failed, once the disk is well', async () => {
    const disk = faultyDisk();
    await openKeys({ operations: disk.operations });
    const key = await keys.create('a');
    disk.fail('sync', 'EROFS', Infinity);
    disk.fail('truncate', 'EROFS', Infinity);
    await expect(keys.create('b')).rejects.toMatchObject({ name: 'KeyStoreFault' });
    clock.moveTo(clock.now() + 60_000);
    await eventually(async () => (await keys.create('c').catch(() => undefined)) === undefined);
    expect(keys.isHealthy()).toBe(false);
    disk.mend();
    clock.moveTo(clock.now() + 120_000);
    await eventually(() => keys.isHealthy());
    expect(await keys.find('a')).toEqual(key);
    await keys.create('c');
    await keys.close();
    await openKeys();
    expect([...(await keys.ids())].sort()).toEqual(['a', 'c']);
  });
});
