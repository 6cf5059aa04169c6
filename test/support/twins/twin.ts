import { randomUUID } from 'node:crypto';

import { PARTICIPANTS } from '../../../certs-dev/participants.ts';
import type { ParticipantName } from '../../../certs-dev/participants.ts';
import { freshExample } from '../signed.ts';

/** A bericht to be signed and submitted: its text, and whose certificates do it when not the afzender's. */
export interface Draft {
  readonly text: string;
  readonly kenmerk: string;
  readonly format: 'json' | 'xml';
  readonly by: ParticipantName;
}

/** What a JSON bericht holds, as far as a test changes it. */
export interface JsonBericht {
  readonly stuurgegevens: Record<string, unknown> & {
    afzender: { oin: string; rol: string };
    ontvanger: Record<string, string>;
    verwerking: Record<string, unknown>;
  };
  readonly inhoud: Record<string, unknown>;
}

/** Makes a draft anew each time, with a kenmerk and times of its own; an answer names the kenmerk it is given. */
export type MakeDraft = (answered?: string) => Draft;

/** One rule of the sources: a bericht that keeps to it, the same with one fact changed, and how that is refused. */
export interface Twin {
  /** The ID of the statement in the sources. */
  readonly id: string;
  readonly says: string;
  /** What is sent before, when both answer something. */
  readonly first?: MakeDraft;
  readonly right: MakeDraft;
  readonly wrong: MakeDraft;
  readonly code: string;
  /** The rule that the refusal names. */
  readonly rule?: string;
}

/** A JSON example, changed. */
export function json(type: string, file: string, change: (bericht: JsonBericht) => void = () => undefined): MakeDraft {
  return (answered) => {
    const { text, kenmerk } = freshExample(type, `${file}.json`);
    const bericht = JSON.parse(text) as JsonBericht;
    if (answered !== undefined) bericht.stuurgegevens['antwoordOp'] = answered;
    change(bericht);
    return { text: JSON.stringify(bericht), kenmerk, format: 'json', by: nameOf(bericht.stuurgegevens.afzender.oin) };
  };
}

/** An XML example, changed by replacing texts; each must be there. */
export function xml(
  type: string,
  file: string,
  ...changes: readonly (readonly [find: RegExp, put: string])[]
): MakeDraft {
  return (answered) => {
    const { text, kenmerk } = freshExample(type, `${file}.xml`);
    const linked =
      answered === undefined ? text : text.replace(/(<(?:\w+:)?(?:crossRefnummer|antwoordOp)>)[^<]*/, `$1${answered}`);
    const changed = changes.reduce((result, [find, put]) => replaceOnce(result, find, put), linked);
    const [, oin = ''] = /(?:zender|afzender)>\s*<\w+:(?:organisatie|oin)>(\d{20})/.exec(changed) ?? [];
    return { text: changed, kenmerk, format: 'xml', by: nameOf(oin) };
  };
}

/** The same, brought and signed with the certificates of another. */
export function broughtBy(name: ParticipantName, make: MakeDraft): MakeDraft {
  return (answered) => ({ ...make(answered), by: name });
}

/** Makes another party the afzender. */
export function from(name: ParticipantName, rol: string): (bericht: JsonBericht) => void {
  return ({ stuurgegevens }) => {
    stuurgegevens.afzender = { oin: oinOf(name), rol };
  };
}

/** Addresses another party. */
export function to(name: ParticipantName, rol: string): (bericht: JsonBericht) => void {
  return ({ stuurgegevens }) => {
    stuurgegevens.ontvanger = { oin: oinOf(name), rol };
  };
}

/** Sets members of `verwerking`. */
export function purpose(members: Readonly<Record<string, string | null>>): (bericht: JsonBericht) => void {
  return ({ stuurgegevens }) => void Object.assign(stuurgegevens.verwerking, members);
}

/** Sets members of `inhoud`; undefined takes one away. */
export function body(members: Readonly<Record<string, unknown>>): (bericht: JsonBericht) => void {
  return ({ inhoud }) => void Object.assign(inhoud, members);
}

/** Names a kenmerk that nobody sent. */
export function answersNothing({ stuurgegevens }: JsonBericht): void {
  stuurgegevens['antwoordOp'] = randomUUID();
}

/** Several changes, one after the other. */
export function all(...changes: readonly ((bericht: JsonBericht) => void)[]): (bericht: JsonBericht) => void {
  return (bericht) => {
    for (const change of changes) change(bericht);
  };
}

/** The OIN of a development participant. */
export function oinOf(name: ParticipantName): string {
  return String(PARTICIPANTS.find((one) => one.name === name)?.oin);
}

function nameOf(oin: string): ParticipantName {
  const found = PARTICIPANTS.find((one) => one.oin === oin);
  if (found === undefined) throw new RangeError(`nobody has ${oin}`);
  return found.name;
}

function replaceOnce(text: string, find: RegExp, put: string): string {
  const changed = text.replace(find, put);
  if (changed === text) throw new RangeError(`${String(find)} is not in the example`);
  return changed;
}
