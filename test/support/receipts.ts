import { createPrivateKey } from 'node:crypto';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import type { ReceiptIssuer } from '../../gateway/codec/receipts.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { EndNotice, SubmissionReceipt, TermNotice } from '../../gateway/domain/receipt.ts';
import { GATEWAY } from '../../certs-dev/participants.ts';
import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { buildReceipt, MESSAGE_ID } from './ingress.ts';

/** The issuer of the tests' receipts. */
export function issuerOf(signing: IssuedCertificate): ReceiptIssuer {
  return {
    oin: GATEWAY.oin as Oin,
    environment: 'ontwikkeling',
    privateKey: createPrivateKey(signing.privateKeyPem),
    chain: parseCertificatesPem(signing.chainPem),
  };
}

/** A submission receipt with every fact filled in. */
export function fullReceipt(given: Partial<SubmissionReceipt> = {}): SubmissionReceipt {
  return buildReceipt({
    previous: '0193a5f0-0000-7000-8000-00000000000e' as MessageId,
    signer: 'a-_B'.padEnd(43, '0'),
    addressed: 'gemeentecode:0202/GEMEENTE',
    ...given,
  });
}

/** A term notice with every fact filled in. */
export function fullTermNotice(given: Partial<TermNotice> = {}): TermNotice {
  return {
    issuer: GATEWAY.oin as Oin,
    environment: 'ontwikkeling',
    id: '0193a5f0-0000-7000-8000-0000000000cc',
    messageId: MESSAGE_ID,
    messageType: 'signaal',
    receipts: ['a'.repeat(43), 'b'.repeat(43)],
    kind: 'reminded',
    expected: ['contactBevestiging', 'signaalIntrekking'],
    term: { kind: 'working-days', count: 5 },
    deliveredAt: Date.UTC(2026, 10, 22, 10, 16, 0, 5),
    dueAt: Date.UTC(2026, 10, 27, 22, 59, 59, 999),
    notedAt: Date.UTC(2026, 10, 26, 7, 30),
    ...given,
  };
}

/** An end notice with every fact filled in. */
export function fullNotice(given: Partial<EndNotice> = {}): EndNotice {
  return {
    issuer: GATEWAY.oin as Oin,
    environment: 'ontwikkeling',
    id: '0193a5f0-0000-7000-8000-0000000000bb',
    messageId: MESSAGE_ID,
    receipts: ['a'.repeat(43), 'b'.repeat(43)],
    state: 'delivered',
    reason: undefined,
    endedAt: Date.UTC(2026, 10, 22, 10, 16, 0, 5),
    attempts: 2,
    possiblyReceived: false,
    proof: 'signed',
    recipientReceipt: 'eyJh.eyJi.c2ln',
    ...given,
  };
}
