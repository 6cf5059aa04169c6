import { join } from 'node:path';
import type { Clock } from '../../gateway/ports/system.ts';
import { openAppendFile } from '../system/index.ts';
import type { AppendFile, FileOperations } from '../system/index.ts';
import type { NoteRecord } from './audit-line.ts';
import { toTime } from './times.ts';
import type { Chain, ChainEntry } from './chain.ts';
import { endOfMonth, isAnswerable, isRemembered, makeMonthKey, monthOf, segmentName } from './segments.ts';
import type { Month } from './segments.ts';

/** A month with the key of its kenmerken and octets. */
export interface KeyedMonth {
  readonly month: Month;
  readonly key: Uint8Array;
}

/** What the writer goes on from: the last month's segment, cut off after `length`, and the months whose kenmerken are looked up, newest first. */
export interface SegmentWriterOptions {
  readonly folder: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly chain: Chain;
  readonly months: readonly [KeyedMonth, ...KeyedMonth[]];
  readonly length: number;
  /** Bytes of an unfinished line that are cut off, to be put on record; 0 for none. */
  readonly removedBytes: number;
  readonly operations: FileOperations | undefined;
  /** Told when a month's repeats are no longer looked up, or none of its kenmerken at all. */
  onForgotten(month: Month, what: 'repeats' | 'all'): void;
}

/** Writes the segment of the month, and begins the next one when the month is over. */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions;
  #file: AppendFile<ChainEntry>;
  #months: readonly [KeyedMonth, ...KeyedMonth[]];
  #monthEnds: number;
  #turning: Promise<void> | undefined;

  private constructor(options: SegmentWriterOptions, file: AppendFile<ChainEntry>) {
    this.#options = options;
    this.#file = file;
    this.#months = options.months;
    this.#monthEnds = endOfMonth(options.months[0].month);
  }

  /** A new segment begins with a checkpoint. */
  static async open(options: SegmentWriterOptions): Promise<SegmentWriter> {
    const file = await openSegment(options, options.months[0].month, options.length);
    const writer = new SegmentWriter(options, file);
    try {
      if (options.length === 0) await file.append('checkpoint');
      if (options.removedBytes > 0) await file.append({ json: buildRepaired(options) });
      return writer;
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /**
   * Resolves when the segment of this month is open. Turning to another one takes a file operation before anything
   * changes, so what the caller then does without waiting lands in the segment that `current` names.
   */
  async ready(): Promise<void> {
    // A clock set back doesn't reopen an earlier month: numbers and hashes only go forward.
    if (this.#turning === undefined && this.#options.clock.now() < this.#monthEnds) return;
    this.#turning ??= this.#turn().finally(() => {
      this.#turning = undefined;
    });
    await this.#turning;
  }

  current(): KeyedMonth {
    return this.#months[0];
  }

  /** The months whose kenmerken may be younger than 8 days, newest first. */
  remembered(now: number): readonly KeyedMonth[] {
    return this.#months.length === 1 ? this.#months : this.#months.filter(({ month }) => isRemembered(month, now));
  }

  /** The months whose kenmerken an answer may name, newest first. */
  answerable(now: number): readonly KeyedMonth[] {
    return this.#months.filter(({ month }) => isAnswerable(month, now));
  }

  append(entry: ChainEntry): Promise<void> {
    return this.#file.append(entry);
  }

  /** Tries whether the disk takes writes again; a checkpoint is a write that says nothing. */
  async probe(): Promise<boolean> {
    try {
      await this.ready();
      if (!this.#file.isUsable()) await this.#reopen();
      await this.#file.append('checkpoint');
      return true;
    } catch {
      return false;
    }
  }

  /** Signs what isn't signed, and closes. */
  async close(): Promise<void> {
    try {
      if (!this.#options.chain.isSigned()) await this.#file.append('checkpoint');
    } finally {
      await this.#file.close();
    }
  }

  async #turn(): Promise<void> {
    const { folder, clock } = this.#options;
    const now = clock.now();
    const month = monthOf(now);
    const key = await makeMonthKey(folder, month);
    await this.#file.close();
    this.#file = await openSegment(this.#options, month, 0);
    await this.#file.append('checkpoint');
    const kept = this.#months.filter((one) => isAnswerable(one.month, now));
    for (const one of this.#months) {
      if (!isRemembered(one.month, now)) this.#options.onForgotten(one.month, kept.includes(one) ? 'repeats' : 'all');
    }
    this.#months = [{ month, key }, ...kept];
    this.#monthEnds = endOfMonth(month);
  }

  async #reopen(): Promise<void> {
    const length = this.#file.length();
    await this.#file.close();
    this.#file = await openSegment(this.#options, this.#months[0].month, length);
  }
}

function buildRepaired({ clock, removedBytes }: SegmentWriterOptions): string {
  const record: NoteRecord = { kind: 'repaired', at: toTime(clock.now()), removedBytes };
  return JSON.stringify(record);
}

function openSegment(
  { folder, chain, operations }: SegmentWriterOptions,
  month: Month,
  length: number,
): Promise<AppendFile<ChainEntry>> {
  return openAppendFile<ChainEntry>({
    path: join(folder, segmentName(month)),
    length,
    frame: (entries) => chain.frame(entries),
    ...(operations === undefined ? {} : { operations }),
  });
}
