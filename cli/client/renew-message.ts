import { randomUUID } from 'node:crypto';
import type { Instant } from '../../gateway/domain/message.ts';
import { CommandFault } from '../fault.ts';
import { readMessageUnverified } from './read-message.ts';

/**
 * The same bericht under a kenmerk and time of its own, so that it is no repeat. Throws CommandFault when it is signed:
 * the signature would no longer hold.
 */
export function renewMessage(bytes: Uint8Array, now: Instant, kenmerk: string = randomUUID()): Buffer {
  const sketch = readMessageUnverified(bytes);
  if (sketch.isSigned) throw new CommandFault('Het bericht is al ondertekend: --fresh zou de handtekening breken.');
  const text = Buffer.from(bytes).toString('utf8');
  if (sketch.format === 'json') return Buffer.from(renewJson(text, kenmerk, now));
  const iso = new Date(now).toISOString();
  const names = sketch.isWrapper
    ? { kenmerk, tijdstip: iso }
    : { referentienummer: kenmerk, tijdstipBericht: toStufTime(now) };
  const renewed = Object.entries(names).reduce((xml, [name, value]) => replaceElement(xml, name, value), text);
  return Buffer.from(renewed);
}

// Text for text, so that the rest of the bericht stays as its author wrote it.
function renewJson(text: string, kenmerk: string, now: Instant): string {
  return text
    .replace(/("kenmerk"\s*:\s*")[^"]*"/, (_all, start: string) => `${start}${kenmerk}"`)
    .replace(/("tijdstip"\s*:\s*")[^"]*"/, (_all, start: string) => `${start}${new Date(now).toISOString()}"`);
}

function replaceElement(xml: string, name: string, value: string): string {
  return xml.replace(new RegExp(`(<(?:[\\w.-]+:)?${name}(?:\\s[^>]*)?>)[^<]*`), (_all, start: string) => start + value);
}

// StUF 03.01: yyyymmddhhmmss and milliseconds, in the time of Europe/Amsterdam.
function toStufTime(now: Instant): string {
  const parts = new Map(STUF_TIME.formatToParts(now).map(({ type, value }) => [type, value]));
  const names = ['year', 'month', 'day', 'hour', 'minute', 'second', 'fractionalSecond'] as const;
  return names.map((name) => parts.get(name) ?? '').join('');
}

const STUF_TIME = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'Europe/Amsterdam',
  hourCycle: 'h23',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
});
