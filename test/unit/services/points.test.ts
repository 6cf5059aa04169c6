import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, describe, expect, it } from '@jest/globals';

import type { Instant } from '../../../gateway/domain/message.ts';
import type { RegisterEntry } from '../../../gateway/domain/register-entry.ts';
import type { SealedMessage } from '../../../gateway/ports/broker.ts';
import { submit } from '../../../gateway/services/accept.ts';
import type { Parts } from '../../../gateway/services/parts.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import type { Supervision } from '../../../gateway/services/supervise.ts';
import { edit, freshBericht, NOW, oinOf } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import { answerStatus, confirm, openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';
import { changeRow } from '../../support/workshop.ts';

const SUPPLIER = oinOf('leverancier');
const HOUR = 3_600_000;
let services: TestServices;
let supervision: Supervision | undefined;

afterEach(async () => {
  await supervision?.close();
  supervision = undefined;
  await services.close();
});

/** For gemeente Nijmegen, whose point the supplier serves under its mandate. */
function forNijmegen(): Bericht {
  return edit(freshBericht('notificatieDi01', 'xml', 'maatregel-opgelegd.xml'), (text) =>
    text.replaceAll(oinOf('gemeente-arnhem'), oinOf('gemeente-nijmegen')),
  );
}

async function submitted(bericht: Bericht, parts: Parts = services.parts): Promise<RegisterEntry> {
  const accepted = await submit(parts, toSubmission(services.workshop.sendAs(bericht)));
  if (!accepted.ok) throw new Error(accepted.error.code);
  return accepted.value.entry;
}

/** The parts while the mandates to receive hold until an instant that can be moved. */
function withMandates(held: { until: Instant }): Parts {
  const { rules, ...others } = services.parts.standing();
  const standing: Parts['standing'] = () => {
    const mandates = rules.mandates.map((one) => (one.tasks.includes('receive') ? { ...one, ...held } : one));
    return { ...others, rules: { ...rules, mandates } };
  };
  return { ...services.parts, standing };
}

describe('a point that another party serves', () => {
  it('is pushed to under that party’s OIN', async () => {
    services = await openServices();
    supervision = await supervise(services.parts, 'test');

    const { facts } = await submitted(forNijmegen());
    await services.settle();

    expect(facts).toMatchObject({ recipient: oinOf('gemeente-nijmegen'), connectionPoint: 'nijmegen-notificaties' });
    expect(services.pushes.map(({ expectedOin }) => expectedOin)).toEqual([SUPPLIER]);
    expect(services.parts.register.find(facts.messageId)?.state).toBe('delivered');
  });

  it('gets nothing more once its mandate ended, also what was accepted before', async () => {
    services = await openServices();
    const held = { until: NOW + HOUR };
    const parts = withMandates(held);
    services.answerWith(answerStatus(403));
    supervision = await supervise(parts, 'test');
    const { facts } = await submitted(forNijmegen(), parts);
    await services.settle();
    expect(services.pushes).toHaveLength(1);

    held.until = NOW;
    services.answerWith(confirm);
    await services.clock.advance(HOUR);

    expect(services.pushes).toHaveLength(1);
    expect(services.events).toContainEqual(expect.objectContaining({ name: 'AttemptFailed', fault: 'point-ended' }));
    await services.clock.advance(facts.deadline - NOW);
    expect(services.parts.register.find(facts.messageId)?.end).toMatchObject({
      state: 'expired',
      possiblyReceived: false,
    });
  });
});

describe('ciphertext on a queue it was not published to', () => {
  async function misplaced(): Promise<RegisterEntry> {
    const published: SealedMessage[] = [];
    const { broker } = services.parts;
    const publish: typeof broker.publish = async (message) => {
      published.push(message);
      return 'confirmed';
    };
    const entry = await submitted(forNijmegen(), { ...services.parts, broker: { ...broker, publish } });
    for (const message of published) await broker.publish({ ...message, connectionPoint: 'gi-gelderland' }, TIMEOUT);
    await services.settle();
    return entry;
  }

  it('is dropped there and changes nothing for its bericht', async () => {
    services = await openServices();
    supervision = await supervise(services.parts, 'test');

    const { facts } = await misplaced();

    const { messageId } = facts;
    expect(services.pushes).toEqual([]);
    expect(services.events).toContainEqual({
      name: 'MessageDropped',
      messageId,
      connectionPoint: 'gi-gelderland',
      why: 'other-point',
    });
    expect(services.parts.register.find(messageId)).toMatchObject({ state: 'accepted', attempts: 0 });
    expect(await services.parts.keys.find(messageId)).toBeDefined();
  });

  it('is dropped without repeating what stands where its Bericht-Id should', async () => {
    services = await openServices();
    supervision = await supervise(services.parts, 'test');
    const forged = { messageId: 'Jan Jansen' as never, connectionPoint: 'gi-gelderland', ciphertext: Buffer.from('x') };

    await services.parts.broker.publish(forged, TIMEOUT);
    await services.settle();

    expect(services.events).toContainEqual(expect.objectContaining({ name: 'MessageDropped', why: 'not-in-register' }));
    expect(JSON.stringify(services.events)).not.toContain('Jan');
  });
});

describe('a point that wants a signed receipt', () => {
  it('is not content with headers alone', async () => {
    services = await openServices({
      aansluitpunten: changeRow({ id: 'gi-gelderland' }, { getekendeBevestiging: true }),
    });
    supervision = await supervise(services.parts, 'test');

    const { facts } = await submitted(freshBericht('opdrachtTb', 'json'));
    await services.settle();

    expect(services.parts.register.find(facts.messageId)).toMatchObject({ state: 'accepted', unanswered: true });
  });
});

describe('a recipient that fails with words of its own', () => {
  it('finds none of them in an event or in the register', async () => {
    services = await openServices();
    supervision = await supervise(services.parts, 'test');
    services.answerWith(({ body }) => ({
      kind: 'answer',
      status: 503,
      headers: new Map([['x-fout', ['Jan Jansen']]]),
      body: Buffer.concat([Buffer.from('Jan Jansen '), body]),
    }));

    const { facts } = await submitted(freshBericht('opdrachtTb', 'json'));
    await services.settle();

    expect(services.events).toContainEqual({
      name: 'AttemptFailed',
      messageId: facts.messageId,
      connectionPoint: 'gi-gelderland',
      fault: 'status-5xx',
    });
    const written = readdirSync(services.registerFolder).map((name) =>
      readFileSync(join(services.registerFolder, name), 'latin1'),
    );
    expect(written.join('')).toContain('"attempt-failed"');
    expect(JSON.stringify([services.events, written])).not.toContain('Jansen');
  });
});

const TIMEOUT = { timeoutMs: 1_000 };
