import type { Catalogue } from '../codec/catalogue.ts';
import type { TrustStore } from '../codec/certificate.ts';
import type { XmlMessage } from '../codec/xml-document.ts';
import type { Environment, Instant } from '../domain/message.ts';
import type { RuleSet } from '../domain/participants.ts';

/** What every stage may look at beside the bericht itself: all of it values, none of it changing while a bericht passes. */
export interface StageContext {
  readonly environment: Environment;
  readonly now: Instant;
  readonly rules: RuleSet;
  readonly catalogue: Catalogue;
  readonly trust: TrustStore;
  readonly limits: { readonly maxBodyBytes: number };
  /** Takes charge of an opened document: whoever runs the stages disposes of it when the last has ended. */
  own(message: XmlMessage): void;
}

/** A signing time may be this much older than the gateway's clock (promise B6) … */
export const MAX_SIGNATURE_AGE_MS = 7 * 24 * 3_600_000;

/** … and this much ahead of it. */
export const MAX_SIGNATURE_AHEAD_MS = 5 * 60_000;
