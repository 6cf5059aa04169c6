import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { readCompact } from '../../gateway/codec/compact-jws.ts';
import { RECEIPT_TYPES } from '../../gateway/codec/receipts.ts';
import { submit } from '../../gateway/services/accept.ts';
import { endMessage } from '../../gateway/services/end.ts';
import { buildNotice } from '../../gateway/services/notify.ts';
import { freshBericht } from '../support/berichten.ts';
import { openServices, toSubmission } from '../support/services.ts';
import type { TestServices } from '../support/services.ts';

let services: TestServices;

beforeEach(async () => {
  services = await openServices();
});
afterEach(async () => {
  await services.close();
});

describe('a sender that repeats without end', () => {
  it('is told to wait before its end notice grows beyond what a reader takes', async () => {
    const submission = toSubmission(services.workshop.sendAs(freshBericht('notificatieDi01')));
    const first = await submit(services.parts, submission);
    if (!first.ok) throw new Error(first.error.code);
    const { messageId } = first.value.receipt;
    let last = first as Awaited<ReturnType<typeof submit>>;
    for (let repeat = 0; repeat < 520; repeat += 1) last = await submit(services.parts, submission);

    expect(last).toMatchObject({ ok: false, error: { code: 'ERR_TOO_MANY_REQUESTS', retryAfterSeconds: 3600 } });
    const { register } = services.parts;
    await endMessage(services.parts, register.find(messageId) ?? first.value.entry, { state: 'expired' });
    const entry = register.find(messageId);
    const notice = entry === undefined ? undefined : await buildNotice(services.parts, entry);
    expect(notice?.notice.receipts).toHaveLength(500);
    expect(readCompact(String(notice?.signed), RECEIPT_TYPES.end)).toMatchObject({ ok: true });
  });
});
