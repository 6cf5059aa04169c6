import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ParticipantName } from '../../../certs-dev/participants.ts';
import type { RegisterEntry } from '../../../gateway/domain/register-entry.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { createLeases } from '../../../gateway/services/leases.ts';
import type { Parts } from '../../../gateway/services/parts.ts';
import { nextMessage } from '../../../gateway/services/postbus.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import { certificateOf, edit, freshBericht, oinOf } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import { openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';

interface Stop {
  readonly oins?: readonly ParticipantName[];
  readonly types?: readonly string[];
}

let services: TestServices;
let parts: Parts;
let stop: Stop = {};

beforeEach(async () => {
  stop = {};
  services = await openServices();
  const { standing } = services.parts;
  parts = {
    ...services.parts,
    // What was accepted before the gateway's consumers start is still there.
    broker: { ...services.parts.broker, durable: true },
    standing: () => {
      const { rules, ...others } = standing();
      const stoppedOins = new Set((stop.oins ?? []).map((name) => oinOf(name)));
      return { ...others, rules: { ...rules, stoppedOins, stoppedTypes: new Set(stop.types ?? []) } };
    },
  };
});
afterEach(() => services.close());

const vto = (): Bericht => freshBericht('vtoDi01', 'xml', 'minimaal.xml');
const forNijmegen = (): Bericht =>
  edit(freshBericht('notificatieDi01', 'xml', 'maatregel-opgelegd.xml'), (text) =>
    text.replaceAll(oinOf('gemeente-arnhem'), oinOf('gemeente-nijmegen')),
  );

async function accepted(bericht: Bericht): Promise<RegisterEntry> {
  const taken = await submit(parts, toSubmission(services.workshop.sendAs(bericht)));
  if (!taken.ok) throw new Error(taken.error.code);
  return taken.value.entry;
}

describe('an emergency stop', () => {
  it.each<[string, Bericht, Stop]>([
    ['of its type', vto(), { types: ['vtoDi01'] }],
    ['of its sender', vto(), { oins: ['gemeente-arnhem'] }],
    ['of its recipient', vto(), { oins: ['rvdk'] }],
    ['of who serves its point', forNijmegen(), { oins: ['leverancier'] }],
  ])('holds a bericht that waits to be pushed, %s, and lets it go after', async (_what, bericht, stopped) => {
    const { facts } = await accepted(bericht);
    stop = stopped;
    const supervision = await supervise(parts, 'test');
    for (let count = 0; count < 10; count += 1) await services.clock.advance(60_000);
    expect(services.pushes).toEqual([]);
    expect(parts.register.find(facts.messageId)).toMatchObject({ state: 'accepted', attempts: 0 });
    // Nobody has to look into a recipient that was left alone.
    expect(services.events.filter(({ name }) => name === 'AttemptFailed' || name === 'PointPaused')).toEqual([]);

    stop = {};
    await services.clock.advance(60_000);
    expect(services.pushes.map(({ headers }) => headers['Bericht-Id'])).toContain(facts.messageId);
    await supervision.close();
  });

  it('of a type lets the others of the same point pass', async () => {
    stop = { types: ['vtoDi01'] };
    const held = await submitBefore(vto());
    const other = await accepted(freshBericht('meldingStartTb'));
    const supervision = await supervise(parts, 'test');
    await services.clock.advance(60_000);
    expect(other.facts.connectionPoint).toBe(held.facts.connectionPoint);
    const pushed = new Set(services.pushes.map(({ headers }) => headers['Bericht-Id']));
    expect(pushed).toEqual(new Set([other.facts.messageId]));
    await supervision.close();
  });

  it('ends a bericht that waits too long as expired', async () => {
    const { facts } = await accepted(vto());
    stop = { types: ['vtoDi01'] };
    const supervision = await supervise(parts, 'test');
    await services.clock.advance(facts.deadline - facts.receivedAt + 60_000);
    expect(parts.register.find(facts.messageId)).toMatchObject({
      state: 'expired',
      end: { reason: 'deadline-passed' },
    });
    await supervision.close();
  });

  it('holds what waits to be fetched, and refuses who is stopped', async () => {
    const leases = createLeases(parts);
    const pull = (): ReturnType<typeof nextMessage> =>
      nextMessage(
        { parts, leases },
        { certificate: certificateOf(services.workshop.pki.participant('gemeente-arnhem').tls).der },
        { point: undefined, wait: { waitMs: 0, signal: new AbortController().signal } },
      );
    const { facts } = await accepted(freshBericht('notificatieDi01'));
    stop = { types: ['notificatieDi01'] };
    expect(await pull()).toEqual({ ok: true, value: undefined });
    stop = { oins: ['gemeente-arnhem'] };
    expect(await pull()).toMatchObject({ ok: false, error: { code: 'ERR_EMERGENCY_STOP', retryAfterSeconds: 3600 } });
    stop = {};
    expect(await pull()).toMatchObject({ ok: true, value: { entry: { facts: { messageId: facts.messageId } } } });
    await leases.close();
  });
});

/** Takes a bericht in as if the stop came after it. */
async function submitBefore(bericht: Bericht): Promise<RegisterEntry> {
  const now = stop;
  stop = {};
  const entry = await accepted(bericht);
  stop = now;
  return entry;
}
