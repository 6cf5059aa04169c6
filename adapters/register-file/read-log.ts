import { join } from 'node:path';
import { readLines } from '../system/index.ts';
import type { Line } from '../system/index.ts';
import { corruptFault } from './errors.ts';
import type { Replay } from './replay.ts';
import { segmentName } from './segments.ts';
import type { Month } from './segments.ts';

/** What the last segment holds: bytes that count, and bytes after them to be cut off. */
export interface SegmentRead {
  readonly length: number;
  readonly removedBytes: number;
}

/**
 * Reads all segments, oldest first. Only the very end of the last one may be unfinished, as a crash leaves it: nothing
 * was answered on the strength of that line. Anything else that can't be read rejects with ERR_REGISTER_CORRUPT.
 */
export async function readLog(folder: string, months: readonly Month[], replay: Replay): Promise<SegmentRead> {
  let last: SegmentRead = { length: 0, removedBytes: 0 };
  for (const month of months) {
    if (last.removedBytes > 0) throw corruptFault(segmentName(month), 1, 'the segment before it is unfinished');
    last = await readSegment(folder, month, replay);
  }
  return last;
}

async function readSegment(folder: string, month: Month, replay: Replay): Promise<SegmentRead> {
  let unreadable: { readonly offset: number; readonly number: number } | undefined;
  const take = (line: Line): void => {
    if (unreadable !== undefined) throw corruptFault(segmentName(month), unreadable.number, 'not JSON');
    const parsed = parseJson(line.bytes);
    if (parsed === undefined) unreadable = { offset: line.offset, number: line.number };
    else replay.take(parsed.value, line, month);
  };
  const { length, tornBytes } = await readLines(join(folder, segmentName(month)), take);
  const end = cutOf(unreadable) ?? length;
  return { length: end, removedBytes: length + tornBytes - end };
}

// Read through a function: assignments inside a callback escape the flow analysis.
function cutOf(unreadable: { readonly offset: number } | undefined): number | undefined {
  return unreadable?.offset;
}

function parseJson(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(bytes.toString('utf8')) };
  } catch {
    return undefined;
  }
}
