/**
 * The closed vocabulary of what the gateway says about itself: `<Noun><PastVerb>`, bounded fields, no text from outside.
 * The audit record is the register's; events are for operators and metrics.
 */
export type GatewayEvent =
  | { readonly name: 'GatewayStarted'; readonly software: string; readonly environment: string; readonly node: string }
  | { readonly name: 'GatewayReady'; readonly port: number }
  | { readonly name: 'GatewayStopped' }
  | { readonly name: 'RuntimeOutdated'; readonly node: string }
  /** The process shows its memory or connections to others; names of flags and variables. */
  | { readonly name: 'RuntimeRevealing'; readonly settings: string }
  /** Keys that should serve one use serve two. */
  | { readonly name: 'KeysShared'; readonly keys: string }
  | { readonly name: 'HandshakeFailed'; readonly code: string }
  | {
      readonly name: 'MessageRejected';
      readonly code: string;
      readonly stage: string;
      readonly rule?: string;
      readonly messageType?: string;
    }
  | {
      readonly name: 'MessageAccepted';
      readonly messageId: string;
      readonly messageType: string;
      readonly repeat: boolean;
    }
  | {
      readonly name: 'MessageAttempted';
      readonly messageId: string;
      readonly connectionPoint: string;
      readonly attempt: number;
    }
  | {
      readonly name: 'AttemptFailed';
      readonly messageId: string;
      readonly connectionPoint: string;
      readonly fault: string;
    }
  | { readonly name: 'MessageEnded'; readonly messageId: string; readonly state: string }
  | {
      readonly name: 'MessageDropped';
      readonly messageId: string;
      readonly connectionPoint: string;
      readonly why: string;
    }
  | { readonly name: 'PointPaused'; readonly connectionPoint: string; readonly retryInMs: number }
  /** The alarm of a point that fails while it has to be reachable. */
  | { readonly name: 'PointUnreachable'; readonly connectionPoint: string }
  | { readonly name: 'PointResumed'; readonly connectionPoint: string }
  | { readonly name: 'ReplyReminded'; readonly messageId: string; readonly messageType: string }
  | { readonly name: 'ReplyMissed'; readonly messageId: string; readonly messageType: string }
  | { readonly name: 'NoticePushed'; readonly messageId: string }
  | { readonly name: 'NoticeFailed'; readonly messageId: string; readonly fault: string }
  | { readonly name: 'BrokerConnected'; readonly version: string }
  | { readonly name: 'BrokerLost' }
  | { readonly name: 'RulesLoaded'; readonly ruleSetHash: string }
  | { readonly name: 'RulesRefused'; readonly problem: string }
  /** `authority` is the name in the certificate that the operator configured. */
  | {
      readonly name: 'CrlLoaded';
      readonly authority: string;
      readonly revoked: number;
      readonly nextUpdate: string;
    }
  /** A list couldn't be had, or isn't right; what was in force stays so. */
  | { readonly name: 'CrlRefused'; readonly authority: string; readonly problem: string }
  /** The alarm: no newer list came, and the one in force ends soon or its source hasn't answered well for long. */
  | {
      readonly name: 'CrlStale';
      readonly authority: string;
      readonly why: 'near-end' | 'not-refreshed';
      readonly nextUpdate: string;
    }
  /** There is no list that may still be gone by: certificates of the authority are refused. */
  | { readonly name: 'CrlExpired'; readonly authority: string }
  /** Certificates and keys read anew: the listener's, the deliverer's, that of the receipts, roots and intermediates. */
  | { readonly name: 'CertificatesLoaded' }
  | { readonly name: 'CertificatesRefused'; readonly problem: string }
  | { readonly name: 'FaultOccurred'; readonly where: string; readonly fault: string };

/** Takes events; never throws, never blocks. */
export interface Events {
  emit(event: GatewayEvent): void;
}
