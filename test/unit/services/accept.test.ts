import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { readCompact } from '../../../gateway/codec/compact-jws.ts';
import { readReceiptXml } from '../../../gateway/codec/receipt-xml.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { freshBericht } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import { opdracht } from '../../support/workshop.ts';
import type { Incoming } from '../../../gateway/pipeline/receive.ts';
import { openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';

let services: TestServices;

beforeEach(async () => {
  services = await openServices();
});
afterEach(() => services.close());

function incoming(): Incoming {
  return services.workshop.sendAs(freshBericht('vtoDi01'));
}

async function submitted(from: Incoming): ReturnType<typeof submit> {
  return submit(services.parts, toSubmission(from));
}

describe('submit', () => {
  it('records before it publishes and publishes before it gives a receipt', async () => {
    const accepted = await submitted(incoming());

    expect(accepted.ok).toBe(true);
    expect(services.effects).toEqual(['key made', 'record received', 'publish confirmed', 'record accepted']);
  });

  it('publishes nothing when the register fails', async () => {
    services.breakRegister(true);

    await expect(submitted(incoming())).rejects.toThrow('disk full');

    expect(services.effects).toEqual(['key made']);
  });

  it('gives no receipt when `accepted` can’t be recorded', async () => {
    services.publishWith(() => {
      services.breakRegister(true);
      return undefined;
    });

    await expect(submitted(incoming())).rejects.toThrow('disk full');
  });

  it.each([
    ['returned', 'ERR_BROKER_UNAVAILABLE'],
    ['timed-out', 'ERR_BROKER_UNAVAILABLE'],
    ['unavailable', 'ERR_BROKER_UNAVAILABLE'],
    ['nacked', 'ERR_GATEWAY_BUSY'],
  ] as const)('gives no receipt for a publish that was %s, and drops the key', async (outcome, code) => {
    services.publishWith(() => outcome);

    const refused = await submitted(incoming());

    expect(refused).toMatchObject({ ok: false, error: { code, retryAfterSeconds: 5 } });
    expect(services.effects).toEqual([
      'key made',
      'record received',
      `publish ${outcome}`,
      'record ended not-accepted',
      'key removed',
      'record rejected',
    ]);
  });

  it('takes the same bericht anew after a publish that failed, under a new Bericht-Id', async () => {
    const same = incoming();
    services.publishWith(() => 'unavailable');
    await submitted(same);
    services.publishWith(undefined);

    const accepted = await submitted(same);

    expect(accepted).toMatchObject({ ok: true, value: { repeat: false, receipt: { previous: undefined } } });
  });

  it('answers a repeat with the same facts, publishing nothing', async () => {
    const same = incoming();
    const first = await submitted(same);
    services.effects.length = 0;

    const repeat = await submitted(same);

    if (!first.ok || !repeat.ok) throw new Error('both must be accepted');
    expect(repeat.value.repeat).toBe(true);
    const { id: firstId, ...facts } = first.value.receipt;
    const { id: repeatId, ...repeated } = repeat.value.receipt;
    expect(repeated).toEqual(facts);
    expect(repeatId).not.toBe(firstId);
    expect(services.effects).toEqual(['key made', 'record received (duplicate)', 'key removed', 'record receipted']);
    expect(repeat.value.entry.receipts).toHaveLength(2);
  });

  it('takes one of two equal berichten that race, and gives both senders the same Bericht-Id', async () => {
    const same = incoming();

    const [one, other] = await Promise.all([submitted(same), submitted(same)]);

    if (!one.ok || !other.ok) throw new Error('both must be accepted');
    expect(one.value.receipt.messageId).toBe(other.value.receipt.messageId);
    expect([one.value.repeat, other.value.repeat].sort()).toEqual([false, true]);
    expect(services.effects.filter((effect) => effect.startsWith('publish'))).toEqual(['publish confirmed']);
  });

  it('refuses other octets under the same kenmerk', async () => {
    const bericht = freshBericht('opdrachtTb', 'json');
    await submitted(services.workshop.sendAs(bericht));
    const other = { ...bericht, text: `${bericht.text} ` };

    const refused = await submitted(services.workshop.sendAs(other));

    expect(refused).toMatchObject({ ok: false, error: { code: 'ERR_KENMERK_REUSED' } });
    expect(services.effects.at(-1)).toBe('record rejected');
  });

  it('T13: counts a refusal for want of consent by the name of the rule, and one that no named rule made without', async () => {
    const about = (toestemming: string): Bericht =>
      opdracht({ verwerking: { werkveld: 'KLACHT', grondslag: 'WET', toestemming } });
    await submitted(services.workshop.sendAs(about('nee')));
    await submitted(services.workshop.sendAs(opdracht({ verwerking: {} })));
    await submitted(services.workshop.sendAs(about('ja')));

    expect(services.events.filter(({ name }) => name === 'MessageRejected')).toEqual([
      { name: 'MessageRejected', code: 'ERR_PURPOSE_NOT_ALLOWED', stage: 'route', rule: 'T13' },
      { name: 'MessageRejected', code: 'ERR_PROCESSING_INCOMPLETE', stage: 'authorise' },
    ]);
  });

  it('makes room for a consumer that met the bericht first: only the receipt is still recorded', async () => {
    services.publishWith((id) => {
      const at = services.clock.now();
      void services.parts.register.record({ kind: 'accepted', at, messageId: id as never, receipt: undefined });
      return undefined;
    });

    const accepted = await submitted(incoming());

    expect(accepted.ok).toBe(true);
    expect(services.effects).toEqual([
      'key made',
      'record received',
      'publish confirmed',
      'record accepted',
      'record accepted (conflict)',
      'record receipted',
    ]);
  });

  it('signs a receipt that says what was taken', async () => {
    const bericht = freshBericht('vtoDi01');
    const accepted = await submitted(services.workshop.sendAs(bericht));

    if (!accepted.ok) throw new Error('must be accepted');
    const read = readCompact(accepted.value.signed, 'ontvangstbevestiging+jwt');
    expect(read).toMatchObject({
      ok: true,
      value: { claims: { kenmerk: bericht.kenmerk, berichttype: 'vtoDi01', ontvangerOin: '00000002003214436001' } },
    });
  });

  it('leaves neither kenmerk nor payload in the register, in the clear or encoded', async () => {
    const bericht = freshBericht('vtoDi01');
    await submitted(services.workshop.sendAs(bericht));
    await services.settle();

    const written = readdirSync(services.registerFolder)
      .map((file) => readFileSync(join(services.registerFolder, file), 'latin1'))
      .join('\n');
    const secrets = [bericht.kenmerk, 'Felsen', '999999977'];
    for (const secret of secrets) {
      const forms = [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')];
      for (const form of forms) expect(written).not.toContain(form);
    }
    expect(written).toContain('vtoDi01');
  });
});

describe('a receipt in XML', () => {
  it('is the one that `bij` will name, with the same claims', async () => {
    const bericht = freshBericht('vtoDi01');
    const accepted = await submit(services.parts, toSubmission(services.workshop.sendAs(bericht), 'xml'));

    if (!accepted.ok) throw new Error('must be accepted');
    const { signed, entry } = accepted.value;
    expect(entry.receipts).toEqual([createHash('sha256').update(signed).digest('base64url')]);
    const read = readReceiptXml(Buffer.from(signed));
    expect(read).toMatchObject({
      ok: true,
      value: { claims: { kenmerk: bericht.kenmerk, jti: accepted.value.receipt.id } },
    });
  });
});
