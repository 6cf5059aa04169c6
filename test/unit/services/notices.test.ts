import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { ParticipantName } from '../../../certs-dev/participants.ts';
import type { MessageId } from '../../../gateway/domain/message.ts';
import type { Caller, Wait } from '../../../gateway/ports/gateway-api.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { nextNotice, takeNotice } from '../../../gateway/services/notify.ts';
import { messageStatus } from '../../../gateway/services/status.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import type { Supervision } from '../../../gateway/services/supervise.ts';
import { certificateOf, freshBericht } from '../../support/berichten.ts';
import { answerStatus, confirm, openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';
import type { RuleChanges } from '../../support/standing.ts';
import { changeRow } from '../../support/workshop.ts';

const RVDK = '00000002003214436001';
const NIJMEGEN = '00000001001479179000';
const NOW_ONLY: Wait = { waitMs: 0, signal: new AbortController().signal };
let services: TestServices;
let supervision: Supervision;

async function open(rules: RuleChanges = {}): Promise<void> {
  services = await openServices(rules);
  supervision = await supervise(services.parts, 'test');
}

afterEach(async () => {
  await supervision.close();
  await services.close();
});

function caller(name: ParticipantName): Caller {
  return { certificate: certificateOf(services.workshop.pki.participant(name).tls).der };
}

async function submitted(): Promise<MessageId> {
  const accepted = await submit(
    services.parts,
    toSubmission(services.workshop.sendAs(freshBericht('opdrachtTb', 'json'))),
  );
  if (!accepted.ok) throw new Error(accepted.error.code);
  await services.settle();
  return accepted.value.receipt.messageId;
}

describe('end notices that are pulled', () => {
  beforeEach(() => open());

  it('come oldest first, again and again the same, until the sender has them', async () => {
    const first = await submitted();
    const second = await submitted();

    const one = await nextNotice(services.parts, caller('rvdk'), {
      sender: undefined,
      receiptForm: 'jws',
      wait: NOW_ONLY,
    });
    const again = await nextNotice(services.parts, caller('rvdk'), {
      sender: RVDK,
      receiptForm: 'jws',
      wait: NOW_ONLY,
    });
    if (!one.ok || !again.ok) throw new Error('refused');
    expect(one.value?.notice.messageId).toBe(first);
    expect(again.value?.notice).toEqual(one.value?.notice);

    expect(await takeNotice(services.parts, caller('rvdk'), String(one.value?.notice.id))).toEqual({
      ok: true,
      value: undefined,
    });
    const next = await nextNotice(services.parts, caller('rvdk'), {
      sender: undefined,
      receiptForm: 'jws',
      wait: NOW_ONLY,
    });
    expect(next).toMatchObject({ ok: true, value: { notice: { messageId: second } } });
  });

  it('are for the sender and who has its mandate `inzien`, nobody else', async () => {
    const id = await submitted();
    for (const name of ['gemeente-arnhem', 'leverancier', 'politie'] as const) {
      const asked = await nextNotice(services.parts, caller(name), {
        sender: RVDK,
        receiptForm: 'jws',
        wait: NOW_ONLY,
      });
      expect(asked).toMatchObject({ ok: false, error: { code: 'ERR_NOT_FOUND' } });
      const noticeId = String(services.parts.register.find(id)?.end?.noticeId);
      expect(await takeNotice(services.parts, caller(name), noticeId)).toMatchObject({ ok: false });
      const status = await messageStatus(services.parts, caller(name), { messageId: id, wait: NOW_ONLY });
      expect(status).toMatchObject({ ok: false, error: { code: 'ERR_NOT_FOUND' } });
    }
    const byMandate = await nextNotice(services.parts, caller('leverancier'), {
      sender: NIJMEGEN,
      receiptForm: 'jws',
      wait: NOW_ONLY,
    });
    expect(byMandate).toEqual({ ok: true, value: undefined });
  });

  it('wake who waits for them, and for the status', async () => {
    services.answerWith(answerStatus(503));
    const id = await submitted();
    services.answerWith(confirm);
    const wait = { waitMs: 30_000, signal: new AbortController().signal };
    const notice = nextNotice(services.parts, caller('rvdk'), { sender: undefined, receiptForm: 'jws', wait });
    const status = messageStatus(services.parts, caller('rvdk'), { messageId: id, wait });

    await services.clock.advance(5_000);

    expect(await notice).toMatchObject({ ok: true, value: { notice: { state: 'delivered' } } });
    expect(await status).toMatchObject({ ok: true, value: { entry: { state: 'delivered' } } });
  });
});

describe('end notices that are pushed', () => {
  const url = 'https://localhost:9999/eindberichten';

  beforeEach(() => open({ deelnemers: changeRow({ oin: RVDK }, { bevestigingUrl: url }) }));

  it('go to the sender’s own address and count as taken when the answer names the bericht', async () => {
    const id = await submitted();
    await services.clock.advance(2_000);

    const pushed = services.pushes.filter((push) => push.url === url);
    expect(pushed).toHaveLength(1);
    expect(pushed[0]?.expectedOin).toBe(RVDK);
    expect(JSON.parse(Buffer.from(pushed[0]?.body ?? []).toString())).toMatchObject({ berichtId: id });
    expect(services.parts.register.find(id)?.noticeTaken).toBe(true);
  });

  it('are tried again while the answer doesn’t', async () => {
    services.answerWith((push) => (push.url === url ? answerStatus(200)() : confirm(push)));
    const id = await submitted();
    await services.clock.advance(2_000);
    expect(services.parts.register.find(id)?.noticeTaken).toBe(false);
    services.answerWith(confirm);

    await services.clock.advance(10_000);
    await services.clock.advance(10_000);

    expect(services.parts.register.find(id)?.noticeTaken).toBe(true);
  });
});
