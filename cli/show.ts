import type { Check } from './client/checks.ts';
import type { Output, Paint } from './output.ts';
import { printable } from './output.ts';

/** Prints each check on a line of its own, marked, names and details below each other. */
export function showChecks(output: Output, checks: readonly Check[], indent = '  '): void {
  const width = Math.max(0, ...checks.map(({ name }) => name.length));
  for (const { name, passed, detail } of checks) {
    output.line(`${indent}${mark(output.paint, passed)} ${name.padEnd(width)}  ${printable(detail)}`.trimEnd());
  }
}

/** A green tick or a red cross. */
export function mark(paint: Paint, passed: boolean): string {
  return passed ? paint.green('✓') : paint.red('✗');
}

/** An instant of the wire (RFC 3339 UTC) as people here read it. */
export function toLocalTime(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? printable(instant) : LOCAL.format(at);
}

/** The time of day of an instant of the wire, as `toLocalTime` has it. */
export function toLocalClock(instant: string): string {
  const at = new Date(instant);
  return Number.isNaN(at.getTime()) ? printable(instant) : CLOCK.format(at);
}

const CLOCK = new Intl.DateTimeFormat('nl-NL', { timeZone: 'Europe/Amsterdam', timeStyle: 'medium' });
const LOCAL = new Intl.DateTimeFormat('nl-NL', {
  timeZone: 'Europe/Amsterdam',
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});
