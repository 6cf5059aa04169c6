import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CommandFault } from '../../../cli/fault.ts';
import { createOutput } from '../../../cli/output.ts';
import { createProgram } from '../../../cli/program.ts';
import { buildReport, NOTHING_KNOWN } from '../../../cli/report/build-report.ts';
import type { Known, ReportTable, Value } from '../../../cli/report/build-report.ts';
import { suppress } from '../../../cli/report/suppress.ts';
import { createTrafficGatherer, periodOf } from '../../../cli/report/traffic.ts';
import type { Passage } from '../../../cli/report/traffic.ts';
import type { AuditRecord } from '../../../cli/audit/audit-record.ts';
import { boundsOf, solve } from '../../support/table-attacker.ts';
import type { Grid } from '../../support/table-attacker.ts';

const some = (count: number, change: Partial<Passage> = {}): readonly Passage[] =>
  Array.from({ length: count }, () => ({
    type: 'ketenregistratie',
    sender: 'A',
    senderRole: 'GI',
    recipient: 'Z',
    recipientRole: 'ZVJ',
    rule: 'keten-gi-zvj',
    state: 'delivered',
    seconds: 1,
    ...change,
  }));

const known: Known = {
  parties: new Map(
    ['A', 'B', 'C', 'Z', 'M'].map((oin) => [oin, { oin, name: `Partij ${oin}`, municipality: `02${oin}` }]),
  ),
  isProtected: (type) => type === 'vtMeldingDi01',
};

function rowsOf(passages: readonly Passage[], name: string, by: Known = known): readonly (readonly Value[])[] {
  return tablesOf(passages, by).find((table) => table.name === name)?.rows ?? [];
}

function tablesOf(passages: readonly Passage[], by: Known = known): readonly ReportTable[] {
  return buildReport({ passages, missed: new Map() }, by);
}

function gridOf(counts: readonly (readonly number[])[]): { readonly shown: Grid; readonly real: readonly number[][] } {
  const { cells, rowTotals, columnTotals, total } = suppress(counts);
  const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
  const sums = (counts[0] ?? []).map((_, column) => sumOf(counts.map((row) => row[column] ?? 0)));
  return {
    shown: [...cells.map((row, index) => [...row, rowTotals[index]]), [...columnTotals, total]],
    real: [...counts, sums].map((row) => [...row, sumOf(row)]),
  };
}

function expectSafe(counts: readonly (readonly number[])[]): void {
  const { shown, real } = gridOf(counts);
  const solved = solve(shown);
  const bounds = boundsOf(shown);
  shown.forEach((line, row) => {
    line.forEach((value, column) => {
      const truth = real[row]?.[column] ?? 0;
      const place = `${String(row)}/${String(column)}`;
      if (value !== undefined) expect(value).toBe(truth);
      if (truth === 0 || truth >= 5) return;
      expect({ place, value, solved: solved.get(place) }).toEqual({ place, value: undefined, solved: undefined });
      expect(bounds.get(place)).toBeGreaterThanOrEqual(5);
    });
  });
}

describe('suppression (Z58)', () => {
  const count = fc.oneof(
    { weight: 2, arbitrary: fc.constant(0) },
    { weight: 3, arbitrary: fc.integer({ min: 1, max: 4 }) },
    { weight: 4, arbitrary: fc.integer({ min: 5, max: 40 }) },
  );
  const table = fc
    .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
    .chain(([rows, columns]) =>
      fc.array(fc.array(count, { minLength: columns, maxLength: columns }), { minLength: rows, maxLength: rows }),
    );

  it('gives no count from 1 to 4 to whoever differences rows, columns and totals', () => {
    fc.assert(fc.property(table, expectSafe), { numRuns: 500 });
  });

  it('has an attacker in its test that finds what suppression of the small counts alone leaves open', () => {
    expect([
      ...solve([
        [undefined, 9, 12],
        [8, 7, 15],
        [11, 16, 27],
      ]),
    ]).toEqual([['0/0', 3]]);
    expect(
      boundsOf([
        [undefined, undefined, 4],
        [8, 7, 15],
        [undefined, undefined, 19],
      ]).get('0/0'),
    ).toBe(3);
  });

  it('hides a second count in the row and column of a small one, and leaves the totals', () => {
    expect(
      suppress([
        [3, 20, 30],
        [40, 9, 50],
        [60, 70, 80],
      ]),
    ).toEqual({
      cells: [
        [undefined, undefined, 30],
        [undefined, undefined, 50],
        [60, 70, 80],
      ],
      rowTotals: [53, 99, 210],
      columnTotals: [103, 99, 160],
      total: 362,
    });
  });

  it('leaves a table without small counts as it is, zeros too', () => {
    const whole = {
      cells: [
        [5, 0],
        [0, 6],
      ],
      rowTotals: [5, 6],
      columnTotals: [5, 6],
      total: 11,
    };
    expect(suppress(whole.cells)).toEqual(whole);
    expect(suppress([])).toEqual({ cells: [], rowTotals: [], columnTotals: [], total: 0 });
  });

  it('hides the sum of two small counts as well when it is small', () => {
    expect(
      suppress([
        [1, 2],
        [50, 60],
      ]).rowTotals[0],
    ).toBeUndefined();
  });
});

describe('report', () => {
  it('Z4: counts berichten by type, sender, recipient and end state, as input for policy', () => {
    const passages = [...some(6), ...some(5, { sender: 'B', state: 'open', seconds: undefined })];
    expect(rowsOf(passages, 'berichttypen')).toEqual([
      ['ketenregistratie', 11, 6, 0, 0, 0, 5],
      ['totaal', 11, 6, 0, 0, 0, 5],
    ]);
    expect(rowsOf(passages, 'ontvangers')).toEqual([
      ['ketenregistratie', 'Z', 'Partij Z', 11],
      ['totaal', 'Z', 'Partij Z', 11],
    ]);
    expect(rowsOf(passages, 'afzenders')).toContainEqual(['ketenregistratie', 'B', 'Partij B', 5]);
  });

  it('C13: tells the time from acceptance to delivery per type, p50 and p95, from five deliveries on', () => {
    const passages = Array.from({ length: 100 }, (_, index) => some(1, { seconds: index + 1 })).flat();
    expect(rowsOf(passages, 'doorlooptijd')).toEqual([['ketenregistratie', 50, 95]]);
    const few = [...some(4), ...some(20, { state: 'expired', seconds: undefined })];
    expect(rowsOf(few, 'doorlooptijd')).toEqual([['ketenregistratie', undefined, undefined]]);
  });

  it('Z23b: counts per rule that let a bericht through', () => {
    const passages = [...some(6), ...some(7, { sender: 'B', senderRole: 'HALT', rule: 'keten-halt-zvj' })];
    expect(rowsOf(passages, 'regels')).toEqual([
      ['ketenregistratie', 'keten-gi-zvj', 6],
      ['ketenregistratie', 'keten-halt-zvj', 7],
    ]);
  });

  it('Z23b, Z58: tells no count of a rule by which a hidden sender could be found', () => {
    const passages = [
      ...some(3),
      ...some(7, { sender: 'B', senderRole: 'HALT', rule: 'keten-halt-zvj' }),
      ...some(9, { sender: 'C', senderRole: 'HALT', rule: 'keten-halt-zvj' }),
    ];
    expect(rowsOf(passages, 'regels')).toEqual([['ketenregistratie', 'overige', undefined]]);
  });

  it('Z37: counts signals per institution for its gemeente', () => {
    const passages = [...some(8, { type: 'signaal', sender: 'B' }), ...some(6, { type: 'signaal' })];
    expect(rowsOf(passages, 'signalen')).toEqual([
      ['02A', 'A', 'Partij A', 6],
      ['02B', 'B', 'Partij B', 8],
    ]);
  });

  it('Z57: counts ketenregistraties in all (1) and per institution (3)', () => {
    expect(rowsOf([...some(8), ...some(6, { sender: 'B' })], 'ketenregistraties')).toEqual([
      ['A', 'Partij A', 8],
      ['B', 'Partij B', 6],
      ['', 'totaal', 14],
    ]);
    expect(rowsOf([], 'ketenregistraties')).toEqual([['', 'totaal', 0]]);
    expect(rowsOf(some(4), 'ketenregistraties')).toEqual([['', 'totaal', undefined]]);
  });

  it('Z57: counts coordination started per organisation that coordinates (5)', () => {
    const type = 'zorgcoordinatieToewijzing';
    const passages = [...some(8, { type, recipient: 'B' }), ...some(6, { type, recipient: 'C' })];
    expect(rowsOf(passages, 'zorgcoordinatie')).toEqual([
      ['B', 'Partij B', 8],
      ['C', 'Partij C', 6],
      ['', 'totaal', 14],
    ]);
  });

  it('Z57, Z58: names who is connected without traffic (6), whether or not it sent under protection', () => {
    const passages = [...some(8), ...some(9, { type: 'vtMeldingDi01', sender: 'M', recipient: 'B' })];
    expect(rowsOf(passages, 'zonder-verkeer')).toEqual([
      ['C', 'Partij C', undefined],
      ['M', 'Partij M', undefined],
    ]);
  });

  it('Z58: shows no sender and no rule of a type that protects who reports', () => {
    const passages = some(9, { type: 'vtMeldingDi01', sender: 'M', rule: 'vt-melding-politie-vt' });
    expect(rowsOf(passages, 'afzenders')).toContainEqual(['vtMeldingDi01', '', 'afzender beschermd', 9]);
    const others = tablesOf(passages).filter(({ name }) => name !== 'zonder-verkeer');
    expect(JSON.stringify(others)).not.toMatch(/Partij M|"M"|politie/);
    expect(JSON.stringify(tablesOf(passages, NOTHING_KNOWN))).not.toMatch(/"M"|politie/);
  });

  it('Z58: names nobody beside a suppressed count, and leaves a rare type out of every total', () => {
    const passages = [
      ...some(2),
      ...some(30, { sender: 'B' }),
      ...some(40, { sender: 'C' }),
      ...some(4, { type: 'signaal', sender: 'B' }),
    ];
    expect(rowsOf(passages, 'berichttypen')).toEqual([
      ['ketenregistratie', 72, 72, 0, 0, 0, 0],
      ['signaal', undefined, undefined, undefined, undefined, undefined, undefined],
      ['totaal', 72, 72, 0, 0, 0, 0],
    ]);
    expect(rowsOf(passages, 'afzenders')).toEqual([
      ['ketenregistratie', 'C', 'Partij C', 40],
      ['ketenregistratie', '', 'overige', undefined],
      ['totaal', 'C', 'Partij C', 40],
      ['totaal', '', 'overige', undefined],
    ]);
    // Who is in no table at all would be one of them.
    expect(rowsOf(passages, 'zonder-verkeer').map(([oin]) => oin)).toEqual(['A', 'B', 'M']);
  });

  it('tells missed terms by the type that awaited an answer, from five on', () => {
    const missed = new Map([
      ['signaal', 5],
      ['vcobDi01', 4],
    ]);
    const [terms] = buildReport({ passages: [], missed }, known).filter(({ name }) => name === 'termijnen');
    expect(terms?.rows).toEqual([
      ['signaal', 5],
      ['vcobDi01', undefined],
    ]);
  });
});

describe('the traffic of a month', () => {
  const record = (at: string, kind: string, more: object = {}): AuditRecord => ({
    seq: 1,
    prev: '',
    at,
    kind,
    messageId: 'x',
    ...more,
  });
  const october = periodOf('2026-10');
  if (october === undefined) throw new Error('no month');

  it('is that of the calendar here, and of no other name', () => {
    expect([october.from, october.until].map((at) => new Date(at).toISOString())).toEqual([
      '2026-09-30T22:00:00.000Z',
      '2026-10-31T23:00:00.000Z',
    ]);
    expect(['2026-13', '2026-00', '2026', '2026-10-01'].map(periodOf)).toEqual(Array(4).fill(undefined));
    expect(periodOf('2026-12')?.until).toBe(Date.UTC(2026, 11, 31, 23));
  });

  it('Z58: is the same whenever it is told: what came after the month changes nothing', () => {
    const { take, finish } = createTrafficGatherer(october);
    take(record('2026-10-31T22:00:00.000Z', 'received', { messageType: 't', replyTypes: ['u'] }));
    take(record('2026-10-31T22:00:01.000Z', 'accepted'));
    take(record('2026-11-01T00:00:00.000Z', 'ended', { state: 'delivered', endedAt: '2026-11-01T00:00:00.000Z' }));
    take(record('2026-11-02T00:00:00.000Z', 'received', { messageId: 'y', messageType: 't' }));
    take(record('2026-11-02T00:00:00.000Z', 'reply-noted', { note: 'missed' }));
    const { passages, missed } = finish();
    expect(passages.map(({ state, seconds }) => [state, seconds])).toEqual([['open', undefined]]);
    expect(missed.size).toBe(0);
  });

  it('counts a term that was missed in it on a bericht from before, and times a delivery', () => {
    const { take, finish } = createTrafficGatherer(october);
    take(record('2026-09-20T10:00:00.000Z', 'received', { messageType: 'signaal', replyTypes: ['u'] }));
    take(record('2026-10-01T10:00:00.000Z', 'reply-noted', { note: 'reminded' }));
    take(record('2026-10-02T10:00:00.000Z', 'reply-noted', { note: 'missed' }));
    take(record('2026-10-02T10:00:00.000Z', 'reply-noted', { note: 'missed', messageId: 'gone' }));
    take(record('2026-10-03T10:00:00.000Z', 'received', { messageId: 'z', messageType: 't' }));
    take(record('2026-10-03T10:00:01.000Z', 'accepted', { messageId: 'z' }));
    const endedAt = '2026-10-03T10:00:03.200Z';
    take(record('2026-10-03T10:00:04.000Z', 'ended', { messageId: 'z', state: 'delivered', endedAt }));
    const { passages, missed } = finish();
    expect([...missed]).toEqual([
      ['signaal', 1],
      ['onbekend', 1],
    ]);
    expect(passages).toMatchObject([{ type: 't', state: 'delivered', seconds: 3 }]);
  });
});

describe('doorgeefluik report', () => {
  const OIN = '00000001001825112000';
  const RVDK = '00000002003214436001';
  let folder = '';

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-report-'));
    const lines = Array.from({ length: 6 }, (_, index) => lineOf(index));
    writeFileSync(join(folder, 'audit-2026-10.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
    writeFileSync(join(folder, 'audit-2026-09.jsonl'), '');
    writeFileSync(join(folder, 'audit-2026-08.jsonl'), 'geen regel\n');
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const lineOf = (index: number): object => ({
    seq: index + 1,
    prev: '0'.repeat(64),
    at: '2026-10-05T10:00:00.000Z',
    kind: 'received',
    messageId: `01a206a6-fb15-7e63-9403-49a2efedab0${String(index)}`,
    environment: 'ontwikkeling',
    messageType: 'vtoDi01',
    version: '1.0.9',
    sender: OIN,
    senderRole: 'GEMEENTE',
    submittedBy: OIN,
    signedBy: OIN,
    signer: 'A'.repeat(43),
    addressed: 'oin',
    recipient: RVDK,
    recipientRole: 'RVDK',
    connectionPoint: 'rvdk',
    ruleId: 'vto-gemeente-rvdk',
    ruleSetHash: '0'.repeat(64),
    sizeKb: 1,
    receivedAt: '2026-10-05T10:00:00.000Z',
    deadline: '2026-10-07T10:00:00.000Z',
    senderHmac: 'A'.repeat(43),
    octetsHmac: 'A'.repeat(43),
  });

  async function run(...args: string[]): Promise<{ readonly out: string; readonly sentence: string | undefined }> {
    let out = '';
    const output = createOutput(
      { colours: false, write: (text) => (out += text) },
      { colours: false, write: () => undefined },
    );
    const program = createProgram({
      output,
      root: '.',
      signal: new AbortController().signal,
      onReload: () => undefined,
      now: () => Date.UTC(2026, 10, 25),
      exit: () => undefined,
    });
    try {
      await program.parseAsync(['report', ...args], { from: 'user' });
      return { out, sentence: undefined };
    } catch (error) {
      if (error instanceof CommandFault) return { out, sentence: error.message };
      throw error;
    }
  }

  const october = (): string[] => {
    rmSync(join(folder, 'audit-2026-08.jsonl'), { force: true });
    return ['--register', folder, '--periode', '2026-10'];
  };

  it('stops at a line that is none, in one sentence', async () => {
    writeFileSync(join(folder, 'audit-2026-08.jsonl'), 'geen regel\n');
    expect((await run('--register', folder, '--periode', '2026-10')).sentence).toBe(
      `audit-2026-08.jsonl, regel 1 is onleesbaar: zie doorgeefluik audit verify ${folder}.`,
    );
  });

  it('says in one sentence what it can\u2019t report', async () => {
    const given = october();
    const sentences = [
      await run(...given, '--json', '--csv'),
      await run(...given, '--regels', folder),
      await run('--register', folder, '--periode', '2026-11'),
      await run('--register', folder, '--periode', '2026-07'),
      await run('--register', '/bestaat/niet', '--periode', '2026-10'),
      await run('--register', 'docs', '--periode', '2026-10'),
    ].map(({ sentence }) => sentence);
    expect(sentences).toEqual([
      'Kies één van beide: --json of --csv.',
      `De regels in ${folder} kloppen niet: zie doorgeefluik rules check ${folder}.`,
      'De maand 2026-11 is nog niet voorbij: kies een eerdere.',
      `Het auditlog in ${folder} heeft niets over 2026-07: kies een andere maand.`,
      'De map /bestaat/niet is niet te lezen: het bestaat niet; controleer het pad.',
      'In docs staat geen auditlog: geef de map van het register.',
    ]);
  });

  it('tells a person, with what the asterisk means', async () => {
    const { out } = await run(...october(), '--regels', 'routing-rules');
    expect(out).toContain('Verkeer in 2026-10\n* is afgeschermd');
    expect(out).toMatch(/\n {2}vtoDi01 +6 +0 +0 +0 +0 +6\n/);
    expect(out).toMatch(new RegExp(`vtoDi01 +${OIN} {2}Gemeente Arnhem +6\\n`));
    expect(out).toContain('Aangesloten zonder verkeer');
    expect((await run(...october())).out).not.toContain(OIN);
  });

  it('tells a program, in JSON and CSV', async () => {
    const json = JSON.parse((await run(...october(), '--regels', 'routing-rules', '--json')).out) as object;
    expect(json).toMatchObject({
      periode: '2026-10',
      ondergrens: 5,
      tabellen: {
        regels: [{ berichttype: 'vtoDi01', regel: 'vto-gemeente-rvdk', aantal: 6 }],
        doorlooptijd: [{ berichttype: 'vtoDi01', p50: null, p95: null }],
      },
    });
    const lines = (await run(...october(), '--regels', 'routing-rules', '--csv')).out.split('\n');
    expect(lines[0]).toBe('tabel,berichttype,oin,naam,regel,gemeentecode,maat,waarde');
    expect(lines).toContain(`afzenders,vtoDi01,${OIN},Gemeente Arnhem,,,aantal,6`);
    expect(lines).toContain('doorlooptijd,vtoDi01,,,,,p50,');
  });
});
