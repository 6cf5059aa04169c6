import type { FileHandle } from 'node:fs/promises';

/** The calls that can fail on a full or broken disk; a parameter, so that each failure can be tried. */
export interface FileOperations {
  /** Writes all bytes at the position. */
  write(file: FileHandle, bytes: Uint8Array, position: number): Promise<void>;
  /** Resolves when what was written survives a power cut. */
  sync(file: FileHandle): Promise<void>;
  truncate(file: FileHandle, length: number): Promise<void>;
}

/** The operations of this machine's file system. */
export const FILE_OPERATIONS: FileOperations = {
  write: writeAll,
  sync: (file) => file.datasync(),
  truncate: (file, length) => file.truncate(length),
};

async function writeAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, bytes.length - done, position + done);
    done += bytesWritten;
  }
}
