import type { Condition } from './conditions.ts';
import type { Format, Processing, SignatureForm } from './message.ts';
import type { Purpose } from './purpose.ts';
import type { Rejection } from './rejection.ts';
import type { ReplyRule } from './reply-terms.ts';

/** Where a bericht of this kind would go; no rights can be derived from it. */
export interface RoutingAdvice {
  readonly allowed: boolean;
  /** Why not, when not allowed. */
  readonly refusal: Rejection | undefined;
  readonly ruleId: string | undefined;
  readonly pointKind: 'push' | 'pull' | undefined;
  readonly recipient: string | undefined;
  readonly recipientName: string | undefined;
  readonly recipientRole: string | undefined;
  readonly deadlineHours: number | undefined;
  readonly officeHours: boolean | undefined;
  readonly formats: readonly Format[];
  readonly forms: readonly SignatureForm[];
  readonly requiredProcessing: readonly (keyof Processing)[];
  /** What the bericht itself will have to meet; what the parties have to is judged already. */
  readonly conditions: readonly Condition[];
  /** The purposes that will do; none when no purpose is asked for. */
  readonly purposes: readonly Purpose[];
  /** What the sender may expect back. */
  readonly reply: ReplyRule | undefined;
  /** Types of which the bericht must answer one; empty when it answers nothing. */
  readonly answersTypes: readonly string[];
  /** What a StUF sender fills in as `ontvanger`. */
  readonly stuf:
    | {
        readonly organisation: string;
        readonly application: string | undefined;
        readonly administration: string | undefined;
      }
    | undefined;
}

/** A certificate the gateway signs receipts with, now or before. */
export interface ReceiptKey {
  readonly certificatePem: string;
  readonly thumbprint: string;
  readonly current: boolean;
}
