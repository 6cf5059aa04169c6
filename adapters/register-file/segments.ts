import { createHmac, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { answerableSince } from '../../gateway/domain/reply-terms.ts';
import { isErrno, writeFileAtomically } from '../system/index.ts';
import { REPEAT_WINDOW_MS } from './config.ts';
import { corruptFault } from './errors.ts';

/** A calendar month of the log in UTC, such as `2026-11`. */
export type Month = string;

/** The month an instant falls in. */
export function monthOf(instant: number): Month {
  return new Date(instant).toISOString().slice(0, 7);
}

/** The first instant after the month. */
export function endOfMonth(month: Month): number {
  const [year, number] = month.split('-').map(Number);
  return Date.UTC(year ?? 0, number ?? 0, 1);
}

/** Whether kenmerken of the month may be younger than 8 days (promise B6). */
export function isRemembered(month: Month, now: number): boolean {
  return endOfMonth(month) + REPEAT_WINDOW_MS > now;
}

/** Whether an answer may name a kenmerk of the month. */
export function isAnswerable(month: Month, now: number): boolean {
  return endOfMonth(month) > answerableSince(now);
}

/** The file of a month's records; its key file goes when it goes. */
export function segmentName(month: Month): string {
  return `audit-${month}.jsonl`;
}

/** The file of the key under which that month's kenmerken and octets are kept. */
export function keyFileName(month: Month): string {
  return `sleutels-${month}.json`;
}

/** The months of which a segment is present, oldest first. */
export async function listMonths(folder: string): Promise<readonly Month[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => /^audit-(\d{4}-\d{2})\.jsonl$/.exec(name)?.[1] ?? []).sort();
}

/** Reads the key of a month; undefined when there is none. */
export async function readMonthKey(folder: string, month: Month): Promise<Uint8Array | undefined> {
  const text = await readIfPresent(join(folder, keyFileName(month)));
  if (text === undefined) return undefined;
  const key = parseKey(text, month);
  if (key === undefined) throw corruptFault(keyFileName(month), 1, 'not the key of this month');
  return key;
}

/** Makes the key of a month, durable before it is used. */
export async function makeMonthKey(folder: string, month: Month): Promise<Uint8Array> {
  const key = randomBytes(KEY_BYTES);
  await writeFileAtomically(
    join(folder, keyFileName(month)),
    `${JSON.stringify({ month, key: key.toString('base64') })}\n`,
  );
  return key;
}

/** HMAC-SHA-256 in base64url; `purpose` keeps values of different meaning apart under one key. */
export function keyedHash(key: Uint8Array, purpose: 'sender' | 'octets' | 'awaited', value: string): string {
  return createHmac('sha256', key).update(`${purpose}\0`).update(value).digest('base64url');
}

async function readIfPresent(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

function parseKey(text: string, month: Month): Uint8Array | undefined {
  const match = /^\{"month":"([0-9-]{7})","key":"([A-Za-z0-9+/=]+)"\}\n$/.exec(text);
  const key = Buffer.from(match?.[2] ?? '', 'base64');
  return match?.[1] === month && key.length === KEY_BYTES ? key : undefined;
}

const KEY_BYTES = 32;
