import { readFileSync } from 'node:fs';
import { readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import { isErrno } from './errno.ts';

/** A folder held by this process. */
export interface FolderLock {
  release(): Promise<void>;
}

/**
 * Holds the folder for this process alone, by a lock file that names it. The lock of a process that is gone is taken
 * over; on another machine or in another container, where that can't be seen, once it has not been touched for 30 s.
 * Rejects with ConfigurationFault ERR_FOLDER_LOCKED.
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = resolve(join(folder, LOCK_NAME));
  if (HELD.has(path)) throw lockedFault(folder);
  HELD.add(path);
  try {
    await takeLock(path, folder);
  } catch (error) {
    HELD.delete(path);
    throw error;
  }
  return holdLock(path);
}

function holdLock(path: string): FolderLock {
  const timer = setInterval(() => {
    const now = new Date();
    // A touch that fails only lets the lock go stale on other machines; the next one may succeed.
    utimes(path, now, now).catch(() => undefined);
  }, TOUCH_MS);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      await rm(path, { force: true });
      HELD.delete(path);
    },
  };
}

async function takeLock(path: string, folder: string): Promise<void> {
  if (await createLock(path)) return;
  if (!((await isStale(path)) && (await takeOver(path)))) throw lockedFault(folder);
}

async function createLock(path: string): Promise<boolean> {
  try {
    await writeFile(path, describeSelf(), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

// Of several that find the same stale lock the last to replace it holds it, and the others see that a moment later.
async function takeOver(path: string): Promise<boolean> {
  const temporary = `${path}.${String(process.pid)}`;
  await writeFile(temporary, describeSelf(), { mode: 0o600 });
  await rename(temporary, path);
  await setTimeout(SETTLE_MS);
  return (await readFile(path, 'utf8').catch(() => '')) === describeSelf();
}

function describeSelf(): string {
  return `${hostname()} ${String(process.pid)} ${startTimeOf(process.pid)}\n`;
}

async function isStale(path: string): Promise<boolean> {
  const [host, pidText, startTime] = (await readFile(path, 'utf8').catch(() => '')).trim().split(' ');
  const pid = Number(pidText);
  // Another host, or a lock torn while it was written.
  if (host !== hostname() || !Number.isInteger(pid)) return isUntouched(path);
  // In a container the crashed process had the number of this one; HELD says that this one doesn't hold it.
  if (pid === process.pid) return true;
  return !isRunning(pid) || startTimeOf(pid) !== startTime;
}

async function isUntouched(path: string): Promise<boolean> {
  try {
    return Date.now() - (await stat(path)).mtimeMs > STALE_MS;
  } catch {
    return true;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return isErrno(error, 'EPERM');
  }
}

// Process numbers are reused; number and start time together are not (Linux proc(5), field 22, after the name in parentheses).
function startTimeOf(pid: number): string {
  try {
    const text = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? '-';
  } catch {
    return '-';
  }
}

function lockedFault(folder: string): ConfigurationFault {
  return new ConfigurationFault('ERR_FOLDER_LOCKED', `${folder} is in use by another gateway`);
}

const HELD = new Set<string>();
const LOCK_NAME = 'in-use.lock';
const TOUCH_MS = 5_000;
const STALE_MS = 30_000;
const SETTLE_MS = 100;
