import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import type { FetchedList, ListSource } from '../../gateway/ports/list-source.ts';

/** A list in a file that another program replaces. */
export function createFileSource(path: string, maxBytes: number): ListSource {
  let seen = '';
  return {
    isLocal: true,
    async fetch({ again }) {
      const read = await readIfChanged(path, { seen: again ? '' : seen, maxBytes });
      if (read.mark !== undefined) seen = read.mark;
      return read.fetched;
    },
  };
}

interface FileRead {
  readonly fetched: FetchedList;
  /** By what the file is known again. */
  readonly mark?: string;
}

async function readIfChanged(
  path: string,
  { seen, maxBytes }: { readonly seen: string; readonly maxBytes: number },
): Promise<FileRead> {
  let file: FileHandle | undefined;
  try {
    file = await open(path, 'r');
    const stat = await file.stat({ bigint: true });
    if (!stat.isFile()) return { fetched: { kind: 'fault', fault: 'unreachable' } };
    const { ino, size, mtimeNs } = stat;
    const mark = [ino, size, mtimeNs].join();
    if (mark === seen) return { fetched: { kind: 'unchanged' } };
    if (size > maxBytes) return { fetched: { kind: 'fault', fault: 'too-large' } };
    return { fetched: { kind: 'list', octets: await file.readFile() }, mark };
  } catch {
    // Gone, no file, not ours to read: whoever configured it sees which file it is by its authority.
    return { fetched: { kind: 'fault', fault: 'unreachable' } };
  } finally {
    await file?.close();
  }
}
