import type { Format, Processing, SignatureForm } from './message.ts';
import type { Rejection } from './rejection.ts';

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
