import type { MessageState } from '../domain/lifecycle.ts';
import type { Format, Processing, SignatureForm } from '../domain/message.ts';
import type { MandateTask } from '../domain/participants.ts';
import type { DeliveryProof, ExpiryReason, RefusalReason } from '../domain/receipt.ts';
import type { TransitionKind } from '../domain/register-entry.ts';
import type { ReplyNoteKind } from '../domain/reply-terms.ts';

/** A one-to-one table between words of the domain and words of the wire. */
export interface Words<D extends string> {
  /** Every domain word with its wire word. */
  readonly all: Readonly<Record<D, string>>;
  toWire(word: D): string;
  /** Undefined for a text that is no wire word of the table. */
  fromWire(word: string): D | undefined;
}

/** A reason that stands in an end notice. */
export type EndReason = RefusalReason | ExpiryReason;

/** The wire word of a reason as the register keeps it; undefined for none or one that isn't of the closed lists. */
export function reasonToWire(reason: string | undefined): string | undefined {
  return reason === undefined ? undefined : REASON_WORDS.get(reason);
}

/** The reason behind a wire word of either list. */
export function reasonFromWire(word: string): EndReason | undefined {
  return REFUSAL_WORDS.fromWire(word) ?? EXPIRY_WORDS.fromWire(word);
}

function words<D extends string>(all: Readonly<Record<D, string>>): Words<D> {
  const back = new Map<string, D>();
  for (const word in all) back.set(all[word], word);
  return { all, toWire: (word) => all[word], fromWire: (word) => back.get(word) };
}

/** States of a bericht (`status`, `toestand`). */
export const STATE_WORDS = words<MessageState>({
  received: 'ontvangen',
  accepted: 'geaccepteerd',
  delivered: 'afgeleverd',
  refused: 'geweigerd',
  expired: 'verlopen',
  'not-accepted': 'niet-geaccepteerd',
});

/** Codes of a `weigering`. */
export const REFUSAL_WORDS = words<RefusalReason>({
  'not-for-us': 'NIET_VOOR_ONS',
  'unknown-type': 'TYPE_ONBEKEND',
  'signature-not-accepted': 'HANDTEKENING_NIET_GEACCEPTEERD',
  'content-invalid': 'INHOUD_ONGELDIG',
  'case-unknown': 'ZAAK_ONBEKEND',
  'not-authorised': 'NIET_BEVOEGD',
  duplicate: 'DUBBEL',
});

/** Codes of `verlopen`. */
export const EXPIRY_WORDS = words<ExpiryReason>({
  'deadline-passed': 'TERMIJN_VERSTREKEN',
  'offer-again': 'OPNIEUW_AANBIEDEN',
  'recipient-ended': 'ONTVANGER_BEEINDIGD',
});

/** Members of `verwerking`. */
export const PROCESSING_WORDS = words<keyof Processing>({
  field: 'werkveld',
  ground: 'grondslag',
  consent: 'toestemming',
  subjectInformed: 'betrokkeneGeinformeerd',
  reason: 'redenCode',
});

/** Tasks of a mandate (`taken`). */
export const TASK_WORDS = words<MandateTask>({
  submit: 'indienen',
  sign: 'ondertekenen',
  receive: 'ontvangen',
  inspect: 'inzien',
});

/** Lines of a bericht's history (`gebeurtenis`). */
export const EVENT_WORDS = words<TransitionKind>({
  received: 'ontvangen',
  accepted: 'geaccepteerd',
  receipted: 'bevestiging-gegeven',
  attempted: 'bezorgpoging',
  'attempt-failed': 'bezorgpoging-mislukt',
  ended: 'beeindigd',
  late: 'laat-antwoord',
  'notice-taken': 'eindbericht-ontvangen',
  'reply-noted': 'antwoordtermijn',
  'reply-notice-taken': 'termijnbericht-ontvangen',
  rejected: 'afgekeurd',
  'rules-loaded': 'regels-geladen',
  started: 'gestart',
});

/** What a `termijnbericht` tells (`soort`). */
export const NOTE_WORDS = words<ReplyNoteKind>({ reminded: 'herinnering', missed: 'verstreken' });

/** What `afgeleverd` rests on (`bewijs`). */
export const PROOF_WORDS = words<DeliveryProof>({ signed: 'getekend', connection: 'verbinding' });

/** Formats of a bericht. */
export const FORMAT_WORDS = words<Format>({ xml: 'application/xml', json: 'application/json' });

/** Forms of a sender's signature. */
export const FORM_WORDS = words<SignatureForm>({ detached: 'losstaand', enveloped: 'ingesloten' });

/** How berichten get to a connection point: brought or fetched. */
export const POINT_KIND_WORDS = words<'push' | 'pull'>({ push: 'bezorgen', pull: 'ophalen' });

const REASON_WORDS: ReadonlyMap<string, string> = new Map(
  Object.entries({ ...REFUSAL_WORDS.all, ...EXPIRY_WORDS.all }),
);
