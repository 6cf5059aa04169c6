import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { openFileRegister } from '../../adapters/register-file/index.ts';
import { base, newFolder, playLife } from '../support/audit-folder.ts';
import { runCli } from '../support/cli-process.ts';
import { createCanaryFinder, textCanary } from '../support/find-canary.ts';
import { confirmPush, exchangeRaw } from '../support/http-party.ts';
import { signedDetached } from '../support/signed.ts';
import { openTestbed } from '../support/testbed.ts';
import type { Testbed } from '../support/testbed.ts';
import type { WireAnswer } from '../support/http-party.ts';
import { CORV } from '../support/twins/corv.ts';
import { oinOf, xml } from '../support/twins/twin.ts';
import type { Draft, MakeDraft, Twin } from '../support/twins/twin.ts';
import { VEILIG_THUIS, VIR } from '../support/twins/vir-and-veilig-thuis.ts';
import { ZORG_EN_VEILIGHEIDSHUIS } from '../support/twins/zorg-en-veiligheidshuis.ts';
import { ZORG_VOOR_JEUGD } from '../support/twins/zorg-voor-jeugd.ts';

let bed: Testbed;
let accepted = 0;

beforeAll(async () => {
  bed = await openTestbed({ editRules: letJongerenwerkCoordinate });
});
afterAll(() => bed.close());

/** Gives it the role of zorgcoördinator and a point for it; in the register it doesn't say that it can coordinate. */
function letJongerenwerkCoordinate(name: string, text: string): string {
  const oin = oinOf('jongerenwerk');
  const pattern = new RegExp(`(oin: '${oin}'\\n.*\\n +rollen: \\[MELDINGSBEVOEGDE)`);
  if (name === 'deelnemers') return text.replace(pattern, '$1, ZORGCOORDINATOR');
  const point = `  - id: jongerenwerk-coordinatie
    ontvanger: '${oin}'
    rol: ZORGCOORDINATOR
    formaten: [json]
    handtekeningen: [losstaand]
`;
  return name === 'aansluitpunten' ? text + point : text;
}

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

/** A verzoek tot onderzoek of gemeente Arnhem, taken in. */
async function submitVerzoek(): Promise<string> {
  const answer = await submit(xml('vtoDi01', 'minimaal')());
  expect(answer.status).toBe(202);
  return String(answer.json()['berichtId']);
}

async function statusOf(berichtId: string): Promise<Record<string, unknown>> {
  return (await bed.get('gemeente-arnhem', `/v1/berichten/${berichtId}?wacht=20`)).json();
}

function expectNothingKept(berichtId: string, words: readonly string[]): void {
  const finder = createCanaryFinder(words.map((word) => textCanary(word, word)));
  const { finds, files } = finder.inFolder(bed.gateway.folder);
  expect([finds, finder.inBytes('output', Buffer.from(bed.gateway.output()))]).toEqual([[], []]);
  expect(files).toBeGreaterThan(15);
  // What may be kept is found by the same search.
  const known = createCanaryFinder([textCanary('id', berichtId)]).inFolder(join(bed.gateway.folder, 'register'));
  expect(known.finds).not.toEqual([]);
}

describe('what no pair of berichten shows', () => {
  it('C1, T23: nothing of a bericht is kept, of no person in it, whether it is taken or refused', async () => {
    const persons = ['Zwaluwstaartje', 'Putterkweker'] as const;
    const right = xml('ucobDi01', 'twee-objecten', [/>Berendsen</, `>${persons[0]}<`], [/>Bolder</, `>${persons[1]}<`]);
    const asked = xml('vcobDi01', 'veilig-thuis-aan-gi')();
    expect((await submit(asked)).status).toBe(202);
    const taken = await submit(right(asked.kenmerk));
    expect([taken.status, taken.body.toString()]).toEqual([202, expect.any(String)]);
    const berichtId = String(taken.json()['berichtId']);
    await bed.get('gi-jeugdbescherming-gelderland', `/v1/berichten/${berichtId}?wacht=20`);
    const refused = await submit(right('ongevraagd'));
    expect(refused.json()['code']).toBe('ERR_REPLY_UNKNOWN');
    expectNothingKept(berichtId, persons);
  });

  it('C6: who sent a bericht sees what became of it; another finds none', async () => {
    const path = `/v1/berichten/${await submitVerzoek()}`;
    expect((await bed.get('gemeente-arnhem', path)).status).toBe(200);
    const other = await bed.get('politie', path);
    expect([other.status, other.json()['code']]).toEqual([404, 'ERR_NOT_FOUND']);
  });

  it('C7, C12: with a certificate of its own a party is answered, without one nobody', async () => {
    const { ca, tls } = bed.party('gemeente-arnhem');
    const to = {
      port: bed.gateway.port(),
      text: 'GET /v1/sleutels HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n',
    };
    expect((await exchangeRaw({ ca, tls }, to)).text).toMatch(/^HTTP\/1\.1 200 /);
    expect((await exchangeRaw({ ca, tls: undefined }, to)).text).toBe('');
  });

  it('C14: a bericht ends in one state, which stays: delivered, or refused by its recipient', async () => {
    const delivered = await submitVerzoek();
    expect(await statusOf(delivered)).toMatchObject({ status: 'afgeleverd', reden: null });
    bed.rvdk.answerWith(({ headers }) => ({
      status: 422,
      headers: { 'Content-Type': 'application/problem+json', 'Bericht-Id': String(headers['bericht-id']) },
      body: '{"code":"ZAAK_ONBEKEND"}',
    }));
    const refused = await submitVerzoek();
    expect(await statusOf(refused)).toMatchObject({ status: 'geweigerd', reden: 'ZAAK_ONBEKEND' });
    bed.rvdk.answerWith(confirmPush);
    expect([(await statusOf(delivered))['status'], (await statusOf(refused))['status']]).toEqual([
      'afgeleverd',
      'geweigerd',
    ]);
  });

  it('P2, P3: the question whether something may be sent takes nothing of a person, its answer gives no right', async () => {
    const question = `/v1/routering?berichttype=vtoDi01&oin=${oinOf('rvdk')}&rol=RVDK`;
    const answered = await bed.get('gemeente-arnhem', question);
    expect([answered.status, answered.body.toString()]).toEqual([200, expect.stringContaining('geen rechten')]);
    const refused = await bed.get('gemeente-arnhem', `${question}&bsn=999999710`);
    expect([refused.status, refused.json()['code']]).toEqual([400, 'ERR_REQUEST_INVALID']);
    // A bericht of another than the answer was for is refused, whatever the answer said.
    const draft = xml('vtoDi01', 'minimaal', [/(zender>\s*<\w+:organisatie>)\d{20}/, `$1${oinOf('politie')}`])();
    expect((await submit(draft)).json()['code']).toBe('ERR_ROUTE_NONE');
  });
});

describe('what is told of the traffic', () => {
  it('Z58: is of a whole month that is over, nothing finer', async () => {
    const folder = await newFolder();
    const october = Date.parse('2026-10-20T12:00:00.000Z');
    const clock = { now: () => october, sleep: () => Promise.resolve() };
    const register = await openFileRegister({ folder, clock, ...base });
    await playLife(register, 'K1');
    await register.close();
    const told = await runCli('report', '--register', folder, '--periode', '2026-10', '--json');
    expect([told.code, told.errors]).toEqual([0, '']);
    // One bericht is fewer than can be told.
    expect(told.out).not.toContain('vtoDi01');
    const refused = await runCli('report', '--register', folder, '--periode', '2026-10-20', '--json');
    expect([refused.code, refused.out]).toEqual([2, '']);
    rmSync(folder, { recursive: true });
  });
});

describe('afterwards', () => {
  it('exactly the accepted ones were published, and no refused one', async () => {
    const output = bed.gateway.output();
    expect([...output.matchAll(/"event":"MessageAccepted"/g)]).toHaveLength(accepted);
    expect(output).not.toContain('FaultOccurred');
  });
});
