import { describe, expect, it } from '@jest/globals';
import {
  objectsAt,
  parseMoment,
  texts,
  toConnectionPoint,
  toMandate,
  toParticipant,
  toPurpose,
  toSendRule,
  toSuccession,
  toTypeRule,
} from '../../../gateway/codec/rule-set-rows.ts';

const OIN = '00000001001825112000';
const OTHER = '00000099000000001000';

describe('toParticipant', () => {
  it('reads every column', () => {
    const row = {
      oin: OIN,
      naam: 'Gemeente Arnhem',
      rollen: ['GEMEENTE'],
      categorie: 'gemeente',
      gemeentecode: '0202',
      instantiecodes: ['AST095'],
      vanaf: '2026-01-01',
      tot: '2026-07-01',
      vastgezet: ['ab'.repeat(32)],
      bevestigingUrl: 'https://localhost/',
      virToegelaten: true,
      convenantDatum: '2025-01-01',
      aansluitverklaring: '2025-02-01',
      zvhPartner: false,
      jgzOin: OTHER,
    };
    expect(toParticipant(row)).toEqual({
      oin: OIN,
      name: 'Gemeente Arnhem',
      roles: ['GEMEENTE'],
      category: 'gemeente',
      municipality: '0202',
      institutions: ['AST095'],
      from: Date.parse('2025-12-31T23:00:00Z'),
      until: Date.parse('2026-06-30T22:00:00Z'),
      pins: ['ab'.repeat(32)],
      noticeUrl: 'https://localhost/',
      attributes: {
        virToegelaten: true,
        convenantDatum: Date.parse('2024-12-31T23:00:00Z'),
        aansluitverklaring: Date.parse('2025-01-31T23:00:00Z'),
        zvhPartner: false,
        jgzOin: OTHER,
      },
    });
  });

  it('reads a row of no more than it must have', () => {
    expect(toParticipant({ oin: OIN, naam: 'A', rollen: ['GI'] })).toEqual({
      oin: OIN,
      name: 'A',
      roles: ['GI'],
      category: undefined,
      municipality: undefined,
      institutions: [],
      from: 0,
      until: undefined,
      pins: [],
      noticeUrl: undefined,
      attributes: {},
    });
  });

  it('is made of no row without an OIN', () => {
    expect(() => toParticipant({ naam: 'A' })).toThrow(new RangeError('oin is no OIN'));
    expect(() => toMandate({ gemachtigde: OIN, namens: '12345678901234567890' })).toThrow(RangeError);
  });
});

describe('toConnectionPoint', () => {
  it('reads every column', () => {
    const row = {
      id: 'een-punt',
      ontvanger: OIN,
      rol: 'GEMEENTE',
      eigenaar: OTHER,
      url: 'https://localhost/',
      formaten: ['xml', 'json', 'edi'],
      handtekeningen: ['losstaand', 'ingesloten', 'geen'],
      berichttypen: ['vtoDi01'],
      instantiecodes: ['AST095'],
      applicatie: 'app',
      administratie: 'adm',
      kantooruren: true,
      getekendeBevestiging: true,
      tot: '2026-11-25T10:00:00Z',
    };
    expect(toConnectionPoint(row)).toEqual({
      id: 'een-punt',
      recipient: OIN,
      role: 'GEMEENTE',
      owner: OTHER,
      url: 'https://localhost/',
      formats: ['xml', 'json'],
      forms: ['detached', 'enveloped'],
      types: ['vtoDi01'],
      institutions: ['AST095'],
      stufApplication: 'app',
      stufAdministration: 'adm',
      officeHours: true,
      signedReceipt: true,
      until: Date.parse('2026-11-25T10:00:00Z'),
    });
  });

  it('is owned by its recipient unless another is named, and is plain unless said otherwise', () => {
    const point = toConnectionPoint({ id: 'a', ontvanger: OIN, rol: 'GI', formaten: [], handtekeningen: [] });
    expect(point).toMatchObject({
      owner: OIN,
      url: undefined,
      officeHours: false,
      signedReceipt: false,
      until: undefined,
    });
  });
});

describe('toMandate, toTypeRule, toSendRule and toSuccession', () => {
  it('read every column', () => {
    const mandate = {
      gemachtigde: OTHER,
      namens: OIN,
      taken: ['indienen', 'ondertekenen', 'ontvangen', 'inzien', 'alles'],
    };
    expect(toMandate({ ...mandate, typen: ['vtoDi01'], vanaf: '2026-01-01', tot: '2026-07-01' })).toEqual({
      holder: OTHER,
      grantor: OIN,
      tasks: ['submit', 'sign', 'receive', 'inspect'],
      types: ['vtoDi01'],
      from: Date.parse('2025-12-31T23:00:00Z'),
      until: Date.parse('2026-06-30T22:00:00Z'),
    });
    const type = { berichttype: 'vtoDi01', termijnUren: 4, verwerking: ['werkveld', 'anders'], standaardrol: 'RVDK' };
    expect(toTypeRule({ ...type, beschermdeMelder: true, noodstop: 'nooit' })).toEqual({
      type: 'vtoDi01',
      deadlineHours: 4,
      requiredProcessing: ['field'],
      defaultRole: 'RVDK',
      protectedReporter: true,
      neverStopped: true,
    });
    expect(toSendRule({ id: 'a', berichttype: 'b', afzender: 'C', ontvanger: 'D' })).toEqual({
      id: 'a',
      type: 'b',
      senderRole: 'C',
      recipientRole: 'D',
      sources: [],
      conditions: [],
      purposeFree: false,
    });
    expect(toPurpose({ regel: 'T13', werkveld: 'KLACHT', grondslagen: ['WET'], toestemming: ['ja'] })).toEqual({
      rule: 'T13',
      field: 'KLACHT',
      grounds: ['WET'],
      consents: ['ja'],
    });
    expect(toSuccession({ gemeentecode: '0282', opvolgers: ['0268'], geheel: true, vanaf: '2015-01-01' })).toEqual({
      municipality: '0282',
      successors: ['0268'],
      whole: true,
      from: Date.parse('2014-12-31T23:00:00Z'),
    });
  });

  it('read what is left out as none, and a term as 48 hours', () => {
    expect(toMandate({ gemachtigde: OTHER, namens: OIN })).toMatchObject({
      tasks: [],
      types: [],
      from: 0,
      until: undefined,
    });
    expect(toTypeRule({ berichttype: 'a' })).toEqual({
      type: 'a',
      deadlineHours: 48,
      requiredProcessing: [],
      defaultRole: undefined,
      protectedReporter: false,
      neverStopped: false,
    });
    expect(toSuccession({ gemeentecode: '0282' })).toMatchObject({ successors: [], whole: false, from: 0 });
    expect(toSendRule({})).toMatchObject({ id: '', type: '', senderRole: '', recipientRole: '' });
  });
});

describe('texts and objectsAt', () => {
  it('give the items of their kind, none where there is no list', () => {
    const row = { a: ['b', 1, null, { c: 'd' }, ['e']], f: 'g' };
    expect([texts(row, 'a'), texts(row, 'f'), texts(row, 'h'), texts(undefined, 'a')]).toEqual([['b'], [], [], []]);
    expect([objectsAt(row, 'a'), objectsAt(row, 'f'), objectsAt('x', 'a')]).toEqual([[{ c: 'd' }], [], []]);
  });
});

describe('parseMoment', () => {
  it.each([
    ['2026-01-01', '2025-12-31T23:00:00.000Z'],
    ['2028-02-29', '2028-02-28T23:00:00.000Z'],
    ['2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['2026-11-25T10:15:30.123Z', '2026-11-25T10:15:30.123Z'],
  ])('%s is %s', (text, instant) => {
    expect(new Date(parseMoment(text) ?? Number.NaN).toISOString()).toBe(instant);
  });

  it.each([
    '',
    '2026',
    '2026-02-29',
    '2026-04-31',
    '2026-13-01',
    '2026-00-01',
    '2026-01-00',
    '2026-11-25T10:15:30+01:00',
  ])('%j is none', (text) => {
    expect(parseMoment(text)).toBeUndefined();
  });
});
