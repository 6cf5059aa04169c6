import { afterEach, describe, expect, it } from '@jest/globals';

import { mayReceive, mayServe } from '../../gateway/domain/participants.ts';
import type { Parts } from '../../gateway/services/parts.ts';
import { submit } from '../../gateway/services/accept.ts';
import { createLeases } from '../../gateway/services/leases.ts';
import { nextMessage } from '../../gateway/services/postbus.ts';
import { supervise } from '../../gateway/services/supervise.ts';
import { certificateOf, edit, freshBericht, NOW, oinOf } from '../support/berichten.ts';
import type { Bericht } from '../support/berichten.ts';
import { openServices, toSubmission } from '../support/services.ts';
import type { TestServices } from '../support/services.ts';
import { changeRow } from '../support/workshop.ts';

const SUPPLIER = oinOf('leverancier');
const OTHER_TYPE = { typen: ['opdrachtTb'] };
let services: TestServices;

afterEach(async () => {
  await services.close();
});

/** For gemeente Nijmegen, whose point the supplier serves under its mandate. */
function forNijmegen(): Bericht {
  return edit(freshBericht('notificatieDi01', 'xml', 'maatregel-opgelegd.xml'), (text) =>
    text.replaceAll(oinOf('gemeente-arnhem'), oinOf('gemeente-nijmegen')),
  );
}

/** The parts while mandates to receive cover another type than they did. */
function narrowed(parts: Parts): Parts {
  const { rules, ...others } = parts.standing();
  const mandates = rules.mandates.map((one) =>
    one.tasks.includes('receive') ? { ...one, types: OTHER_TYPE.typen } : one,
  );
  return { ...parts, standing: () => ({ ...others, rules: { ...rules, mandates } }) };
}

describe('a mandate to receive that covers some types', () => {
  it('lets nothing of another type be accepted for its holder', async () => {
    services = await openServices({ machtigingen: changeRow({ namens: oinOf('gemeente-nijmegen') }, OTHER_TYPE) });

    const refused = await submit(services.parts, toSubmission(services.workshop.sendAs(forNijmegen())));

    expect(refused).toMatchObject({ ok: false, error: { code: 'ERR_RECIPIENT_ENDED' } });
  });

  it('is looked at again before each push', async () => {
    services = await openServices();
    const accepted = await submit(services.parts, toSubmission(services.workshop.sendAs(forNijmegen())));
    if (!accepted.ok) throw new Error(accepted.error.code);
    // A start of a broker that forgets would end it: the queue is the one it was put on.
    const parts = narrowed({ ...services.parts, broker: { ...services.parts.broker, durable: true } });
    const supervision = await supervise(parts, 'test');
    await services.settle();

    expect(services.pushes).toEqual([]);
    expect(services.events).toContainEqual(expect.objectContaining({ name: 'AttemptFailed', fault: 'point-ended' }));
    await supervision.close();
  });

  it('is looked at again before each hand-out of the postbus', async () => {
    services = await openServices({ aansluitpunten: changeRow({ id: 'nijmegen-notificaties' }, { url: undefined }) });
    const accepted = await submit(services.parts, toSubmission(services.workshop.sendAs(forNijmegen())));
    if (!accepted.ok) throw new Error(accepted.error.code);
    const pull = async (parts: Parts): Promise<string | undefined> => {
      const leases = createLeases(parts);
      const caller = { certificate: certificateOf(services.workshop.pki.participant('leverancier').tls).der };
      const wait = { waitMs: 0, signal: new AbortController().signal };
      const leased = await nextMessage({ parts, leases }, caller, { point: undefined, wait });
      await leases.close();
      if (!leased.ok) throw new Error(leased.error.code);
      return leased.value?.entry.facts.messageId;
    };

    expect(await pull(narrowed(services.parts))).toBeUndefined();
    expect(await pull(services.parts)).toBe(accepted.value.receipt.messageId);
  });

  it('still lets its holder serve the point', async () => {
    services = await openServices({ machtigingen: changeRow({ namens: oinOf('gemeente-nijmegen') }, OTHER_TYPE) });
    const { rules } = services.parts.standing();
    const point = rules.points.get('nijmegen-notificaties');
    if (point === undefined) throw new Error('no such point');

    expect(point.owner).toBe(SUPPLIER);
    expect(mayServe(rules, point, NOW)).toBe(true);
    expect(mayReceive(rules, { point, type: 'opdrachtTb' }, NOW)).toBe(true);
    expect(mayReceive(rules, { point, type: 'notificatieDi01' }, NOW)).toBe(false);
  });
});
