import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { GatewayFault } from '../../gateway/ports/faults.ts';
import { FILE_OPERATIONS } from './file-operations.ts';
import type { FileOperations } from './file-operations.ts';
import { syncFolderOf } from './atomic-write.ts';
import { isErrno } from './errno.ts';

/** What one write puts in the file; `commit` is called once, when it is durable, and not when it failed. */
export interface Batch {
  readonly bytes: Uint8Array;
  commit(): void;
}

/** How to open an append-only file. */
export interface AppendFileOptions<T> {
  readonly path: string;
  /** The bytes that count; whatever stands after them in the file is cut off. */
  readonly length: number;
  /** Turns the entries of one write into bytes, at the moment they are written. */
  frame(entries: readonly T[]): Batch;
  readonly operations?: FileOperations;
}

/**
 * Appends durably. Whatever is appended while a write runs shares the next write and sync. When one fails, all of it
 * rejects and the file is cut back to what was durable before; if that fails too, the file takes nothing more.
 */
export interface AppendFile<T> {
  append(entry: T): Promise<void>;
  /** Durable bytes. */
  length(): number;
  /** False when the file takes nothing more until it is opened again. */
  isUsable(): boolean;
  /** Waits for running writes. */
  close(): Promise<void>;
}

/** Opens or creates the file (mode 0600), cut off after `length` bytes. */
export async function openAppendFile<T>(options: AppendFileOptions<T>): Promise<AppendFile<T>> {
  const operations = options.operations ?? FILE_OPERATIONS;
  const file = await openForWriting(options.path);
  try {
    await operations.truncate(file, options.length);
    await operations.sync(file);
    await syncFolderOf(options.path);
  } catch (error) {
    await file.close();
    throw error;
  }
  return new GroupedAppends(file, operations, options);
}

interface Waiting<T> {
  readonly entry: T;
  resolve(): void;
  reject(cause: unknown): void;
}

class GroupedAppends<T> implements AppendFile<T> {
  readonly #file: FileHandle;
  readonly #operations: FileOperations;
  readonly #frame: (entries: readonly T[]) => Batch;
  #waiting: Waiting<T>[] = [];
  #writing: Promise<void> | undefined;
  #length: number;
  #usable = true;
  #closed: Promise<void> | undefined;

  constructor(file: FileHandle, operations: FileOperations, options: AppendFileOptions<T>) {
    this.#file = file;
    this.#operations = operations;
    this.#frame = (entries) => options.frame(entries);
    this.#length = options.length;
  }

  append(entry: T): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(new GatewayFault('ERR_FILE_CLOSED'));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ entry, resolve, reject });
      this.#writing ??= this.#writeAll();
    });
  }

  length(): number {
    return this.#length;
  }

  isUsable(): boolean {
    return this.#usable;
  }

  close(): Promise<void> {
    this.#closed ??= (this.#writing ?? Promise.resolve()).then(() => this.#file.close());
    return this.#closed;
  }

  async #writeAll(): Promise<void> {
    // One turn, so that what is appended in the same turn shares the first write.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map((one) => one.entry));
        for (const one of batch) one.resolve();
      } catch (error) {
        for (const one of batch) one.reject(error);
      }
    }
    this.#writing = undefined;
  }

  async #write(entries: readonly T[]): Promise<void> {
    if (!this.#usable) throw new GatewayFault('ERR_FILE_UNUSABLE');
    const batch = this.#frame(entries);
    try {
      await this.#operations.write(this.#file, batch.bytes, this.#length);
      await this.#operations.sync(this.#file);
    } catch (error) {
      await this.#cutBack();
      throw error;
    }
    this.#length += batch.bytes.length;
    batch.commit();
  }

  // After a failed sync the kernel may hold, drop or later write the pages: only a durable cut makes "rejected" true.
  async #cutBack(): Promise<void> {
    try {
      await this.#operations.truncate(this.#file, this.#length);
      await this.#operations.sync(this.#file);
    } catch {
      this.#usable = false;
    }
  }
}

async function openForWriting(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r+');
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    return open(path, 'wx+', 0o600);
  }
}
