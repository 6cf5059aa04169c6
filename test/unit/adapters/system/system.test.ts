import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createIds,
  createSystemClock,
  FILE_OPERATIONS,
  lockFolder,
  openAppendFile,
  readLines,
  writeFileAtomically,
} from '../../../../adapters/system/index.ts';
import type { AppendFile, FileOperations } from '../../../../adapters/system/index.ts';
import { faultyDisk } from '../../../support/faulty-disk.ts';

let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'system-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true }));

describe('the system clock', () => {
  const clock = createSystemClock();

  it('tells the time of this machine', () => {
    const real = performance.timeOrigin + performance.now();
    expect(Math.abs(clock.now() - real)).toBeLessThan(1_000);
  });

  it('sleeps as long as asked', async () => {
    const begin = performance.now();
    await clock.sleep(30);
    expect(performance.now() - begin).toBeGreaterThan(25);
  });

  it('wakes at once when it is stopped, before or during the sleep', async () => {
    const stop = new AbortController();
    const begin = performance.now();
    const sleeping = clock.sleep(60_000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(60_000, stop.signal);
    expect(performance.now() - begin).toBeLessThan(5_000);
  });

  it('does not wake at once from a sleep longer than a timer can hold', async () => {
    const stop = new AbortController();
    let isAwake = false;
    const sleeping = clock.sleep(2 ** 40, stop.signal).then(() => (isAwake = true));
    await clock.sleep(20);
    expect(isAwake).toBe(false);
    stop.abort();
    await sleeping;
  });
});

describe('identifiers', () => {
  it('are UUIDs of version 7 that begin with the time, lower case', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 48 - 1 }), (now) => {
        const ids = createIds({ now: () => now });
        for (const id of [ids.uuid(), ids.messageId()]) {
          expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
          expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(now);
        }
      }),
    );
  });

  it('are not made twice at the same instant', () => {
    const ids = createIds({ now: () => 1_795_342_530_123 });
    expect(new Set(Array.from({ length: 10_000 }, () => ids.uuid())).size).toBe(10_000);
  });

  it('come with a fraction from 0 up to 1', () => {
    const fraction = createIds(createSystemClock()).fraction();
    expect(fraction).toBeGreaterThanOrEqual(0);
    expect(fraction).toBeLessThan(1);
  });
});

describe('an append-only file', () => {
  const openLines = (operations: FileOperations = FILE_OPERATIONS, length = 0): Promise<AppendFile<string>> =>
    openAppendFile<string>({
      path,
      length,
      operations,
      frame: (lines) => ({ bytes: Buffer.from(lines.join('')), commit: () => undefined }),
    });

  it('shares one write and one sync among all that is appended meanwhile, in order', async () => {
    let syncs = 0;
    const operations: FileOperations = {
      ...FILE_OPERATIONS,
      sync: async (file) => {
        syncs += 1;
        await FILE_OPERATIONS.sync(file);
      },
    };
    const file = await openLines(operations);
    syncs = 0;
    const lines = Array.from({ length: 500 }, (_, index) => `${String(index)}\n`);
    const first = file.append(lines[0] ?? '');
    await Promise.resolve();
    await Promise.resolve();
    await Promise.all([first, ...lines.slice(1).map((line) => file.append(line))]);
    expect(syncs).toBe(2);
    expect(await readFile(path, 'utf8')).toBe(lines.join(''));
    await file.close();
  });

  it('resolves only after the sync', async () => {
    const events: string[] = [];
    const operations: FileOperations = {
      ...FILE_OPERATIONS,
      sync: async (file) => {
        await FILE_OPERATIONS.sync(file);
        events.push('synced');
      },
    };
    const file = await openLines(operations);
    await file.append('a\n').then(() => events.push('resolved'));
    expect(events).toEqual(['synced', 'synced', 'resolved']);
    await file.close();
  });

  it.each(['write', 'sync'] as const)('leaves nothing of a batch whose %s failed, and takes the next', async (call) => {
    const disk = faultyDisk();
    const file = await openLines(disk.operations);
    await file.append('good\n');
    disk.fail(call, 'EIO');
    const outcomes = await Promise.allSettled([file.append('one\n'), file.append('two\n')]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await readFile(path, 'utf8')).toBe('good\n');
    await file.append('three\n');
    expect(await readFile(path, 'utf8')).toBe('good\nthree\n');
    expect(file.length()).toBe(11);
    await file.close();
  });

  it('takes nothing more when a failed write can’t be cut back', async () => {
    const disk = faultyDisk();
    const file = await openLines(disk.operations);
    disk.fail('sync', 'EIO');
    disk.fail('truncate', 'EIO');
    await expect(file.append('one\n')).rejects.toThrow('EIO');
    expect(file.isUsable()).toBe(false);
    await expect(file.append('two\n')).rejects.toMatchObject({ code: 'ERR_FILE_UNUSABLE' });
    await file.close();
  });

  it('writes nothing when what is appended can’t be framed', async () => {
    const file = await openAppendFile<string>({
      path,
      length: 0,
      frame: () => {
        throw new Error('no key to sign with');
      },
    });
    await expect(file.append('one\n')).rejects.toThrow('no key to sign with');
    expect((await stat(path)).size).toBe(0);
    await file.close();
  });

  it('cuts off what doesn’t count when it is opened', async () => {
    await writeFile(path, 'good\ntor');
    const file = await openLines(FILE_OPERATIONS, 5);
    await file.append('next\n');
    await file.close();
    expect(await readFile(path, 'utf8')).toBe('good\nnext\n');
  });

  it('finishes at close what was appended, and takes nothing after it', async () => {
    const file = await openLines();
    const running = file.append('one\n');
    await file.close();
    await running;
    await expect(file.append('two\n')).rejects.toMatchObject({ code: 'ERR_FILE_CLOSED' });
    expect(await readFile(path, 'utf8')).toBe('one\n');
  });

  it('is not made where it can’t be', async () => {
    path = join(folder, 'absent', 'file');
    await expect(openLines()).rejects.toMatchObject({ code: 'ENOENT' });
    path = join(folder, 'file');
    const disk = faultyDisk();
    disk.fail('truncate', 'EROFS');
    await expect(openLines(disk.operations)).rejects.toMatchObject({ code: 'EROFS' });
  });
});

describe('reading lines', () => {
  it('gives each complete line with number and place, also across chunks, and counts what follows', async () => {
    const lines = ['', 'a', 'b'.repeat(1_500_000), '', 'c'.repeat(700_000), 'd'];
    await writeFile(path, `${lines.map((line) => `${line}\n`).join('')}torn`);
    const found: { readonly text: string; readonly number: number; readonly offset: number }[] = [];
    const read = await readLines(path, ({ bytes, number, offset }) =>
      found.push({ text: bytes.toString(), number, offset }),
    );
    expect(found.map(({ text }) => text)).toEqual(lines);
    expect(found.map(({ number }) => number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(found.map(({ offset }) => offset)).toEqual([0, 1, 3, 1_500_004, 1_500_005, 2_200_006]);
    expect(read).toEqual({ length: 2_200_008, tornBytes: 4 });
  });

  it('takes an absent file for an empty one', async () => {
    expect(await readLines(path, () => undefined)).toEqual({ length: 0, tornBytes: 0 });
  });

  it('does not take a folder for a file', async () => {
    await expect(readLines(folder, () => undefined)).rejects.toMatchObject({ code: 'EISDIR' });
  });
});

describe('an atomic write', () => {
  it('puts a whole file in place of another, for its owner alone', async () => {
    await writeFileAtomically(path, 'one');
    await writeFileAtomically(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['file']);
  });

  it('leaves nothing behind when it fails', async () => {
    await mkdir(join(path, 'in-the-way'), { recursive: true });
    await expect(writeFileAtomically(path, 'one')).rejects.toThrow();
    expect(await readdir(folder)).toEqual(['file']);
  });
});

describe('the lock of a folder', () => {
  const lockPath = (): string => join(folder, 'in-use.lock');
  const locked = { name: 'ConfigurationFault', code: 'ERR_FOLDER_LOCKED' };

  it('is held by one at a time, and free when released', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject(locked);
    await lock.release();
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is refused while another process that runs holds it, and taken over when that is gone', async () => {
    const other = spawn('sleep', ['60']);
    await once(other, 'spawn');
    const startTime = (await readFile(`/proc/${String(other.pid)}/stat`, 'utf8')).split(') ')[1]?.split(' ')[19];
    await writeFile(lockPath(), `${hostname()} ${String(other.pid)} ${startTime ?? ''}\n`);
    await expect(lockFolder(folder)).rejects.toMatchObject(locked);
    other.kill();
    await once(other, 'exit');
    await (await lockFolder(folder)).release();
  });

  it('is taken over from a process whose number another now has, this one among them', async () => {
    for (const pid of [process.ppid, process.pid]) {
      await writeFile(lockPath(), `${hostname()} ${String(pid)} 1\n`);
      await (await lockFolder(folder)).release();
    }
  });

  it.each(['another-machine 1 1\n', ''])(
    'of "%s" is taken over only when it has long not been touched',
    async (text) => {
      await writeFile(lockPath(), text);
      await expect(lockFolder(folder)).rejects.toMatchObject(locked);
      const longAgo = new Date(performance.timeOrigin + performance.now() - 31_000);
      await utimes(lockPath(), longAgo, longAgo);
      await (await lockFolder(folder)).release();
    },
  );

  it('is not taken in a folder that isn’t there', async () => {
    const absent = join(folder, 'absent');
    await expect(lockFolder(absent)).rejects.toMatchObject({ code: 'ENOENT' });
    await mkdir(absent);
    await (await lockFolder(absent)).release();
  });
});
