import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { MessageId } from '../../../gateway/domain/message.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import type { RegisterEntry } from '../../../gateway/domain/register-entry.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { createLeases } from '../../../gateway/services/leases.ts';
import { nextMessage } from '../../../gateway/services/postbus.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import type { Supervision } from '../../../gateway/services/supervise.ts';
import { certificateOf, freshBericht, NOW } from '../../support/berichten.ts';
import { openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const RVDK = '00000002003214436001' as Oin;
let services: TestServices;
let supervision: Supervision;

beforeEach(async () => {
  services = await openServices();
  supervision = await supervise(services.parts, 'test');
});
afterEach(async () => {
  await supervision.close();
  await services.close();
});

/** Arnhem fetches these itself, so nothing but the clock moves them. */
async function submitted(): Promise<RegisterEntry> {
  const accepted = await submit(
    services.parts,
    toSubmission(services.workshop.sendAs(freshBericht('notificatieDi01'))),
  );
  if (!accepted.ok) throw new Error(accepted.error.code);
  return accepted.value.entry;
}

function endOf(id: MessageId): RegisterEntry['end'] {
  return services.parts.register.find(id)?.end;
}

describe('a bericht that nobody fetches', () => {
  it('ends at its deadline and not before, is owed to its sender, and leaves no key', async () => {
    const { facts } = await submitted();
    await services.clock.advance(facts.deadline - NOW - MINUTE);
    expect(endOf(facts.messageId)).toBeUndefined();

    await services.clock.advance(2 * MINUTE);

    expect(endOf(facts.messageId)).toMatchObject({
      state: 'expired',
      reason: 'deadline-passed',
      possiblyReceived: false,
    });
    expect(services.parts.register.pendingNotices(RVDK).map(({ entry }) => entry.facts.messageId)).toEqual([
      facts.messageId,
    ]);
    expect(await services.parts.keys.ids()).toEqual([]);
  });

  it('is not handed out any more once it ended', async () => {
    const { facts } = await submitted();
    await services.clock.advance(facts.deadline - NOW + MINUTE);
    const leases = createLeases(services.parts);
    const { der } = certificateOf(services.workshop.pki.participant('gemeente-arnhem').tls);
    const wait = { waitMs: 0, signal: new AbortController().signal };

    const pulled = await nextMessage(
      { parts: services.parts, leases },
      { certificate: der },
      { point: undefined, wait },
    );

    expect(pulled).toEqual({ ok: true, value: undefined });
    await leases.close();
  });
});

describe('a bericht on record that was never published', () => {
  /** As a crash between the record and the publish leaves it. */
  async function forsaken(): Promise<MessageId> {
    const { facts } = await submitted();
    const messageId = services.parts.ids.messageId();
    await services.parts.keys.create(messageId);
    const repeatKey = { sender: messageId, octets: messageId };
    const at = services.clock.now();
    const left = { ...facts, messageId, receivedAt: at };
    await services.parts.register.record({ kind: 'received', at, facts: left, repeatKey });
    return messageId;
  }

  it('ends `niet-geaccepteerd` after 15 minutes and not before, its key gone, its sender told nothing', async () => {
    const id = await forsaken();
    await services.clock.advance(14 * MINUTE);
    expect(endOf(id)).toBeUndefined();

    await services.clock.advance(2 * MINUTE);

    expect(endOf(id)).toMatchObject({ state: 'not-accepted' });
    expect(await services.parts.keys.find(id)).toBeUndefined();
    expect(services.parts.register.pendingNotices(RVDK)).toEqual([]);
  });

  it('is left to whoever is still taking it in', async () => {
    const id = await forsaken();
    await services.parts.inFlight.during(id, async () => {
      await services.clock.advance(HOUR);
      expect(endOf(id)).toBeUndefined();
    });
  });
});

describe('a fault while deadlines are watched', () => {
  it('is told by its class, never by its text, and watching goes on', async () => {
    const { facts } = await submitted();
    services.breakRegister(true);
    await services.clock.advance(facts.deadline - NOW + MINUTE);
    services.breakRegister(false);
    await services.clock.advance(MINUTE);

    expect(services.events).toContainEqual({ name: 'FaultOccurred', where: 'expire', fault: 'Error' });
    expect(JSON.stringify(services.events)).not.toContain('disk full');
    expect(endOf(facts.messageId)).toMatchObject({ state: 'expired' });
  });
});
