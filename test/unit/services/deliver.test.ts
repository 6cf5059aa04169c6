import { createPrivateKey } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ParticipantName } from '../../../certs-dev/participants.ts';
import { parseCertificatesPem } from '../../../gateway/codec/certificate.ts';
import { signRecipientReceipt } from '../../../gateway/codec/receipts.ts';
import type { MessageId } from '../../../gateway/domain/message.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import type { RegisterEntry } from '../../../gateway/domain/register-entry.ts';
import type { PushAnswer, PushRequest } from '../../../gateway/ports/deliverer.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { endMessage } from '../../../gateway/services/end.ts';
import { buildNotice, closeNotice } from '../../../gateway/services/notify.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import type { Supervision } from '../../../gateway/services/supervise.ts';
import { freshBericht } from '../../support/berichten.ts';
import { answerStatus, confirm, openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';
import { changeRow } from '../../support/workshop.ts';

let services: TestServices;
let supervision: Supervision;

beforeEach(async () => {
  // The recipients of these tests confirm by header unless a test says otherwise.
  services = await openServices({
    aansluitpunten: changeRow({ id: 'rvdk-verzoeken' }, { getekendeBevestiging: false }),
  });
  supervision = await supervise(services.parts, 'test');
});
afterEach(async () => {
  await supervision.close();
  await services.close();
});

async function submitted(type = 'opdrachtTb'): Promise<MessageId> {
  const incoming = services.workshop.sendAs(freshBericht(type, type === 'opdrachtTb' ? 'json' : 'xml'));
  const accepted = await submit(services.parts, toSubmission(incoming));
  if (!accepted.ok) throw new Error(accepted.error.code);
  await services.settle();
  return accepted.value.receipt.messageId;
}

function entryOf(id: MessageId): RegisterEntry {
  const entry = services.parts.register.find(id);
  if (entry === undefined) throw new Error('not in the register');
  return entry;
}

function receiptOf(
  request: PushRequest,
  signer: ParticipantName,
  changes: { readonly digest?: string } = {},
): PushAnswer {
  const { signing } = services.workshop.pki.participant(signer);
  const receipt = signRecipientReceipt(
    {
      messageId: request.headers['Bericht-Id'] as MessageId,
      digest: changes.digest ?? String(request.headers['Digest']).slice('SHA-256='.length),
      recipient: '00000001802611266000' as Oin,
      receivedAt: services.clock.now(),
    },
    { privateKey: createPrivateKey(signing.privateKeyPem), chain: parseCertificatesPem(signing.chainPem) },
  );
  const headers = new Map([['content-type', ['application/jose']]]);
  return { kind: 'answer', status: 200, headers, body: Buffer.from(receipt) };
}

describe('a bericht on its way', () => {
  it('is pushed after its attempt is on record, and its key goes after its end is', async () => {
    const id = await submitted();

    expect(entryOf(id)).toMatchObject({
      state: 'delivered',
      attempts: 1,
      end: { possiblyReceived: false, proof: 'connection' },
    });
    const since = services.effects.indexOf('record attempted');
    expect(services.effects.slice(since)).toEqual([
      'record attempted',
      'push',
      'record ended delivered',
      'key removed',
    ]);
    expect(await services.parts.keys.find(id)).toBeUndefined();
  });

  it('reaches its own point’s address, for its owner’s OIN, and no other', async () => {
    await submitted();
    await submitted('vtoDi01');

    expect(services.pushes.map(({ url, expectedOin }) => [url, expectedOin])).toEqual([
      ['https://localhost:9102/berichten', '00000001802611266000'],
      ['https://localhost:9101/berichten', '00000002003214436001'],
    ]);
  });

  it('is not pushed when the attempt can’t be recorded, and is when it can again', async () => {
    services.breakRegister('attempted');
    const id = await submitted();
    expect(services.pushes).toEqual([]);
    expect(services.events).toContainEqual({ name: 'FaultOccurred', where: 'deliver', fault: 'Error' });
    services.breakRegister(false);

    await services.clock.advance(5_000);

    expect(entryOf(id).state).toBe('delivered');
  });

  it('carries bytes and signature as they came', async () => {
    const incoming = services.workshop.sendAs(freshBericht('opdrachtTb', 'json'));
    await submit(services.parts, toSubmission(incoming));
    await services.settle();

    expect(Buffer.from(services.pushes[0]?.body ?? []).equals(Buffer.from(incoming.body))).toBe(true);
    expect(services.pushes[0]?.headers['Payload-Signature']).toBe(incoming.headers.get('payload-signature')?.[0]);
  });

  it('is tried again after a fault, marked, and delivered once', async () => {
    services.answerWith(answerStatus(500));
    const id = await submitted();
    expect(entryOf(id).state).toBe('accepted');
    services.answerWith(confirm);

    await services.clock.advance(5_000);

    expect(entryOf(id)).toMatchObject({ state: 'delivered', attempts: 2 });
    expect(services.pushes.map(({ headers }) => headers['Herhaling'])).toEqual(['false', 'true']);
  });

  it.each([
    ['403', { kind: 'answer', status: 403 }, false],
    ['a connection that never stood', { kind: 'fault', fault: 'connect-failed', sent: false }, false],
    ['500', { kind: 'answer', status: 500 }, true],
    ['silence', { kind: 'fault', fault: 'timed-out', sent: true }, true],
  ] as const)('ends after %s with mogelijkOntvangen as it must', async (_name, answer, possiblyReceived) => {
    services.answerWith(() =>
      answer.kind === 'fault' ? answer : { ...answer, headers: new Map(), body: new Uint8Array() },
    );
    const id = await submitted();

    await services.clock.advance(49 * 3_600_000);

    expect(entryOf(id)).toMatchObject({ state: 'expired', end: { reason: 'deadline-passed', possiblyReceived } });
    expect(await services.parts.keys.find(id)).toBeUndefined();
  });

  it('stays ended: a success after `verlopen` is recorded as late and changes nothing', async () => {
    services.answerWith(answerStatus(500));
    const id = await submitted();
    await services.clock.advance(49 * 3_600_000);
    const expired = entryOf(id);

    const isEnded = await endMessage(services.parts, expired, { state: 'delivered', proof: 'connection' });

    expect(isEnded).toBe(false);
    expect(entryOf(id).end).toEqual(expired.end);
    expect(services.effects.slice(-2)).toEqual(['record ended delivered (conflict)', 'record late']);
  });

  it('never ends by a deadline before its time', async () => {
    services.answerWith(answerStatus(503));
    const id = await submitted();
    await services.clock.advance(47 * 3_600_000);
    expect(entryOf(id).state).toBe('accepted');
  });
});

describe('a signed receipt of the recipient', () => {
  it('is the proof, and rides in the end notice until the sender has it', async () => {
    services.answerWith((request) => receiptOf(request, 'gi-jeugdbescherming-gelderland'));
    const id = await submitted();

    const entry = entryOf(id);
    expect(entry.end).toMatchObject({ state: 'delivered', proof: 'signed' });
    const notice = await buildNotice(services.parts, entry);
    expect(notice?.notice).toMatchObject({ recipientReceipt: expect.stringMatching(/^ey/), proof: 'signed' });
    expect(entry.end?.sealedEvidence).not.toContain(notice?.notice.recipientReceipt?.slice(0, 20));
    expect(entry.end?.sealedEvidence?.length).toBeGreaterThan(100);
    await closeNotice(services.parts, entry);
    // Without it the notice doesn't claim it either.
    expect((await buildNotice(services.parts, entry))?.notice).toMatchObject({
      recipientReceipt: undefined,
      proof: 'connection',
    });
  });

  it.each<[string, ParticipantName, { readonly digest?: string }]>([
    ['of somebody else', 'politie', {}],
    ['over other bytes', 'gi-jeugdbescherming-gelderland', { digest: `${'A'.repeat(43)}=` }],
  ])('%s proves nothing', async (_name, signer, changes) => {
    services.answerWith((request) => receiptOf(request, signer, changes));
    const id = await submitted();
    expect(entryOf(id)).toMatchObject({ state: 'accepted', unanswered: true });
  });
});

describe('a start after a crash', () => {
  it('ends what can’t be delivered any more, and says to offer it again', async () => {
    services.answerWith(answerStatus(503));
    const id = await submitted();
    await supervision.close();

    const parts = await services.restart({ keepKeys: false, keepBroker: false });
    supervision = await supervise(parts, 'test');

    expect(parts.register.find(id)).toMatchObject({ state: 'expired', end: { reason: 'offer-again' } });
    expect(parts.register.pendingNotices('00000002003214436001' as Oin)).toHaveLength(1);
  });

  it('leaves alone what broker and keys still hold', async () => {
    services.answerWith(answerStatus(503));
    const id = await submitted();
    await supervision.close();

    const parts = await services.restart({ keepKeys: true, keepBroker: true });
    services.answerWith(confirm);
    supervision = await supervise(parts, 'test');
    await services.clock.advance(5_000);

    expect(parts.register.find(id)).toMatchObject({ state: 'delivered' });
    expect(services.pushes.at(-1)?.headers['Herhaling']).toBe('true');
  });

  it('ends as expired what was taken anew names the old one', async () => {
    services.answerWith(answerStatus(503));
    const same = services.workshop.sendAs(freshBericht('opdrachtTb', 'json'));
    const first = await submit(services.parts, toSubmission(same));
    await supervision.close();
    const parts = await services.restart({ keepKeys: false, keepBroker: false });
    supervision = await supervise(parts, 'test');

    const anew = await submit(parts, toSubmission(same));

    if (!first.ok || !anew.ok) throw new Error('both must be accepted');
    expect(anew.value).toMatchObject({ repeat: false, receipt: { previous: first.value.receipt.messageId } });
  });
});

describe('a point whose recipient keeps failing', () => {
  it('pauses alone, and starts again with a probe', async () => {
    services.answerWith((request) => (request.url.includes('9102') ? answerStatus(503)() : confirm(request)));
    for (let count = 0; count < 3; count += 1) await submitted();
    await services.clock.advance(2_000);
    expect(services.events.some(({ name }) => name === 'PointPaused')).toBe(true);
    const before = services.pushes.length;

    const other = await submitted('vtoDi01');

    expect(entryOf(other).state).toBe('delivered');
    expect(services.pushes.length).toBe(before + 1);
    services.answerWith(confirm);
    await services.clock.advance(60_000);
    await services.clock.advance(60_000);
    expect(services.parts.register.open()).toEqual([]);
  });
});
