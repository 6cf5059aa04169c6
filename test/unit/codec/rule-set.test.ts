import { describe, expect, it } from '@jest/globals';
import { hashOf, readRuleSet, RULE_FILES } from '../../../gateway/codec/rule-set.ts';
import type { RuleFiles } from '../../../gateway/codec/rule-set.ts';
import type { RuleProblem } from '../../../gateway/codec/rule-problem.ts';
import { oinOf } from '../../support/berichten.ts';
import { changeRules, readRuleFiles } from '../../support/standing.ts';
import type { RuleChanges } from '../../support/standing.ts';
import { addRows, changeRow, dropRow } from '../../support/workshop.ts';

const files = readRuleFiles();
const ARNHEM = oinOf('gemeente-arnhem');
const NIJMEGEN = oinOf('gemeente-nijmegen');
const SUPPLIER = oinOf('leverancier');

function problemsIn(changed: RuleFiles): readonly RuleProblem[] {
  const read = readRuleSet(changed);
  return read.ok ? [] : read.error;
}

const problemsWith = (changes: RuleChanges): readonly RuleProblem[] => problemsIn(changeRules(files, changes));
const withText = (name: string, text: string): RuleFiles => new Map([...files, [name, text]]);

describe('readRuleSet', () => {
  it('reads the rules of the repository and indexes them', () => {
    const read = readRuleSet(files);
    if (!read.ok) throw new RangeError(JSON.stringify(read.error));
    const rules = read.value;
    expect([...rules.participants.keys()]).toContain(ARNHEM);
    expect(rules.participantsByMunicipality.get('0202')?.map(({ oin }) => oin)).toEqual([ARNHEM]);
    expect(rules.pointsByInstitution.get('AST095')?.map(({ id }) => id)).toEqual(['gi-gelderland']);
    expect([...rules.pointsByRecipient.values()].flat()).toHaveLength(rules.points.size);
    expect(rules.sendRules.get('vtoDi01')?.map(({ id }) => id)).toContain('vto-gemeente-rvdk');
    expect(rules.types.get('opdrachtTb')?.requiredProcessing).toEqual(['field', 'ground']);
    expect(rules.successions.get('0282')).toMatchObject({ successors: ['0268'], whole: false });
    expect(rules.mandates).toHaveLength(3);
    expect([...rules.stoppedOins, ...rules.stoppedTypes]).toEqual([]);
    expect(rules.hash).toBe(hashOf(files));
  });

  it('reads an emergency stop', () => {
    const read = readRuleSet(changeRules(files, { stop: { deelnemers: [ARNHEM], berichttypen: ['vtoDi01'] } }));
    expect(read.ok && [...read.value.stoppedOins, ...read.value.stoppedTypes]).toEqual([ARNHEM, 'vtoDi01']);
  });

  it.each(RULE_FILES)('refuses a set without %s or its schema', (name) => {
    for (const missing of [`${name}.yaml`, `schemas/${name}.schema.json`]) {
      const left = new Map([...files].filter(([path]) => path !== missing));
      expect(problemsIn(left)).toEqual([{ file: `${name}.yaml`, row: '', problem: 'het bestand ontbreekt' }]);
    }
  });

  it('names every file that is wrong, with the line', () => {
    const broken = new Map([
      ...withText('noodstop.yaml', 'deelnemers: [\n'),
      ['opvolging.yaml', 'opvolging: []\nopvolging: []'],
    ]);
    expect(problemsIn(broken)).toEqual([
      { file: 'opvolging.yaml', row: 'regel 2', problem: 'geen geldige YAML' },
      { file: 'noodstop.yaml', row: 'regel 2', problem: 'geen geldige YAML' },
    ]);
  });

  it('names the place that the schema refuses, never what stands there', () => {
    const [problem, ...others] = problemsWith({ deelnemers: changeRow({ oin: ARNHEM }, { rollen: ['geheim'] }) });
    expect(others).toEqual([]);
    expect(problem?.problem).toBe('voldoet niet aan het schema: pattern');
    expect(problem?.row).toMatch(/^\/deelnemers.*\/rollen/);
  });

  it('refuses an unknown key, which would be a rule that nobody reads', () => {
    const [problem] = problemsWith({ machtigingen: changeRow({ namens: ARNHEM }, { tott: '2026-01-01' }) });
    expect(problem).toMatchObject({ file: 'machtigingen.yaml', problem: 'voldoet niet aan het schema: unknown' });
  });

  it('expands no alias', () => {
    const text = 'deelnemers: &a []\nberichttypen: *a\n';
    expect(problemsIn(withText('noodstop.yaml', text))).toEqual([
      { file: 'noodstop.yaml', row: 'alias', problem: 'een alias is niet toegestaan' },
    ]);
  });
});

describe('readRuleSet, the rows of one file', () => {
  const again = (where: Readonly<Record<string, unknown>>) => (rows: readonly Readonly<Record<string, unknown>>[]) => [
    ...rows,
    ...rows.filter((row) => Object.entries(where).every(([key, value]) => row[key] === value)),
  ];

  it.each<[string, string, RuleChanges]>([
    ['deelnemers', ARNHEM, { deelnemers: again({ oin: ARNHEM }) }],
    ['aansluitpunten', 'gi-gelderland', { aansluitpunten: again({ id: 'gi-gelderland' }) }],
    ['berichttypen', 'vtoDi01', { berichttypen: again({ berichttype: 'vtoDi01' }) }],
    ['opvolging', '0282', { opvolging: again({ gemeentecode: '0282' }) }],
  ])('refuses a row of %s that stands there twice', (name, row, changes) => {
    expect(problemsWith(changes)).toEqual([
      { file: `${name}.yaml`, row, problem: expect.stringMatching(/komt twee keer voor$/) },
    ]);
  });

  it('refuses the id of a rule twice, and the same combination under two ids', () => {
    const rule = { berichttype: 'vtoDi01', afzender: 'GEMEENTE', ontvanger: 'RVDK' };
    expect(problemsWith({ verzendmatrix: addRows({ ...rule, id: 'vto-gemeente-rvdk', afzender: 'POLITIE' }) })).toEqual(
      [{ file: 'verzendmatrix.yaml', row: 'vto-gemeente-rvdk', problem: 'id komt twee keer voor' }],
    );
    expect(problemsWith({ verzendmatrix: addRows({ ...rule, id: 'nog-een' }) })).toEqual([
      {
        file: 'verzendmatrix.yaml',
        row: 'vtoDi01 GEMEENTE → RVDK',
        problem: 'twee regels passen op dezelfde combinatie',
      },
    ]);
  });

  it.each<[string, RuleChanges]>([
    ['deelnemers.yaml', { deelnemers: addRows({ oin: '00000000000000000000', naam: 'Nul', rollen: ['GI'] }) }],
    ['deelnemers.yaml', { deelnemers: changeRow({ oin: ARNHEM }, { jgzOin: '55555555555555555555' }) }],
    [
      'aansluitpunten.yaml',
      { aansluitpunten: changeRow({ id: 'gi-gelderland' }, { eigenaar: '12345678901234567890' }) },
    ],
  ])('refuses an OIN in %s that cannot exist', (file, changes) => {
    expect(problemsWith(changes)).toContainEqual({
      file,
      row: expect.stringMatching(/^\d{20}$/),
      problem: 'geen OIN: het voorvoegsel is onbekend',
    });
  });

  it.each<[string, RuleChanges]>([
    ['2026-02-30', { deelnemers: changeRow({ oin: ARNHEM }, { tot: '2026-02-30' }) }],
    ['2026-13-01', { machtigingen: changeRow({ namens: ARNHEM }, { vanaf: '2026-13-01' }) }],
    ['2026-11-25T25:00:00Z', { machtigingen: changeRow({ namens: ARNHEM }, { tot: '2026-11-25T25:00:00Z' }) }],
    ['2026-00-10', { deelnemers: changeRow({ oin: ARNHEM }, { convenantDatum: '2026-00-10' }) }],
  ])('refuses %s, so that no end is ever taken for none', (row, changes) => {
    const [{ file, ...problem } = { file: '' }, ...others] = problemsWith(changes);
    expect([file, others]).toEqual([expect.stringMatching(/\.yaml$/), []]);
    expect(problem).toEqual({ row, problem: 'deze dag of dit tijdstip bestaat niet' });
  });
});

describe('readRuleSet, what the files say of each other', () => {
  it.each<[string, string, string, RuleChanges]>([
    [
      'aansluitpunten.yaml',
      'gi-gelderland',
      'de ontvanger is geen deelnemer',
      { aansluitpunten: changeRow({ id: 'gi-gelderland' }, { ontvanger: '00000001999999999000' }) },
    ],
    [
      'aansluitpunten.yaml',
      'gi-gelderland',
      'de ontvanger heeft deze rol niet',
      { aansluitpunten: changeRow({ id: 'gi-gelderland' }, { rol: 'RVDK' }) },
    ],
    [
      'aansluitpunten.yaml',
      'nijmegen-notificaties',
      'de eigenaar heeft geen machtiging ontvangen van de ontvanger',
      { machtigingen: changeRow({ namens: NIJMEGEN }, { taken: ['indienen'] }) },
    ],
    [
      'aansluitpunten.yaml',
      'gi-gelderland',
      'de url moet https zijn, zonder gebruikersnaam',
      { aansluitpunten: changeRow({ id: 'gi-gelderland' }, { url: 'https://a:b@localhost/' }) },
    ],
    [
      'aansluitpunten.yaml',
      'gi-gelderland',
      'de url moet https zijn, zonder gebruikersnaam',
      { aansluitpunten: changeRow({ id: 'gi-gelderland' }, { url: 'https://[' }) },
    ],
    [
      'aansluitpunten.yaml',
      'gi-gelderland',
      'berichttype anders is niet bekend',
      { aansluitpunten: changeRow({ id: 'gi-gelderland' }, { berichttypen: ['anders'] }) },
    ],
    [
      'deelnemers.yaml',
      ARNHEM,
      'de bevestigingUrl moet https zijn, zonder gebruikersnaam',
      { deelnemers: changeRow({ oin: ARNHEM }, { bevestigingUrl: 'https://a@localhost/' }) },
    ],
    [
      'machtigingen.yaml',
      'rij 2',
      '00000001999999999000 is geen deelnemer',
      { machtigingen: changeRow({ namens: ARNHEM }, { namens: '00000001999999999000' }) },
    ],
    [
      'machtigingen.yaml',
      'rij 2',
      'berichttype anders is niet bekend',
      { machtigingen: changeRow({ namens: ARNHEM }, { typen: ['anders'] }) },
    ],
    [
      'verzendmatrix.yaml',
      'opdracht-tb-rvdk-gi',
      'berichttype opdrachtTb is niet bekend',
      { berichttypen: dropRow({ berichttype: 'opdrachtTb' }) },
    ],
    [
      'opvolging.yaml',
      '0282',
      'geheel overgaan kan alleen naar één opvolger',
      { opvolging: changeRow({ gemeentecode: '0282' }, { geheel: true, opvolgers: ['0268', '0202'] }) },
    ],
    [
      'opvolging.yaml',
      '0282',
      'geheel overgaan kan alleen naar één opvolger',
      { opvolging: changeRow({ gemeentecode: '0282' }, { geheel: true, opvolgers: [] }) },
    ],
    [
      'noodstop.yaml',
      SUPPLIER.replace('1', '2'),
      'geen deelnemer',
      { stop: { deelnemers: [SUPPLIER.replace('1', '2')] } },
    ],
    ['noodstop.yaml', 'anders', 'berichttype anders is niet bekend', { stop: { berichttypen: ['anders'] } }],
    [
      'noodstop.yaml',
      'matchNotificatie',
      'berichttype matchNotificatie kent geen noodstop',
      { stop: { berichttypen: ['matchNotificatie'] } },
    ],
  ])('refuses a set for %s %s: %s', (...[file, row, problem, changes]) => {
    expect(problemsWith(changes)).toEqual([{ file, row, problem }]);
  });

  it('refuses every gemeentecode of a succession that comes back to itself', () => {
    const succession = (gemeentecode: string, opvolger: string): Readonly<Record<string, unknown>> => ({
      gemeentecode,
      opvolgers: [opvolger],
      geheel: true,
      vanaf: '2020-01-01',
    });
    const loop = addRows(succession('0001', '0002'), succession('0002', '0003'), succession('0003', '0002'));
    expect(problemsWith({ opvolging: loop }).map(({ row }) => row)).toEqual(['0001', '0002', '0003']);
  });

  it('takes a push address with a port and a path', () => {
    const url = 'https://ontvanger.example:8443/berichten?kanaal=1';
    expect(problemsWith({ aansluitpunten: changeRow({ id: 'gi-gelderland' }, { url }) })).toEqual([]);
    expect(problemsWith({ deelnemers: changeRow({ oin: ARNHEM }, { bevestigingUrl: url }) })).toEqual([]);
  });
});

describe('hashOf', () => {
  it('is of names and contents, whatever their order', () => {
    const reversed = new Map([...files].reverse());
    expect(hashOf(reversed)).toBe(hashOf(files));
    expect(hashOf(files)).toMatch(/^[0-9a-f]{64}$/);
  });

  it('differs when a name or a content differs, also when both join to the same text', () => {
    const hashes = [
      new Map([['a.yaml', 'b.yaml']]),
      new Map([['a.yamlb.yaml', '']]),
      new Map([
        ['a.yaml', ''],
        ['b.yaml', ''],
      ]),
    ].map(hashOf);
    expect(new Set(hashes).size).toBe(3);
  });

  it('leaves out what a set is not made of, such as its signatures', () => {
    expect(hashOf(new Map([...files, ['opgesteld.jws', 'x'], ['.yaml~', 'x'], ['LEESMIJ', 'x']]))).toBe(hashOf(files));
    expect(hashOf(new Map([...files, ['nog.json', '{}']]))).not.toBe(hashOf(files));
  });
});
