import { describe, expect, it } from '@jest/globals';
import { diag } from 'libxml2-wasm';
import { judge } from '../../../gateway/pipeline/judge.ts';
import { freshBericht, NOW } from '../../support/berichten.ts';
import { contentRefusals, readingRefusals, signatureRefusals } from '../../support/refusals.ts';
import { openWorkshop } from '../../support/workshop.ts';

const shop = openWorkshop();

describe('judge', () => {
  it('leaves nothing of any bericht in the memory of the XML library, however it ends', () => {
    const wrapped = freshBericht('opdrachtTb', 'xml', 'opdracht.xml');
    const refused = [...readingRefusals(shop), ...signatureRefusals(shop), ...contentRefusals(shop)];
    const incoming = [
      ...refused.filter(({ standing }) => standing === undefined).map((refusal) => refusal.incoming()),
      ...(['detached', 'enveloped'] as const).map((form) => shop.sendAs(wrapped, { form })),
    ];
    diag.configure({ enabled: true });
    for (const one of incoming) judge(one, { ...shop.plain, now: NOW });
    const left: unknown = diag.report();
    diag.configure({ enabled: false });
    expect(incoming.length).toBeGreaterThan(50);
    expect(left).toEqual({});
  });

  it('gives the same answer to the same bericht at the same time', () => {
    const incoming = shop.sendAs(freshBericht('vtoDi01'));
    const ctx = { ...shop.plain, now: NOW };
    expect(judge(incoming, ctx)).toEqual(judge(incoming, ctx));
  });

  it('records the size rounded up to a whole kB and nothing that tells more', () => {
    const judged = judge(shop.sendAs(freshBericht('vtoDi01')), { ...shop.plain, now: NOW });
    expect(Object.keys(judged.ok ? judged.value.facts : {}).sort()).toEqual([
      'addressed',
      'connectionPoint',
      'deadline',
      'environment',
      'messageType',
      'receivedAt',
      'recipient',
      'recipientRole',
      'reply',
      'ruleId',
      'ruleSetHash',
      'sender',
      'senderRole',
      'signedBy',
      'signer',
      'sizeKb',
      'submittedBy',
      'version',
    ]);
  });
});
