import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** One line of a segment without its line feed. */
export interface SegmentLine {
  readonly segment: string;
  /** Counted from 1 in its segment. */
  readonly line: number;
  readonly bytes: Buffer;
  /** False for bytes after the last line feed of the file. */
  readonly isComplete: boolean;
}

/** The segments in the folder, oldest month first. */
export async function listSegments(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => /^audit-\d{4}-\d{2}\.jsonl$/.test(name)).sort();
}

/** All lines of all segments in order. */
export async function* readSegments(folder: string, segments: readonly string[]): AsyncGenerator<SegmentLine> {
  for (const segment of segments) yield* readSegment(folder, segment);
}

async function* readSegment(folder: string, segment: string): AsyncGenerator<SegmentLine> {
  let rest: Buffer = Buffer.alloc(0);
  let line = 0;
  for await (const chunk of readChunks(join(folder, segment))) {
    const data: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = data.indexOf(LINE_FEED); end >= 0; end = data.indexOf(LINE_FEED, start)) {
      line += 1;
      yield { segment, line, bytes: data.subarray(start, end), isComplete: true };
      start = end + 1;
    }
    rest = data.subarray(start);
  }
  if (rest.length > 0) yield { segment, line: line + 1, bytes: rest, isComplete: false };
}

const CHUNK_BYTES = 1024 * 1024;
const LINE_FEED = 0x0a;

async function* readChunks(path: string): AsyncGenerator<Buffer> {
  const file = await open(path);
  try {
    for (;;) {
      const { bytesRead, buffer } = await file.read(Buffer.allocUnsafe(CHUNK_BYTES));
      if (bytesRead === 0) return;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
