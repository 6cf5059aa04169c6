import type { Instant } from '../domain/message.ts';

/** The instant as RFC 3339 UTC with milliseconds, such as `2026-11-22T10:15:30.123Z`. */
export function formatInstant(at: Instant): string {
  return new Date(at).toISOString();
}

/**
 * Reads RFC 3339 UTC with `Z` and at most three fraction digits; undefined for any other form, an offset, a leap second
 * or a day that doesn't exist.
 */
export function parseInstant(text: string): Instant | undefined {
  if (!TIMESTAMP.test(text)) return undefined;
  const at = Date.parse(text);
  // Engines roll an impossible day over to the next month: only a time that is written back the same exists.
  return Number.isNaN(at) || formatInstant(at).slice(0, SECONDS) !== text.slice(0, SECONDS) ? undefined : at;
}

const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?Z$/;
const SECONDS = 'yyyy-mm-ddThh:mm:ss'.length;
