import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ParticipantName } from '../../../certs-dev/participants.ts';
import type { MessageId } from '../../../gateway/domain/message.ts';
import type { Caller, LeasedMessage } from '../../../gateway/ports/gateway-api.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { createLeases } from '../../../gateway/services/leases.ts';
import { confirmMessage, nextMessage, refuseMessage } from '../../../gateway/services/postbus.ts';
import type { Postbus } from '../../../gateway/services/postbus.ts';
import { certificateOf, freshBericht, NOW } from '../../support/berichten.ts';
import { revocationOf } from '../../support/revocation.ts';
import { openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';

let services: TestServices;
let postbus: Postbus;

beforeEach(async () => {
  services = await openServices();
  postbus = { parts: services.parts, leases: createLeases(services.parts) };
});
afterEach(async () => {
  await postbus.leases.close();
  await services.close();
});

function caller(name: ParticipantName): Caller {
  return { certificate: certificateOf(services.workshop.pki.participant(name).tls).der };
}

async function submitted(): Promise<MessageId> {
  const incoming = services.workshop.sendAs(freshBericht('notificatieDi01'));
  const accepted = await submit(services.parts, toSubmission(incoming));
  if (!accepted.ok) throw new Error(accepted.error.code);
  return accepted.value.receipt.messageId;
}

async function pull(name: ParticipantName = 'gemeente-arnhem', point?: string): Promise<LeasedMessage | undefined> {
  const wait = { waitMs: 0, signal: new AbortController().signal };
  const leased = await nextMessage(postbus, caller(name), { point, wait });
  if (!leased.ok) throw new Error(leased.error.code);
  return leased.value;
}

const confirmAs = (name: ParticipantName, messageId: MessageId): ReturnType<typeof confirmMessage> =>
  confirmMessage(postbus, caller(name), { messageId, receipt: undefined });

describe('the postbus', () => {
  it('leases a bericht once, and ends it when it is confirmed', async () => {
    const id = await submitted();

    const leased = await pull();
    expect(leased?.entry.facts.messageId).toBe(id);
    expect(await pull()).toBeUndefined();
    expect(await confirmAs('gemeente-arnhem', id)).toEqual({ ok: true, value: undefined });

    expect(services.parts.register.find(id)).toMatchObject({ state: 'delivered', end: { proof: 'connection' } });
    expect(await services.parts.keys.find(id)).toBeUndefined();
    expect(await confirmAs('gemeente-arnhem', id)).toEqual({ ok: true, value: undefined });
  });

  it('hands out again, marked as a repeat, what was leased and never confirmed', async () => {
    const id = await submitted();
    expect((await pull())?.repeat).toBe(false);

    await services.clock.advance(61_000);

    expect(await confirmAs('gemeente-arnhem', id)).toMatchObject({ ok: false, error: { code: 'ERR_LEASE_NOT_HELD' } });
    const again = await pull();
    expect(again).toMatchObject({ repeat: true, entry: { facts: { messageId: id }, unanswered: true } });
    await confirmAs('gemeente-arnhem', id);
    expect(services.parts.register.find(id)?.end).toMatchObject({ state: 'delivered', possiblyReceived: true });
  });

  it('judges once more at the moment of the answer, and gives back what it may not hand out', async () => {
    const id = await submitted();
    const { parts, workshop } = services;
    const { certificatePem } = workshop.pki.participant('gemeente-arnhem').tls;
    const revocation = revocationOf(workshop.pki.authority, { now: NOW, revoked: { intermediate: [certificatePem] } });
    let isRevoked = false;
    const ending: Postbus = {
      ...postbus,
      parts: {
        ...parts,
        // The list comes in while the bericht is being taken from its queue.
        broker: { ...parts.broker, fetch: (point) => ((isRevoked = true), parts.broker.fetch(point)) },
        standing: () => {
          const standing = parts.standing();
          return isRevoked ? { ...standing, trust: { ...standing.trust, revocation } } : standing;
        },
      },
    };
    const wait = { waitMs: 0, signal: new AbortController().signal };
    const refused = await nextMessage(ending, caller('gemeente-arnhem'), { point: undefined, wait });
    expect(refused).toMatchObject({ ok: false, error: { code: 'ERR_CERTIFICATE_REVOKED' } });
    expect(parts.register.find(id)).toMatchObject({ state: 'accepted', unanswered: false });
    expect((await pull())?.entry.facts.messageId).toBe(id);
  });

  it.each(['rvdk', 'gemeente-nijmegen', 'leverancier', 'politie'] as const)(
    'gives %s nothing of Arnhem’s',
    async (name) => {
      const id = await submitted();
      const wait = { waitMs: 0, signal: new AbortController().signal };
      const pulled = await nextMessage(postbus, caller(name), { point: 'arnhem-notificaties', wait });
      expect(pulled).toMatchObject({ ok: false, error: { code: 'ERR_NOT_FOUND' } });
      await pull();
      expect(await confirmAs(name, id)).toMatchObject({ ok: false, error: { code: 'ERR_NOT_FOUND' } });
      expect(services.parts.register.find(id)?.state).toBe('accepted');
    },
  );

  it('ends a bericht as refused for a reason of the closed list only', async () => {
    const id = await submitted();
    await pull();
    const refuse = (body: string): ReturnType<typeof refuseMessage> =>
      refuseMessage(postbus, caller('gemeente-arnhem'), { messageId: id, body: Buffer.from(body) });

    expect(await refuse('{"code":"ZOMAAR"}')).toMatchObject({ ok: false, error: { code: 'ERR_REQUEST_INVALID' } });
    expect(await refuse('{"code":"ZAAK_ONBEKEND","tekst":"Jan"}')).toMatchObject({ ok: false });
    expect(services.parts.register.find(id)?.state).toBe('accepted');
    expect(await refuse('{"code":"ZAAK_ONBEKEND"}')).toEqual({ ok: true, value: undefined });

    expect(services.parts.register.find(id)?.end).toMatchObject({ state: 'refused', reason: 'case-unknown' });
  });

  it('takes no confirmation with somebody else’s receipt', async () => {
    const id = await submitted();
    await pull();
    const confirmed = await confirmMessage(postbus, caller('gemeente-arnhem'), { messageId: id, receipt: 'a.b.c' });
    expect(confirmed).toMatchObject({ ok: false, error: { code: 'ERR_REQUEST_INVALID' } });
    expect(services.parts.register.find(id)?.state).toBe('accepted');
  });
});
