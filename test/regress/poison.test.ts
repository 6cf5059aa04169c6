import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { MessageId } from '../../gateway/domain/message.ts';
import { submit } from '../../gateway/services/accept.ts';
import { supervise } from '../../gateway/services/supervise.ts';
import type { Supervision } from '../../gateway/services/supervise.ts';
import { freshBericht } from '../support/berichten.ts';
import { answerStatus, confirm, openServices, toSubmission } from '../support/services.ts';
import type { TestServices } from '../support/services.ts';

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

async function submitted(): Promise<MessageId> {
  const incoming = services.workshop.sendAs(freshBericht('opdrachtTb', 'json'));
  const accepted = await submit(services.parts, toSubmission(incoming));
  if (!accepted.ok) throw new Error(accepted.error.code);
  return accepted.value.receipt.messageId;
}

async function submittedMany(count: number): Promise<readonly MessageId[]> {
  const ids: MessageId[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await submitted());
  return ids;
}

/** A recipient that fails on these and takes all others. */
function failOn(poison: readonly MessageId[]): void {
  const failed = answerStatus(500);
  services.answerWith((request) =>
    poison.some((id) => id === request.headers['Bericht-Id']) ? failed() : confirm(request),
  );
}

const isDelivered = (id: MessageId): boolean => services.parts.register.find(id)?.state === 'delivered';

async function advanceBy(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 1) await services.clock.advance(60_000);
}

describe('berichten on which a recipient always fails', () => {
  it.each([1, 4, 8])('don’t keep what comes after them from being delivered, when there are %i', async (count) => {
    services.answerWith(answerStatus(500));
    const poison = await submittedMany(count);
    failOn(poison);
    await services.settle();

    const good = await submittedMany(6);
    await advanceBy(15);

    expect(good.filter((id) => !isDelivered(id))).toEqual([]);
    expect(poison.filter(isDelivered)).toEqual([]);
  });

  it('are delivered as well once the recipient takes them', async () => {
    services.answerWith(answerStatus(500));
    const poison = await submittedMany(5);
    await advanceBy(3);

    services.answerWith(confirm);
    await advanceBy(5);

    expect(poison.filter((id) => !isDelivered(id))).toEqual([]);
  });
});
