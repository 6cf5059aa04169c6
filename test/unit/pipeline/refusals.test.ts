import { describe, expect, it } from '@jest/globals';
import { REJECTIONS } from '../../../gateway/domain/rejection.ts';
import type { Rejection, RejectionCode } from '../../../gateway/domain/rejection.ts';
import type { Result } from '../../../gateway/domain/result.ts';
import { judge } from '../../../gateway/pipeline/judge.ts';
import type { JudgedMessage } from '../../../gateway/pipeline/judge.ts';
import type { Incoming } from '../../../gateway/pipeline/receive.ts';
import { freshBericht, freshBerichten, NOW, oinOf, send } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import { conditionRefusals } from '../../support/refusals-conditions.ts';
import { revocationRefusals } from '../../support/refusals-revocation.ts';
import { authoriseRefusals, routeRefusals } from '../../support/refusals-rules.ts';
import {
  callerRefusals,
  contentRefusals,
  environmentRefusals,
  readingRefusals,
  signatureRefusals,
} from '../../support/refusals.ts';
import type { Refusal } from '../../support/refusals.ts';
import { readTypeFolders } from '../../support/schema-folder.ts';
import { changeRow, openWorkshop, opdracht } from '../../support/workshop.ts';

const SCHEMA_FAULTS: readonly (readonly [string, string, { readonly path: string; readonly rule: string }])[] = [
  ['meldingStartTb', 'datum-toewijzing-ontbreekt.json', { path: '/inhoud/datumToewijzing', rule: 'required' }],
  ['meldingStartTb', 'geboortedatum.xml', { path: '/bericht/inhoud/meldingStartTb/jeugdige/*', rule: 'unknown' }],
  [
    'notificatieDi01',
    'resultaat-onbekend.xml',
    { path: '/notificatieDi01/object/resultaat/omschrijving', rule: 'enum' },
  ],
  [
    'notificatiejrDi01',
    'omschrijving-te-lang.xml',
    { path: '/notificatiejrDi01/object/omschrijving', rule: 'maxLength' },
  ],
  ['opdrachtTb', 'skn-van-negen-cijfers.json', { path: '/inhoud/jeugdige/skn', rule: 'pattern' }],
  ['opdrachtTb', 'skn-van-negen-cijfers.xml', { path: '/bericht/inhoud/opdrachtTb/jeugdige/skn', rule: 'pattern' }],
  ['vtMeldingDi01', 'sash-niveau-onbekend.xml', { path: '/vtMeldingDi01/object/SASHniveau', rule: 'enum' }],
  [
    'vtoDi01',
    'bestandsnaam-ontbreekt.xml',
    { path: '/vtoDi01/object/heeftRelevant/gerelateerde/inhoud/@bestandsnaam', rule: 'required' },
  ],
];

const shop = openWorkshop();
const groups: readonly (readonly [string, readonly Refusal[]])[] = [
  ['headers, size and form', readingRefusals(shop)],
  ['the connection', callerRefusals(shop)],
  ['revocation', revocationRefusals(shop)],
  ['the signature', signatureRefusals(shop)],
  ['type and content', contentRefusals(shop)],
  ['the environment', environmentRefusals(shop)],
  ['sender, signer and bringer', authoriseRefusals(shop)],
  ['the recipient', routeRefusals(shop)],
  ['the conditions of its row', conditionRefusals(shop)],
];

describe.each(groups)('judge, by %s', (_name, refusals) => {
  const rows = refusals.map((refusal) => [refusal.what, refusal.code, refusal] as const);

  it.each(rows)('refuses %s with %s and shows no value of it', (_what, code, { incoming, standing }) => {
    const brought = incoming();
    const refused = judge(brought, { ...(standing?.() ?? shop.plain), now: NOW });
    expect(codeOf(refused)).toBe(code);
    expect(valuesIn(brought).filter((value) => JSON.stringify(refused).includes(value))).toEqual([]);
  });
});

describe('judge, one fact apart', () => {
  const rows = conditionRefusals(shop).map((twin) => [twin.what, twin] as const);

  it.each(rows)('refuses %s by place and rule, and takes its twin', (_what, twin) => {
    const refused = judge(twin.incoming(), { ...(twin.standing?.() ?? shop.plain), now: NOW });
    expect(refused).toEqual({
      ok: false,
      error: { code: twin.code, violations: [{ path: twin.place, rule: twin.rule }] },
    });
    const taken = judge(twin.allowed.incoming(), { ...shop.withRules(twin.allowed.rules), now: NOW });
    expect(codeOf(taken)).toBe('accepted');
  });
});

describe('the list above', () => {
  it('has every code that a judgement can end with', () => {
    const listed = new Set(groups.flatMap(([, refusals]) => refusals.map(({ code }) => code)));
    const judged = new Set(['receive', 'authenticate', 'verify-signature', 'parse', 'validate', 'authorise', 'route']);
    // These are found before there is a bericht to judge.
    const before = ['ERR_CERTIFICATE_MISSING', 'ERR_GATEWAY_BUSY', 'ERR_REQUEST_TOO_SLOW', 'ERR_TOO_MANY_REQUESTS'];
    const expected = Object.entries(REJECTIONS).filter(
      ([code, { stage }]) => judged.has(stage) && !before.includes(code),
    );
    expect([...listed].sort()).toEqual(expected.map(([code]) => code).sort());
  });
});

describe('what a refusal says beside its code', () => {
  const refuse = (incoming: Incoming, standing = shop.plain): Rejection => {
    const result = judge(incoming, { ...standing, now: NOW });
    if (result.ok) throw new RangeError('accepted');
    return result.error;
  };

  it('names the successors of a gemeentecode that ended in parts', () => {
    const refused = refuse(shop.sendAs(opdracht({ ontvanger: { gemeentecode: '0282', rol: 'GEMEENTE' } })));
    expect(refused).toEqual({ code: 'ERR_MUNICIPALITY_ENDED', violations: [], candidates: ['0268'] });
  });

  it('names each member of verwerking that is missing', () => {
    const refused = refuse(shop.sendAs(opdracht({ verwerking: { toestemming: 'nvt' } })));
    expect(refused.violations).toEqual([
      { path: '/stuurgegevens/verwerking/werkveld', rule: 'required' },
      { path: '/stuurgegevens/verwerking/grondslag', rule: 'required' },
    ]);
  });

  it('says when to offer the bericht again under an emergency stop', () => {
    const stop = (oin: string): typeof shop.plain => shop.withRules({ stop: { deelnemers: [oin] } });
    expect(refuse(shop.sendAs(opdracht()), stop(oinOf('rvdk'))).retryAfterSeconds).toBe(3600);
    expect(refuse(shop.sendAs(opdracht()), stop(oinOf('gi-jeugdbescherming-gelderland'))).retryAfterSeconds).toBe(3600);
  });

  it.each(SCHEMA_FAULTS)('names place and rule of what the schema refuses in %s %s', (type, name, violation) => {
    const folder = readTypeFolders().find(({ definition }) => definition.berichttype === type);
    const example = folder?.invalid.find((one) => one.name === name);
    const { tls, signing } = shop.pki.participant('rvdk');
    const text = example?.bytes ?? '';
    const refused = refuse(send({ format: example?.format ?? 'xml', text }, { caller: tls, signer: signing }));
    expect(refused).toEqual({ code: 'ERR_SCHEMA_INVALID', violations: [violation] });
  });
});

/** What an example claims to be is judged before its schema; such an example's name begins so. */
const CLAIM_CODES: Readonly<Record<string, RejectionCode>> = {
  'berichtcode-': 'ERR_STUF_BERICHTCODE',
  'functie-': 'ERR_MESSAGE_TYPE_UNKNOWN',
};

describe('every invalid example', () => {
  const examples = readTypeFolders().flatMap(({ label, invalid }) => invalid.map((example) => ({ label, ...example })));

  it.each(examples)('is refused without a value of it: $label $name', ({ name, format, bytes }) => {
    const { tls, signing } = shop.pki.participant('rvdk');
    const brought = send({ format, text: bytes }, { caller: tls, signer: signing });
    const refused = judge(brought, { ...shop.plain, now: NOW });
    expect(codeOf(refused)).toBe(CLAIM_CODES[/^[a-z]+-/.exec(name)?.[0] ?? ''] ?? 'ERR_SCHEMA_INVALID');
    expect(valuesIn(brought).filter((value) => JSON.stringify(refused).includes(value))).toEqual([]);
  });
});

describe('a canary', () => {
  it.each(freshBerichten())('in any text, name or attribute of $type $name never comes back', (bericht) => {
    const outcomes = withCanary(bericht).map((text) => JSON.stringify(judgeText(bericht, text)));
    expect(outcomes.length).toBeGreaterThan(20);
    expect(outcomes.filter((outcome) => outcome.includes(CANARY))).toEqual([]);
  });

  function judgeText(bericht: Bericht, text: string): unknown {
    const judged = judge(shop.sendAs({ ...bericht, text }), { ...shop.plain, now: NOW });
    // What is accepted is recorded by its facts; the body goes on as it is.
    return judged.ok ? judged.value.facts : judged.error;
  }
});

describe('a boundary', () => {
  it('lets a signature and a tijdstip of exactly a week old, and exactly five minutes ahead, pass', () => {
    const bericht = freshBericht('vtoDi01');
    for (const at of [NOW - 7 * 24 * 3_600_000, NOW + 5 * 60_000]) {
      const dated = opdracht({ tijdstip: new Date(at).toISOString() });
      expect(codeOf(judge(shop.sendAs(bericht, { signedAt: at }), { ...shop.plain, now: NOW }))).toBe('accepted');
      expect(codeOf(judge(shop.sendAs(dated), { ...shop.plain, now: NOW }))).toBe('accepted');
    }
  });

  it('lets a party and a mandate pass up to the instant they end, and from the instant they begin', () => {
    const period = { vanaf: new Date(NOW).toISOString(), tot: new Date(NOW + 1).toISOString() };
    const rules = shop.withRules({
      deelnemers: changeRow({ oin: oinOf('leverancier') }, period),
      machtigingen: changeRow({ namens: oinOf('gemeente-arnhem') }, period),
    });
    const brought = shop.sendAs(freshBericht('vtoDi01'), { caller: shop.pki.participant('leverancier').tls });
    expect(codeOf(judge(brought, { ...rules, now: NOW }))).toBe('accepted');
    expect(codeOf(judge(brought, { ...rules, now: NOW + 1 }))).toBe('ERR_PARTICIPANT_ENDED');
    expect(codeOf(judge(brought, { ...rules, now: NOW - 1 }))).toBe('ERR_PARTICIPANT_ENDED');
  });

  it('lets a body of exactly the limit pass on', () => {
    const brought = shop.sendAs(opdracht());
    const limits = { maxBodyBytes: brought.body.byteLength };
    expect(codeOf(judge(brought, { ...shop.plain, limits, now: NOW }))).toBe('accepted');
  });
});

function codeOf(result: Result<JudgedMessage, Rejection>): RejectionCode | 'accepted' {
  return result.ok ? 'accepted' : result.error.code;
}

/** Every text of the bericht that isn't too short to tell from one of ours. */
function valuesIn({ body }: Incoming): readonly string[] {
  const text = Buffer.from(body).toString('latin1');
  const values = [...text.matchAll(/>([^<>]+)<|="([^"]*)"|: ?"([^"]*)"/g)].map((match) => match.slice(1).join(''));
  return values.map((value) => value.trim()).filter((value) => value.length >= 4 && !isPublic(value));
}

/** Copies of the bericht, each with the canary in another place. */
function withCanary({ format, text }: Bericht): readonly string[] {
  const places =
    format === 'json' ? /"(?:[^"\\]|\\.)*"/g : />[^<>\s][^<>]*(?=<)|(?<=<)\w+:\w+|"[^"]*"|(?<=<\/)\w+:\w+/g;
  return [...text.matchAll(places)].map((match) => {
    const [found] = match;
    const [first = ''] = found;
    const canary = first === '"' ? `"${CANARY}"` : first === '>' ? `>${CANARY}` : CANARY;
    return text.slice(0, match.index) + canary + text.slice(match.index + found.length);
  });
}

const CANARY = 'Kanariepiet';
// Names of the schemas, which stand in places; some are the value of `functie` or of an attribute as well.
const PUBLIC_NAMES = readTypeFolders().flatMap(({ definition }) => [definition.berichttype, definition.element]);

function isPublic(value: string): boolean {
  return PUBLIC_NAMES.some((name) => name.includes(value));
}
