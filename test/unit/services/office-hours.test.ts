import { afterEach, describe, expect, it } from '@jest/globals';
import { submit } from '../../../gateway/services/accept.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import type { Supervision } from '../../../gateway/services/supervise.ts';
import { freshBericht, NOW } from '../../support/berichten.ts';
import { answerStatus, openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';
import { changeRow } from '../../support/workshop.ts';

const HOUR = 3_600_000;
let services: TestServices;
let supervision: Supervision;

afterEach(async () => {
  await supervision.close();
  await services.close();
});

/** A push point that fails from the instant on; what was raised of it. */
async function failFrom(at: number, kantooruren: boolean): Promise<void> {
  services = await openServices({ aansluitpunten: changeRow({ id: 'gi-gelderland' }, { kantooruren }) });
  supervision = await supervise(services.parts, 'test');
  services.answerWith(answerStatus(503));
  await services.clock.advance(at - NOW);
  for (let count = 0; count < 3; count += 1) {
    const bericht = services.workshop.sendAs(freshBericht('opdrachtTb', 'json'));
    const accepted = await submit(services.parts, toSubmission(bericht));
    if (!accepted.ok) throw new Error(accepted.error.code);
  }
  await services.clock.advance(2_000);
}

const raised = (name: string): number => services.events.filter((event) => event.name === name).length;

describe('a push point that fails', () => {
  it('Z55: raises its alarm within office hours', async () => {
    await failFrom(NOW, true);
    expect(raised('PointPaused')).toBeGreaterThan(0);
    expect(raised('PointUnreachable')).toBe(raised('PointPaused'));
  });

  it('Z55: pauses in silence outside them, and raises its alarm if it still fails when they begin', async () => {
    // Half past five in the afternoon, in Amsterdam.
    await failFrom(NOW + 6.5 * HOUR, true);
    expect(raised('PointPaused')).toBeGreaterThan(0);
    await services.clock.advance(14 * HOUR + 55 * 60_000);
    await services.clock.advance(60_000);
    expect(raised('PointUnreachable')).toBe(0);
    await services.clock.advance(5 * 60_000);
    await services.clock.advance(60_000);
    await services.clock.advance(60_000);
    expect(raised('PointUnreachable')).toBeGreaterThan(0);
  });

  it('raises its alarm at any hour when it keeps none', async () => {
    await failFrom(NOW + 6.5 * HOUR, false);
    expect(raised('PointUnreachable')).toBe(raised('PointPaused'));
    expect(raised('PointUnreachable')).toBeGreaterThan(0);
  });
});
