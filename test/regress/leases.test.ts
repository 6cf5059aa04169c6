import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { MessageId } from '../../gateway/domain/message.ts';
import type { Caller, LeasedMessage } from '../../gateway/ports/gateway-api.ts';
import type { FetchedMessage, Settlement } from '../../gateway/ports/broker.ts';
import { submit } from '../../gateway/services/accept.ts';
import { createLeases } from '../../gateway/services/leases.ts';
import { confirmMessage, nextMessage, refuseMessage } from '../../gateway/services/postbus.ts';
import type { Postbus } from '../../gateway/services/postbus.ts';
import { certificateOf, freshBericht } from '../support/berichten.ts';
import { openServices, toSubmission } from '../support/services.ts';
import type { TestServices } from '../support/services.ts';

let services: TestServices;
let postbus: Postbus;

beforeEach(async () => {
  services = await openServices();
  postbus = { parts: services.parts, leases: createLeases(services.parts) };
});
afterEach(async () => {
  services.breakRegister(false);
  await postbus.leases.close();
  await services.close();
});

const arnhem = (): Caller => ({
  certificate: certificateOf(services.workshop.pki.participant('gemeente-arnhem').tls).der,
});

async function submitted(): Promise<MessageId> {
  const incoming = services.workshop.sendAs(freshBericht('notificatieDi01'));
  const accepted = await submit(services.parts, toSubmission(incoming));
  if (!accepted.ok) throw new Error(accepted.error.code);
  return accepted.value.receipt.messageId;
}

async function pull(signal = new AbortController().signal, waitMs = 0): Promise<LeasedMessage | undefined> {
  const leased = await nextMessage(postbus, arnhem(), { point: undefined, wait: { waitMs, signal } });
  if (!leased.ok) throw new Error(leased.error.code);
  return leased.value;
}

const confirm = (messageId: MessageId): ReturnType<typeof confirmMessage> =>
  confirmMessage(postbus, arnhem(), { messageId, receipt: undefined });

describe('a lease', () => {
  it('that can’t be put on record leaves its bericht for the next pull', async () => {
    const id = await submitted();
    services.breakRegister(true);
    await expect(pull()).rejects.toThrow();

    services.breakRegister(false);

    expect((await pull())?.entry.facts.messageId).toBe(id);
  });

  it('that runs out while the register fails gives its bericht back all the same', async () => {
    const id = await submitted();
    await pull();
    services.breakRegister(true);
    await services.clock.advance(61_000);

    services.breakRegister(false);

    expect(await pull()).toMatchObject({ repeat: true, entry: { facts: { messageId: id }, unanswered: true } });
  });

  it('of a hand-out that the broker took back doesn’t end the one that came after it', async () => {
    const id = await submitted();
    const settled: string[] = [];
    const { broker } = services.parts;
    const first = await broker.fetch('arnhem-notificaties');
    if (first === undefined) throw new Error('nothing waits');
    // The connection is lost with the first hand-out on it: the broker makes another, and settling the first does nothing.
    const handOuts = ['first', 'second'].map((name): FetchedMessage => ({
      ...first,
      settle: (settlement: Settlement) => {
        settled.push(`${name} ${settlement}`);
        return Promise.resolve();
      },
    }));
    const parts = { ...services.parts, broker: { ...broker, fetch: () => Promise.resolve(handOuts.shift()) } };
    postbus = { parts, leases: createLeases(parts) };
    await pull();
    await services.clock.advance(40_000);
    expect((await pull())?.repeat).toBe(true);

    await services.clock.advance(30_000);

    expect(await confirm(id)).toEqual({ ok: true, value: undefined });
    expect(settled).toContain('second ack');
  });

  it('isn’t taken for a client that went away', async () => {
    const id = await submitted();

    expect(await pull(AbortSignal.abort(), 30_000)).toBeUndefined();

    expect(services.parts.register.find(id)?.attempts).toBe(0);
  });

  it('that is confirmed twice at the same time is no mistake', async () => {
    const id = await submitted();
    await pull();

    expect(await Promise.all([confirm(id), confirm(id)])).toEqual([
      { ok: true, value: undefined },
      { ok: true, value: undefined },
    ]);
  });

  it('that is refused once more, as after a lost answer, is no mistake', async () => {
    const id = await submitted();
    await pull();
    const refuse = (): ReturnType<typeof refuseMessage> =>
      refuseMessage(postbus, arnhem(), { messageId: id, body: Buffer.from('{"code":"ZAAK_ONBEKEND"}') });

    expect(await refuse()).toEqual({ ok: true, value: undefined });
    expect(await refuse()).toEqual({ ok: true, value: undefined });
  });

  it('keeps no payload once it was handed out', async () => {
    const id = await submitted();
    await pull();

    expect(Object.keys(postbus.leases.find(id) ?? {}).sort()).toEqual(['digest', 'entry', 'point']);
  });
});
