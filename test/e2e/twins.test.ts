import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { signedDetached } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';
import type { WireAnswer } from '../support/http-party.ts';
import { CORV } from '../support/twins/corv.ts';
import type { Draft, MakeDraft, Twin } from '../support/twins/twin.ts';
import { VEILIG_THUIS, VIR } from '../support/twins/vir-and-veilig-thuis.ts';
import { ZORG_EN_VEILIGHEIDSHUIS } from '../support/twins/zorg-en-veiligheidshuis.ts';
import { ZORG_VOOR_JEUGD } from '../support/twins/zorg-voor-jeugd.ts';

let bed: Testbed;
let accepted = 0;

beforeAll(async () => {
  bed = await openTestbed();
});
afterAll(() => bed.close());

async function submit(draft: Draft): Promise<WireAnswer> {
  const answer = await bed.submit(draft.by, signedDetached(draft, bed.pki.participant(draft.by).signing, draft.format));
  if (answer.status === 202) accepted += 1;
  return answer;
}

/** What both twins answer, when they answer something: its kenmerk. */
async function sendFirst(first: MakeDraft | undefined): Promise<string | undefined> {
  if (first === undefined) return undefined;
  const draft = first();
  const answer = await submit(draft);
  expect([answer.status, answer.body.toString()]).toEqual([202, expect.any(String)]);
  return draft.kenmerk;
}

describe.each([
  ['CORV and jeugdhulp', CORV],
  ['the verwijsindex', VIR],
  ['Veilig Thuis', VEILIG_THUIS],
  ['Zorg voor Jeugd', ZORG_VOOR_JEUGD],
  ['the zorg- en veiligheidshuis', ZORG_EN_VEILIGHEIDSHUIS],
])('%s', (_name, twins) => {
  it.each(twins)('$id: $says', async ({ first, right, wrong, code, rule }: Twin) => {
    const answered = await sendFirst(first);
    const taken = await submit(right(answered));
    expect([taken.status, taken.body.toString()]).toEqual([202, expect.stringContaining('"bevestiging"')]);

    const refused = await submit(wrong(answered));
    const problem = refused.json();
    expect(problem['code']).toBe(code);
    expect(problem['berichtId']).toBeUndefined();
    if (rule !== undefined) expect(problem['fouten']).toContainEqual(expect.objectContaining({ regel: rule }));
  });
});

describe('afterwards', () => {
  it('exactly the accepted ones were published, and no refused one', async () => {
    const output = bed.gateway.output();
    expect([...output.matchAll(/"event":"MessageAccepted"/g)]).toHaveLength(accepted);
    expect(output).not.toContain('FaultOccurred');
  });
});
