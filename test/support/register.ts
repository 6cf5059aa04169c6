import { createHash, randomUUID, sign } from 'node:crypto';
import type { CheckpointSigner } from '../../adapters/register-file/index.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { EndFacts, MessageFacts, RepeatKey, Transition } from '../../gateway/domain/register-entry.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import type { TestPki } from './pki.ts';

export const NOW = Date.parse('2026-11-22T10:15:30.123Z');
export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** A clock that stands still until it is moved; a sleep ends when the clock has moved past it, or by its signal. */
export interface TestClock extends Clock {
  moveTo(instant: number): void;
}

export function createTestClock(start: number = NOW): TestClock {
  let now = start;
  const sleepers = new Set<() => void>();
  return {
    now: () => now,
    moveTo(instant) {
      now = instant;
      for (const check of [...sleepers]) check();
    },
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const until = now + ms;
        const check = (): void => {
          if (now < until && signal?.aborted !== true) return;
          sleepers.delete(check);
          signal?.removeEventListener('abort', check);
          resolve();
        };
        sleepers.add(check);
        signal?.addEventListener('abort', check, { once: true });
        check();
      }),
  };
}

/** A fresh Bericht-Id. */
export const someId = (): MessageId => randomUUID() as MessageId;

/** SHA-256 in base64url of a text. */
export const hashed = (text: string): string => createHash('sha256').update(text).digest('base64url');

export const SENDER = '00000001001234567000' as Oin;
export const RECIPIENT = '00000004000000001000' as Oin;

/** Facts of a bericht with a fresh id, unless given. */
export function someFacts(change: Partial<MessageFacts> = {}): MessageFacts {
  return {
    messageId: someId(),
    environment: 'ontwikkeling',
    messageType: 'vtoDi01',
    version: '1.0.9',
    sender: SENDER,
    senderRole: 'GEMEENTE',
    submittedBy: SENDER,
    signedBy: SENDER,
    signer: hashed('certificate'),
    addressed: 'oin:00000004000000001000/RVDK',
    recipient: RECIPIENT,
    recipientRole: 'RVDK',
    connectionPoint: 'rvdk-kbps',
    ruleId: 'vto-raad',
    ruleSetHash: createHash('sha256').update('rules').digest('hex'),
    sizeKb: 11,
    receivedAt: NOW,
    deadline: NOW + 48 * HOUR,
    ...change,
  };
}

/** The key of a bericht of this sender with this kenmerk and these octets. */
export function someKey(kenmerk: string, octets = 'octets'): RepeatKey {
  return {
    sender: `${SENDER}||${kenmerk}`,
    octets: createHash('sha256').update(octets).digest('base64'),
  };
}

export function someEnd(state: EndFacts['state'], change: Partial<EndFacts> = {}): EndFacts {
  return {
    state,
    at: NOW + HOUR,
    reason: undefined,
    possiblyReceived: false,
    proof: state === 'delivered' ? 'connection' : undefined,
    noticeId: randomUUID(),
    sealedEvidence: undefined,
    ...change,
  };
}

type Of<K extends Transition['kind']> = Extract<Transition, { readonly kind: K }>;

/** What can be put on record of one bericht. */
export interface Transitions {
  readonly received: Of<'received'>;
  readonly accepted: Of<'accepted'> & { readonly receipt: string };
  readonly attempted: Of<'attempted'>;
  readonly late: Of<'late'>;
  readonly noticeTaken: Of<'notice-taken'>;
  failed(answered: boolean): Of<'attempt-failed'>;
  ended(state: EndFacts['state'], change?: Partial<EndFacts>): Of<'ended'>;
  receipted(text: string): Of<'receipted'>;
}

/** The transitions of one bericht, from `NOW` on. */
export function transitionsOf(facts: MessageFacts, repeatKey: RepeatKey = someKey(facts.messageId)): Transitions {
  const { messageId } = facts;
  return {
    received: { kind: 'received', at: NOW, facts, repeatKey },
    accepted: { kind: 'accepted', at: NOW + 1, messageId, receipt: hashed(`receipt of ${messageId}`) },
    attempted: { kind: 'attempted', at: NOW + 2, messageId },
    late: { kind: 'late', at: NOW + 2 * HOUR, messageId, outcome: 'delivered' },
    noticeTaken: { kind: 'notice-taken', at: NOW + 3 * HOUR, messageId },
    failed: (answered) => ({ kind: 'attempt-failed', at: NOW + 3, messageId, fault: 'timeout', answered }),
    ended: (state, change = {}) => ({ kind: 'ended', at: NOW + HOUR, messageId, end: someEnd(state, change) }),
    receipted: (text) => ({ kind: 'receipted', at: NOW + 4, messageId, receipt: hashed(text) }),
  };
}

/** A signer of checkpoints under the PKI's root. */
export function someSigner(pki: TestPki): CheckpointSigner {
  const { chainPem, certificatePem, privateKeyPem } = pki.gateway.checkpoint;
  const der = Buffer.from(certificatePem.replace(/-----[^-]+-----|\s/g, ''), 'base64');
  return {
    thumbprint: createHash('sha256').update(der).digest('base64url'),
    certificatePem: chainPem,
    sign: (bytes) => sign('sha256', bytes, { key: privateKeyPem, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  };
}
