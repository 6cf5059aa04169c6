import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isErrno } from './errno.ts';

/** One complete line without its newline; `bytes` is only valid during the call. */
export interface Line {
  readonly bytes: Buffer;
  /** Counted from 1. */
  readonly number: number;
  /** Where it begins in the file. */
  readonly offset: number;
}

/** What was read: the length of the complete lines, and how many bytes without newline follow them. */
export interface LinesRead {
  readonly length: number;
  readonly tornBytes: number;
}

/** Gives each complete line of the file in order. An absent file is an empty one. */
export async function readLines(path: string, take: (line: Line) => void): Promise<LinesRead> {
  const file = await openForReading(path);
  if (file === undefined) return { length: 0, tornBytes: 0 };
  try {
    return await splitLines(file, take);
  } finally {
    await file.close();
  }
}

async function splitLines(file: FileHandle, take: (line: Line) => void): Promise<LinesRead> {
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  let rest: Buffer = Buffer.alloc(0);
  let offset = 0;
  let number = 0;
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunk.length, offset + rest.length);
    if (bytesRead === 0) return { length: offset, tornBytes: rest.length };
    const data = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let start = 0;
    for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE, start)) {
      number += 1;
      take({ bytes: data.subarray(start, end), number, offset: offset + start });
      start = end + 1;
    }
    rest = data.subarray(start);
    offset += start;
  }
}

async function openForReading(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

const CHUNK_BYTES = 1024 * 1024;
const NEWLINE = 0x0a;
