import { open, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FILE_OPERATIONS, isErrno, openAppendFile, readLines, syncFolderOf } from '../system/index.ts';
import type { AppendFile, FileOperations, Line } from '../system/index.ts';
import { buildLine, parseLine } from './build-line.ts';
import type { KeyLine } from './build-line.ts';
import { corruptFault } from './errors.ts';

/** A line to append, and what to do once it is durable. */
export interface KeyChange {
  readonly line: KeyLine;
  readonly commit: () => void;
}

/** What the key file says: the live keys, whether it also holds removed ones, and the length that counts. */
export interface KeyFileRead {
  readonly keys: Map<string, Uint8Array>;
  readonly holdsRemoved: boolean;
  readonly length: number;
}

/**
 * Finishes a rewriting that a crash interrupted, then reads the key file. An unfinished last line is left out: its
 * caller got no answer. Any other damage rejects with ConfigurationFault ERR_KEYS_CORRUPT.
 */
export async function readKeyFile(folder: string): Promise<KeyFileRead> {
  const { current } = pathsIn(folder);
  await finishRewriting(folder);
  const keys = new Map<string, Uint8Array>();
  const removed: string[] = [];
  const { length, tornBytes } = await readLines(current, (line) => {
    take({ keys, removed }, line);
  });
  return { keys, holdsRemoved: removed.length > 0 || tornBytes > 0, length };
}

/** Opens the key file for appending lines. */
export function openKeyFile(
  folder: string,
  length: number,
  operations: FileOperations | undefined,
): Promise<AppendFile<KeyChange>> {
  return openAppendFile<KeyChange>({
    path: pathsIn(folder).current,
    length,
    frame: (changes) => ({
      bytes: Buffer.from(changes.map(({ line }) => buildLine(line)).join('')),
      commit: () => {
        for (const { commit } of changes) commit();
      },
    }),
    ...(operations === undefined ? {} : { operations }),
  });
}

/**
 * Rewrites the key file with the live keys alone and overwrites the bytes of the old one; yields the new length. After a
 * crash at any point one of the two is whole, and `readKeyFile` finishes the rest.
 */
export async function rewriteKeyFile(
  folder: string,
  keys: ReadonlyMap<string, Uint8Array>,
  operations: FileOperations = FILE_OPERATIONS,
): Promise<number> {
  const { current, old, next } = pathsIn(folder);
  await finishRewriting(folder);
  const bytes = Buffer.from([...keys].map(([id, key]) => buildLine({ kind: 'added', id, key })).join(''));
  await writeWhole(next, bytes, operations);
  await rename(current, old);
  await rename(next, current);
  await syncFolderOf(current);
  await shred(old);
  return bytes.length;
}

async function finishRewriting(folder: string): Promise<void> {
  const { current, old, next } = pathsIn(folder);
  if (!(await isPresent(current)) && (await isPresent(old))) await rename(old, current);
  await shred(old);
  await shred(next);
}

function take(read: { readonly keys: Map<string, Uint8Array>; readonly removed: string[] }, line: Line): void {
  const { keys, removed } = read;
  const parsed = parseLine(line.bytes);
  if (parsed === undefined) throw corruptFault(line.number, 'unreadable');
  const { id } = parsed;
  if (parsed.kind === 'added') {
    if (keys.has(id)) throw corruptFault(line.number, 'adds a key a second time');
    keys.set(id, parsed.key);
  } else {
    if (!keys.delete(id)) throw corruptFault(line.number, 'removes a key that isn’t there');
    removed.push(id);
  }
}

async function writeWhole(path: string, bytes: Uint8Array, operations: FileOperations): Promise<void> {
  const file = await open(path, 'w', 0o600);
  try {
    await operations.write(file, bytes, 0);
    await operations.sync(file);
  } finally {
    await file.close();
  }
}

/** Overwrites and unlinks a file; an absent one is gone already. */
async function shred(path: string): Promise<void> {
  try {
    const { size } = await stat(path);
    const file = await open(path, 'r+');
    try {
      for (let done = 0; done < size; done += ZEROS.length) {
        await file.write(ZEROS, 0, Math.min(ZEROS.length, size - done), done);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rm(path);
    await syncFolderOf(path);
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
}

async function isPresent(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return false;
    throw error;
  }
}

function pathsIn(folder: string): { readonly current: string; readonly old: string; readonly next: string } {
  const current = join(folder, 'transit-keys.log');
  return { current, old: `${current}.old`, next: `${current}.new` };
}

const ZEROS = Buffer.alloc(64 * 1024);
