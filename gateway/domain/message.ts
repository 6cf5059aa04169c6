/** Milliseconds since 1970-01-01T00:00:00Z, at the gateway's own clock unless said otherwise. */
export type Instant = number;

/** Where the gateway runs; certificates and test numbers of one are refused in another. */
export const ENVIRONMENTS = ['productie', 'acceptatie', 'ontwikkeling'] as const;

/** One of `ENVIRONMENTS`. */
export type Environment = (typeof ENVIRONMENTS)[number];

/** The two formats a bericht travels in. */
export type Format = 'xml' | 'json';

/** How a bericht carries its sender's signature (detached JWS header, or XMLDSIG inside our XML wrapper). */
export type SignatureForm = 'detached' | 'enveloped';

/** What a StUF party names of itself beside its organisatie: `applicatie` and `administratie`. */
export interface StufSystem {
  readonly application: string;
  readonly administration: string | undefined;
}

/** A party as addressed inside the signed bytes: exactly one way. Roles are wire values such as `RVDK`. */
export type Address =
  | { readonly kind: 'oin'; readonly oin: string; readonly role: string }
  | { readonly kind: 'municipality'; readonly municipality: string; readonly role: string }
  | { readonly kind: 'institution'; readonly institution: string }
  | ({ readonly kind: 'stuf'; readonly oin: string } & StufSystem);

/** The sender as named inside the signed bytes; a StUF sender names no role. */
export interface SenderClaim {
  readonly oin: string;
  readonly role: string | undefined;
  /** StUF `applicatie` and `administratie`; part of the key under which a kenmerk is unique. */
  readonly system: string;
  /** The same, apart; absent outside StUF. */
  readonly stuf?: StufSystem;
}

/** Purpose facts of `stuurgegevens/verwerking`; wire values, each absent unless sent. */
export interface Processing {
  readonly field?: string;
  readonly ground?: string;
  readonly consent?: string;
  readonly subjectInformed?: string;
  readonly reason?: string;
}

/** Everything the gateway reads of a bericht: routing data from inside the signed bytes, nothing else. */
export interface Envelope {
  /** Absent for StUF, which doesn't carry it. */
  readonly environment: string | undefined;
  readonly messageType: string;
  /** The sender's version claim; for StUF filled in by validation. */
  readonly version: string | undefined;
  /** The sender's kenmerk (StUF: referentienummer). Never stored or shown as it is. */
  readonly kenmerk: string;
  readonly replyTo: string | undefined;
  /** When the sender says the bericht was made; absent for StUF, whose own times aren't judged. */
  readonly createdAt: Instant | undefined;
  readonly urgency: string;
  readonly sender: SenderClaim;
  readonly recipient: Address;
  readonly processing: Processing;
}

declare const brand: unique symbol;

/** The gateway's own reference of a bericht (`Bericht-Id`): a UUID. */
export type MessageId = string & { readonly [brand]: 'MessageId' };

/** Whether the text has the form of a Bericht-Id (lower-case UUID). */
export function isMessageId(text: string): text is MessageId {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/.test(text);
}
