import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Instant } from '../../gateway/domain/message.ts';
import { renewMessage } from '../client/renew-message.ts';
import type { Step } from './scenario.ts';

/** What a demonstration's berichten are made from. */
export interface Composing {
  /** The folder `schemas/`. */
  readonly schemas: string;
  /** A text to put in a free text field of every bericht. */
  readonly canary: string | undefined;
  readonly now: Instant;
}

/** Makes the bericht of a step from its example, under a kenmerk of its own. Throws if the example no longer fits. */
export function composeMessage(step: Step, { schemas, canary, now }: Composing): Buffer {
  const example = readFileSync(join(schemas, 'berichten', step.example), 'utf8');
  const changed = (step.changes ?? []).reduce((text, [from, to]) => replaceText(text, from, to), example);
  const filled = canary === undefined ? changed : fillSurname(changed, canary);
  return renewMessage(Buffer.from(filled), now);
}

function replaceText(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new RangeError(`the example has no ${from}`);
  return text.replaceAll(from, to);
}

// Every type has a surname: free text of up to 200 characters.
function fillSurname(text: string, canary: string): string {
  const filled = text.trimStart().startsWith('{')
    ? text.replace(/("geslachtsnaam"\s*:\s*)"[^"]*"/, (_all, start: string) => start + JSON.stringify(canary))
    : text.replace(/(<[\w.-]+:geslachtsnaam>)[^<]*/, (_all, start: string) => start + escapeXml(canary));
  if (filled === text) throw new RangeError('the example has no surname to replace');
  return filled;
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
