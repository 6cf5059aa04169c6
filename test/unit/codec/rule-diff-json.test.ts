import { describe, expect, it } from '@jest/globals';
import { describeCondition } from '../../../gateway/codec/condition-texts.ts';
import { toRuleDiffBody } from '../../../gateway/codec/rule-diff-json.ts';
import type { PassageChangeBody, RowChangeBody } from '../../../gateway/codec/rule-diff-json.ts';
import { readRuleSet } from '../../../gateway/codec/rule-set.ts';
import type { RuleSet } from '../../../gateway/domain/participants.ts';
import { diffRules, isChanged } from '../../../gateway/domain/rule-diff.ts';
import { changeRules, readRuleFiles } from '../../support/standing.ts';
import type { RuleChanges, RuleRow } from '../../support/standing.ts';

const ARNHEM = '00000001001825112000';
const RVDK = '00000002003214436001';
const GI = '00000001802611266000';

const TYPES = ['vtoDi01', 'notificatieDi01', 'zorgmeldingDi01', 'meldingAfloopTb', 'vcobDi01', 'Bv01Bericht'];
const PARTIES = [ARNHEM, RVDK, GI];
const isOf = (names: readonly string[], key: string) => (row: RuleRow) => names.includes(String(row[key]));
/** Three parties, a few types: the rules as they are take a second to read, and are read often here. */
const FEW = changeRules(readRuleFiles(), {
  deelnemers: (rows) => rows.filter(isOf(PARTIES, 'oin')),
  aansluitpunten: (rows) =>
    rows.filter((row) => isOf(PARTIES, 'ontvanger')(row) && isOf([...PARTIES, 'undefined'], 'eigenaar')(row)),
  machtigingen: (rows) => rows.filter((row) => isOf(PARTIES, 'gemachtigde')(row) && isOf(PARTIES, 'namens')(row)),
  berichttypen: (rows) => rows.filter(isOf(TYPES, 'berichttype')).map((row) => ({ ...row, antwoord: undefined })),
  verzendmatrix: (rows) =>
    rows
      .filter(isOf(TYPES, 'berichttype'))
      .filter((row) => row['antwoord'] === undefined && row['antwoordOp'] === undefined),
  opvolging: (rows) => rows.slice(0, 1),
});

function rulesOf(changes: RuleChanges = {}): RuleSet {
  const read = readRuleSet(changeRules(FEW, changes));
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

const base = rulesOf();

function compare(
  changes: RuleChanges,
  party?: string,
  before = base,
): { rows: Record<string, readonly RowChangeBody[]>; passages: readonly PassageChangeBody[] } {
  const { rijen, verzending } = toRuleDiffBody(diffRules(before, rulesOf(changes), party));
  return {
    rows: Object.fromEntries(Object.entries(rijen).filter(([, rows]) => rows.length > 0)),
    passages: verzending,
  };
}

const edit =
  (key: string, value: string, change: object) =>
  (rows: readonly RuleRow[]): readonly unknown[] =>
    rows.map((row) => (row[key] === value ? { ...row, ...change } : row));
const drop =
  (key: string, value: string) =>
  (rows: readonly RuleRow[]): readonly unknown[] =>
    rows.filter((row) => row[key] !== value);
const add =
  (added: object) =>
  (rows: readonly RuleRow[]): readonly unknown[] => [...rows, added];

describe('diffRules', () => {
  it('finds nothing between a set and itself', () => {
    const diff = diffRules(base, rulesOf());
    expect(isChanged(diff)).toBe(false);
    expect(diff.passages).toEqual([]);
  });

  it('says what a new row of the send matrix allows, and a dropped one no longer', () => {
    const added = compare({
      verzendmatrix: add({ id: 'proef', berichttype: 'vtoDi01', afzender: 'POLITIE', ontvanger: 'RVDK' }),
    });
    expect(added.rows).toEqual({ verzendmatrix: [{ wijziging: 'toegevoegd', rij: 'proef', velden: [] }] });
    expect(added.passages).toEqual([
      {
        wijziging: 'toegevoegd',
        berichttype: 'vtoDi01',
        afzender: 'POLITIE',
        ontvanger: RVDK,
        rol: 'RVDK',
        verschillen: [
          { wat: 'regel', was: null, wordt: 'proef' },
          { wat: 'aansluitpunt', was: null, wordt: 'rvdk-verzoeken' },
        ],
      },
    ]);
    const dropped = compare({ verzendmatrix: drop('id', 'vto-gemeente-rvdk') });
    expect(dropped.passages).toMatchObject([
      {
        wijziging: 'vervallen',
        berichttype: 'vtoDi01',
        afzender: 'GEMEENTE',
        verschillen: [{ was: 'vto-gemeente-rvdk', wordt: null }, { was: 'rvdk-verzoeken' }],
      },
    ]);
  });

  it('says what changes in a condition, a term, an answer and a purpose', () => {
    const voorwaarden = [{ regel: 'V11', afzender: { virToegelaten: [true] } }];
    const antwoord = { typen: ['notificatieDi01'], termijn: '2 werkdagen', termijnUrgent: 'direct' };
    const { rows, passages } = compare({
      verzendmatrix: edit('id', 'vto-gemeente-rvdk', { voorwaarden, antwoord }),
      berichttypen: edit('berichttype', 'vtoDi01', { termijnUren: 5 }),
    });
    expect(rows).toMatchObject({
      berichttypen: [{ wijziging: 'gewijzigd', rij: 'vtoDi01', velden: ['termijnUren'] }],
      verzendmatrix: [{ wijziging: 'gewijzigd', rij: 'vto-gemeente-rvdk', velden: ['antwoord', 'voorwaarden'] }],
    });
    const gemeente = passages.find(({ afzender }) => afzender === 'GEMEENTE');
    expect(gemeente?.verschillen).toMatchObject([
      { wat: 'voorwaarden', was: 'geen', wordt: 'V11 (virToegelaten van de afzender is ja)' },
      { wat: 'termijn', wordt: '5 uur' },
      { wat: 'antwoord', wordt: 'notificatieDi01 binnen 2 werkdagen, urgent direct' },
    ]);
    expect(
      passages
        .filter(({ afzender }) => afzender !== 'GEMEENTE')
        .map(({ verschillen }) => verschillen.map(({ wat }) => wat)),
    ).toContainEqual(['termijn']);
  });

  it('says what a point no longer takes', () => {
    const { passages } = compare({ aansluitpunten: edit('id', 'rvdk-verzoeken', { berichttypen: ['vtoDi01'] }) });
    expect(passages.map(({ berichttype }) => berichttype)).not.toContain('vtoDi01');
    expect(new Set(passages.map(({ wijziging, ontvanger }) => `${wijziging} ${ontvanger}`))).toEqual(
      new Set([`vervallen ${RVDK}`]),
    );
  });

  it('says what must come back, also without a term of its own for what is urgent', () => {
    const antwoord = { typen: ['notificatieDi01', 'Bv01Bericht'], termijn: '8 uur' };
    const { passages } = compare({ berichttypen: edit('berichttype', 'vtoDi01', { antwoord }) });
    expect(passages[0]?.verschillen).toMatchObject([
      { wat: 'antwoord', wordt: 'notificatieDi01 of Bv01Bericht binnen 8 uur' },
    ]);
  });

  it('says what a bericht must answer from now on', () => {
    const { passages } = compare({
      verzendmatrix: edit('id', 'notificatie-rvdk-gemeente', { antwoordOp: { typen: ['vtoDi01'] } }),
    });
    expect(passages.map(({ verschillen }) => verschillen)).toContainEqual([
      { wat: 'antwoordOp', was: 'geen', wordt: 'vtoDi01' },
    ]);
  });

  it('knows that a row allows nothing where nobody has the role of its recipient', () => {
    const { rows, passages } = compare({
      verzendmatrix: add({ id: 'proef', berichttype: 'vtoDi01', afzender: 'GEMEENTE', ontvanger: 'NERGENS' }),
    });
    expect(rows).toMatchObject({ verzendmatrix: [{ rij: 'proef' }] });
    expect(passages).toEqual([]);
  });

  it('says it where a purpose changes, for the types that ask for one alone', () => {
    const { rows, passages } = compare({ doelbinding: drop('regel', 'T6') });
    expect(rows).toEqual({
      doelbinding: [{ wijziging: 'gewijzigd', rij: 'VT', velden: ['regel', 'werkveld', 'grondslagen', 'toestemming'] }],
    });
    expect(passages.length).toBeGreaterThan(0);
    expect(new Set(passages.flatMap(({ verschillen }) => verschillen.map(({ wat }) => wat)))).toEqual(
      new Set(['doelbinding']),
    );
    expect(passages.map(({ berichttype }) => berichttype)).not.toContain('vtoDi01');
    expect(passages[0]?.verschillen[0]?.was).toContain('VT TOESTEMMING ja; ');
  });

  it('says it where an answer comes to need no purpose', () => {
    const answer = { antwoordOp: { typen: ['vtoDi01'] }, doelbinding: 'nvt' };
    const { passages } = compare({ verzendmatrix: edit('berichttype', 'meldingAfloopTb', answer) });
    expect(passages[0]?.verschillen).toMatchObject([
      { wat: 'doelbinding', wordt: 'geen' },
      { wat: 'antwoordOp', was: 'geen', wordt: 'vtoDi01' },
    ]);
  });

  it('says it where a type comes to ask for a purpose', () => {
    const { passages } = compare({
      berichttypen: edit('berichttype', 'vtoDi01', { verwerking: ['werkveld', 'grondslag'] }),
    });
    expect(passages[0]?.verschillen).toMatchObject([
      { wat: 'verwerking', was: 'geen', wordt: 'werkveld; grondslag' },
      { wat: 'doelbinding', was: 'geen' },
    ]);
  });

  it('says what moves, closes or stops', () => {
    const { rows, passages } = compare({
      aansluitpunten: edit('id', 'rvdk-verzoeken', { url: 'https://localhost:9999/b', kantooruren: true }),
      stop: { berichttypen: ['vtoDi01'], deelnemers: [GI] },
    });
    expect(rows).toMatchObject({
      aansluitpunten: [{ rij: 'rvdk-verzoeken', velden: ['url', 'kantooruren'] }],
      noodstop: [{ rij: GI }, { rij: 'vtoDi01' }],
    });
    const vto = passages.find(({ berichttype, afzender }) => berichttype === 'vtoDi01' && afzender === 'GEMEENTE');
    expect(vto?.verschillen).toEqual([
      { wat: 'adres', was: 'https://localhost:9101/berichten', wordt: 'https://localhost:9999/b' },
      { wat: 'kantooruren', was: 'nee', wordt: 'ja' },
      { wat: 'noodstop', was: 'nee', wordt: 'ja' },
    ]);
    const toGi = passages.filter(({ ontvanger }) => ontvanger === GI);
    expect(toGi.length).toBeGreaterThan(0);
  });

  it('says who owns a point from now on, and which mandates come and go', () => {
    const mandate = { gemachtigde: RVDK, namens: ARNHEM, taken: ['ontvangen'], vanaf: '2020-01-01' };
    const { rows, passages } = compare({
      machtigingen: add(mandate),
      aansluitpunten: edit('id', 'arnhem-notificaties', { eigenaar: RVDK }),
    });
    expect(rows).toMatchObject({
      aansluitpunten: [{ wijziging: 'gewijzigd', rij: 'arnhem-notificaties', velden: ['eigenaar'] }],
      machtigingen: [{ wijziging: 'toegevoegd', rij: `${RVDK} ${ARNHEM}` }],
    });
    expect(passages[0]).toMatchObject({
      ontvanger: ARNHEM,
      verschillen: [{ wat: 'eigenaar', was: ARNHEM, wordt: RVDK }],
    });
    const twice = rulesOf({ machtigingen: (rows) => [...rows, mandate, { ...mandate, typen: ['vtoDi01'] }] });
    expect(compare({ machtigingen: add(mandate) }, undefined, twice).rows).toMatchObject({
      machtigingen: [
        { wijziging: 'gewijzigd', rij: `${RVDK} ${ARNHEM}`, velden: expect.arrayContaining(['taken', 'berichttypen']) },
      ],
    });
  });

  it('tells of one party what it sends and receives, and nothing else', () => {
    const roles = [...base.participants.values()].find(({ oin }) => oin === ARNHEM)?.roles ?? [];
    const changes: RuleChanges = { deelnemers: edit('oin', ARNHEM, { rollen: [...roles, 'POLITIE'] }) };
    const whole = compare(changes);
    expect(whole.passages).toEqual([]);
    const { passages } = compare(changes, ARNHEM);
    expect(passages.length).toBeGreaterThan(0);
    expect(new Set(passages.map(({ afzender, wijziging }) => `${wijziging} ${afzender}`))).toEqual(
      new Set([`toegevoegd ${ARNHEM} POLITIE`]),
    );
    const moved: RuleChanges = { berichttypen: edit('berichttype', 'notificatieDi01', { termijnUren: 5 }) };
    expect(new Set(compare(moved, ARNHEM).passages.map(({ ontvanger }) => ontvanger))).toEqual(new Set([ARNHEM]));
    expect(compare(moved, 'onbekend').passages).toEqual([]);
  });

  it('stays total on a set that names a type it does not have', () => {
    const torn: RuleSet = { ...base, types: new Map([...base.types].filter(([type]) => type !== 'vtoDi01')) };
    const [change] = toRuleDiffBody(diffRules(base, torn)).verzending;
    expect(change?.verschillen).toContainEqual({ wat: 'termijn', was: '48 uur', wordt: 'geen' });
  });

  it('shows a member that it has no word for by its own name', () => {
    const row = { change: 'changed', key: 'x', fields: ['nieuw'] } as const;
    const diff = diffRules(base, base);
    const body = toRuleDiffBody({ ...diff, rows: { ...diff.rows, points: [row] } });
    expect(body.rijen['aansluitpunten']).toEqual([{ wijziging: 'gewijzigd', rij: 'x', velden: ['nieuw'] }]);
  });
});

describe('describeCondition', () => {
  it.each([
    [
      {
        rule: 'Z40',
        when: [{ fact: { subject: 'sender', name: 'category' }, demand: { kind: 'one-of', values: ['a', 'b', 'c'] } }],
        demands: [{ fact: { subject: 'content', name: 'overlegJgz' }, demand: { kind: 'one-of', values: ['true'] } }],
      },
      'als categorie van de afzender is a, b of c, dan overlegJgz in inhoud is ja',
    ],
    [
      {
        rule: 'V',
        when: [],
        demands: [
          { fact: { subject: 'recipient', name: 'convenantDatum' }, demand: { kind: 'present' } },
          { fact: { subject: 'processing', name: 'field' }, demand: { kind: 'one-of', values: ['JB', 'JR'] } },
        ],
      },
      'convenantDatum van de ontvanger is bekend en werkveld in verwerking is JB of JR',
    ],
    [
      {
        rule: 'U',
        when: [],
        demands: [{ fact: { subject: 'urgency' }, demand: { kind: 'one-of', values: ['false'] } }],
      },
      'urgent in stuurgegevens is nee',
    ],
  ] as const)('says %j', (condition, sentence) => {
    expect(describeCondition(condition)).toBe(sentence);
  });
});
