import { chmod, mkdir } from 'node:fs/promises';
import type { Register } from '../../gateway/ports/register.ts';
import { lockFolder } from '../system/index.ts';
import { createCheckpoints } from './build-checkpoint.ts';
import { Chain } from './chain.ts';
import { DEFAULTS } from './config.ts';
import type { FileRegisterOptions } from './config.ts';
import { corruptFault } from './errors.ts';
import { loadLineSchema } from './line-schema.ts';
import { MessageIndex } from './message-index.ts';
import { readLog } from './read-log.ts';
import type { SegmentRead } from './read-log.ts';
import { FileRegister } from './register.ts';
import { Replay } from './replay.ts';
import { SegmentWriter } from './segment-writer.ts';
import type { KeyedMonth } from './segment-writer.ts';
import {
  isAnswerable,
  isRemembered,
  keyFileName,
  listMonths,
  makeMonthKey,
  monthOf,
  readMonthKey,
} from './segments.ts';
import type { Month } from './segments.ts';

/**
 * Opens the register in a folder (made if absent, mode 0700), reading and checking the whole log. Rejects with
 * ConfigurationFault: ERR_REGISTER_CORRUPT, ERR_REGISTER_ENVIRONMENT, ERR_FOLDER_LOCKED.
 */
export async function openFileRegister(options: FileRegisterOptions): Promise<Register> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await chmod(options.folder, 0o700);
  const lock = await lockFolder(options.folder);
  try {
    return await openLocked(options, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(options: FileRegisterOptions, release: () => Promise<void>): Promise<Register> {
  const { folder, clock, environment, onProgress } = options;
  const index = new MessageIndex();
  const isAuditLine = loadLineSchema();
  const present = await listMonths(folder);
  const remembers = (month: Month): boolean => isRemembered(month, clock.now());
  const keeps = (month: Month): boolean => isAnswerable(month, clock.now());
  const replay = new Replay({ index, isAuditLine, environment, onProgress, remembers, keeps });
  const read = await readLog(folder, present, replay);
  const keepEndedMs = options.keepEndedMs ?? DEFAULTS.keepEndedMs;
  index.endAttempts();
  index.forgetEnded(clock.now() - keepEndedMs);
  const segments = await openSegments(options, { index, replay, present, read });
  return new FileRegister({ index, segments, isAuditLine, clock, keepEndedMs, rules: replay.rules(), release });
}

interface LogState {
  readonly index: MessageIndex;
  readonly replay: Replay;
  readonly present: readonly Month[];
  readonly read: SegmentRead;
}

async function openSegments(
  { folder, clock, environment, checkpointSigner, checkpointEvery, operations }: FileRegisterOptions,
  { index, replay, present, read }: LogState,
): Promise<SegmentWriter> {
  const checkpoint = createCheckpoints(checkpointSigner, environment);
  const chain = new Chain({
    head: replay.head(),
    lastCheckpoint: replay.lastCheckpoint(),
    checkpointEvery: checkpointEvery ?? DEFAULTS.checkpointEvery,
    checkpoint: (head) => checkpoint(head, clock.now()),
  });
  const current = present.at(-1) ?? monthOf(clock.now());
  const months: [KeyedMonth, ...KeyedMonth[]] = [await openMonth(folder, current, index)];
  for (const month of present.slice(0, -1).reverse()) {
    if (isRemembered(month, clock.now())) months.push(await openMonth(folder, month, index));
    else if (isAnswerable(month, clock.now())) months.push(...(await openAnswerable(folder, month)));
  }
  return SegmentWriter.open({
    folder,
    clock,
    chain,
    months,
    length: read.length,
    removedBytes: read.removedBytes,
    operations,
    onForgotten: (month, what) => {
      index.forgetRepeats(month);
      if (what === 'all') index.forgetSent(month);
    },
  });
}

// Without its key, as after a purge, nothing of the month is found any more; nothing is delivered twice by that.
async function openAnswerable(folder: string, month: Month): Promise<readonly KeyedMonth[]> {
  const key = await readMonthKey(folder, month);
  return key === undefined ? [] : [{ month, key }];
}

async function openMonth(folder: string, month: Month, index: MessageIndex): Promise<KeyedMonth> {
  const key = await readMonthKey(folder, month);
  if (key !== undefined) return { month, key };
  // A new key would not recognise the repeats of what is there, and deliver them a second time.
  if (index.hasRepeats(month)) throw corruptFault(keyFileName(month), 1, 'missing');
  return { month, key: await makeMonthKey(folder, month) };
}
