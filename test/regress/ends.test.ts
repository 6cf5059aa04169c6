import { createPrivateKey } from 'node:crypto';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { createMemoryKeys } from '../../adapters/memory/transit-keys.ts';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import { signRecipientReceipt } from '../../gateway/codec/receipts.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { RegisterEntry } from '../../gateway/domain/register-entry.ts';
import { KeyStoreFault } from '../../gateway/ports/faults.ts';
import type { Caller } from '../../gateway/ports/gateway-api.ts';
import { submit } from '../../gateway/services/accept.ts';
import { dropEndedKeys } from '../../gateway/services/drop-keys.ts';
import { endMessage } from '../../gateway/services/end.ts';
import { expireDue } from '../../gateway/services/expire.ts';
import { createLeases } from '../../gateway/services/leases.ts';
import { buildNotice, closeNotice, nextNotice, takeNotice } from '../../gateway/services/notify.ts';
import type { Parts } from '../../gateway/services/parts.ts';
import { confirmMessage, nextMessage } from '../../gateway/services/postbus.ts';
import { certificateOf, freshBericht, oinOf } from '../support/berichten.ts';
import { openServices, toSubmission } from '../support/services.ts';
import type { TestServices } from '../support/services.ts';
import { addRows } from '../support/workshop.ts';

let services: TestServices;

beforeEach(async () => {
  services = await openServices({
    machtigingen: addRows({
      gemachtigde: oinOf('leverancier'),
      namens: oinOf('rvdk'),
      taken: ['inzien'],
      typen: ['vtoDi01'],
      vanaf: '2026-01-01',
    }),
  });
});
afterEach(async () => {
  await services.close();
});

const arnhem = (): Caller => callerOf('gemeente-arnhem');

function callerOf(name: Parameters<typeof oinOf>[0]): Caller {
  return { certificate: certificateOf(services.workshop.pki.participant(name).tls).der };
}

async function submitted(): Promise<RegisterEntry> {
  const accepted = await submit(
    services.parts,
    toSubmission(services.workshop.sendAs(freshBericht('notificatieDi01'))),
  );
  if (!accepted.ok) throw new Error(accepted.error.code);
  return accepted.value.entry;
}

function entryOf(id: MessageId): RegisterEntry {
  const entry = services.parts.register.find(id);
  if (entry === undefined) throw new Error('not in the register');
  return entry;
}

function receiptOf(messageId: MessageId, digest: string): string {
  const { signing } = services.workshop.pki.participant('gemeente-arnhem');
  return signRecipientReceipt(
    { messageId, digest, recipient: oinOf('gemeente-arnhem') as Oin, receivedAt: services.clock.now() },
    { privateKey: createPrivateKey(signing.privateKeyPem), chain: parseCertificatesPem(signing.chainPem) },
  );
}

/** The parts with a key store that can't remove. */
function withStuckKeys(): Parts {
  const remove = (): Promise<void> => Promise.reject(new KeyStoreFault('ERR_KEYS_WRITE'));
  return { ...services.parts, keys: { ...services.parts.keys, remove } };
}

describe('an end by time', () => {
  it('says that the recipient may have the bericht when an attempt began while the register was busy', async () => {
    const { facts } = await submitted();
    const { messageId, deadline } = facts;
    await services.clock.advance(deadline - services.clock.now());
    // The attempt was let through a moment before the deadline; its record is still being written.
    const attempted = services.parts.register.record({ kind: 'attempted', at: deadline - 1, messageId });

    await expireDue(services.parts);

    expect(await attempted).toMatchObject({ outcome: 'recorded' });
    expect(entryOf(messageId).end).toMatchObject({ state: 'expired', possiblyReceived: true });
  });
});

describe('an end whose key can’t be removed', () => {
  it('is an end all the same, and the key goes when the store works again', async () => {
    const { facts } = await submitted();
    const parts = withStuckKeys();

    expect(await endMessage(parts, entryOf(facts.messageId), { state: 'delivered', proof: 'connection' })).toBe(true);
    expect(services.events).toContainEqual({ name: 'FaultOccurred', where: 'keys', fault: 'KeyStoreFault' });
    expect(await services.parts.keys.find(facts.messageId)).toBeDefined();
    await dropEndedKeys(services.parts);

    expect(await services.parts.keys.ids()).toEqual([]);
  });

  it('doesn’t keep keys of open berichten and of waiting notices from being found', async () => {
    const open = await submitted();
    const ended = await submitted();
    await endMessage(services.parts, ended, { state: 'delivered', proof: 'signed', receipt: 'a.b.c' });

    await dropEndedKeys(services.parts);

    expect(await services.parts.keys.find(open.facts.messageId)).toBeDefined();
    expect((await buildNotice(services.parts, entryOf(ended.facts.messageId)))?.notice.recipientReceipt).toBe('a.b.c');
    await closeNotice(withStuckKeys(), entryOf(ended.facts.messageId));
    await dropEndedKeys(services.parts);
    expect(await services.parts.keys.ids()).toEqual([open.facts.messageId]);
  });

  it('leaves no key of a bericht that could not be put on record', async () => {
    services.breakRegister(true);
    await submitted().catch(() => undefined);
    services.breakRegister(false);

    await dropEndedKeys(services.parts);

    expect(await services.parts.keys.ids()).toEqual([]);
  });
});

describe('a confirmation that comes twice at the same time', () => {
  it('leaves the recipient’s receipt readable', async () => {
    const leases = createLeases(services.parts);
    const postbus = { parts: services.parts, leases };
    const { facts } = await submitted();
    const { messageId } = facts;
    const wait = { waitMs: 0, signal: new AbortController().signal };
    const leased = await nextMessage(postbus, arnhem(), { point: undefined, wait });
    if (!leased.ok || leased.value === undefined) throw new Error('nothing leased');
    const receipt = receiptOf(messageId, leased.value.digest);

    const confirm = (): ReturnType<typeof confirmMessage> => confirmMessage(postbus, arnhem(), { messageId, receipt });
    await Promise.all([confirm(), confirm()]);

    expect((await buildNotice(services.parts, entryOf(messageId)))?.notice).toMatchObject({
      proof: 'signed',
      recipientReceipt: receipt,
    });
    expect(await services.parts.keys.ids()).toHaveLength(1);
  });
});

describe('a key store that is closed', () => {
  it('doesn’t say that a key is absent, which would end its bericht', async () => {
    const keys = createMemoryKeys();
    await keys.create('one');
    await keys.close();

    await expect(keys.find('one')).rejects.toMatchObject({ code: 'ERR_KEYS_CLOSED' });
  });
});

describe('a mandate to inspect that covers some types', () => {
  it('gives its holder no notice of another type, and lets it take none', async () => {
    const { facts } = await submitted();
    await endMessage(services.parts, entryOf(facts.messageId), { state: 'delivered', proof: 'connection' });
    const ask = {
      sender: facts.sender,
      receiptForm: 'jws' as const,
      wait: { waitMs: 0, signal: new AbortController().signal },
    };

    expect(await nextNotice(services.parts, callerOf('leverancier'), ask)).toEqual({ ok: true, value: undefined });
    const noticeId = String(entryOf(facts.messageId).end?.noticeId);
    expect(await takeNotice(services.parts, callerOf('leverancier'), noticeId)).toMatchObject({
      ok: false,
      error: { code: 'ERR_NOT_FOUND' },
    });
    expect(await nextNotice(services.parts, callerOf('rvdk'), ask)).toMatchObject({ ok: true, value: {} });
  });
});
