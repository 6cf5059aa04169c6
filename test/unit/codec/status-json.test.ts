import { describe, expect, it } from '@jest/globals';
import {
  toKeysBody,
  toNoticeBody,
  toRoutingBody,
  toStatusBody,
  toSubmitBody,
  toTime,
} from '../../../gateway/codec/status-json.ts';
import type { MessageId } from '../../../gateway/domain/message.ts';
import { UNBEGUN } from '../../../gateway/domain/reply-terms.ts';
import { rejection } from '../../../gateway/domain/rejection.ts';
import type { RoutingAdvice } from '../../../gateway/domain/routing-advice.ts';
import { MESSAGE_ID, buildEntry, buildReceipt } from '../../support/ingress.ts';

it('a submit body has exactly the members of the contract', () => {
  expect(toSubmitBody({ receipt: buildReceipt(), signed: 'a.b.c', entry: buildEntry({ state: 'delivered' }) })).toEqual(
    {
      berichtId: MESSAGE_ID,
      kenmerk: buildReceipt().kenmerk,
      status: 'afgeleverd',
      ontvangenOp: '2026-11-22T10:15:30.123Z',
      uiterlijk: '2026-11-24T10:15:30.123Z',
      digest: `SHA-256=${buildReceipt().digest}`,
      bevestiging: 'a.b.c',
    },
  );
});

describe('a status body', () => {
  it('of an open bericht says null for what has not happened', () => {
    expect(toStatusBody(buildEntry({ acceptedAt: undefined, state: 'received', unanswered: true }), undefined)).toEqual(
      {
        berichtId: MESSAGE_ID,
        berichttype: 'opdrachtTb',
        versie: '1.0',
        status: 'ontvangen',
        reden: null,
        pogingen: 0,
        mogelijkOntvangen: true,
        ontvangenOp: '2026-11-22T10:15:30.123Z',
        geaccepteerdOp: null,
        uiterlijk: '2026-11-24T10:15:30.123Z',
        eindtijd: null,
        eerder: null,
        geschiedenis: [{ tijdstip: '2026-11-22T10:15:30.123Z', gebeurtenis: 'ontvangen' }],
        antwoord: null,
        eindbericht: null,
      },
    );
  });

  it('says what must come back, until when once it was delivered, and when it came', () => {
    const expected = { types: ['wijzigingTb'], term: { kind: 'working-days', count: 5 }, reminder: undefined } as const;
    const entry = buildEntry();
    const awaiting = { ...entry, facts: { ...entry.facts, reply: expected }, reply: UNBEGUN };
    const antwoord = { typen: ['wijzigingTb'], uiterlijk: null, beantwoordOp: null };
    expect(toStatusBody(awaiting, undefined).antwoord).toEqual(antwoord);
    const moments = { remindAt: undefined, dueAt: 1_000 };
    expect(toStatusBody({ ...awaiting, reply: { ...UNBEGUN, moments } }, undefined).antwoord).toEqual({
      ...antwoord,
      uiterlijk: '1970-01-01T00:00:01.000Z',
    });
    expect(
      toStatusBody({ ...awaiting, reply: { ...UNBEGUN, moments, answeredAt: 0 } }, undefined).antwoord,
    ).toMatchObject({ beantwoordOp: '1970-01-01T00:00:00.000Z' });
    expect(toStatusBody({ ...awaiting, reply: undefined }, undefined).antwoord).toEqual(antwoord);
  });

  it('of an ended one gives how, and the end notice', () => {
    const end = {
      state: 'refused',
      at: 0,
      reason: 'not-for-us',
      possiblyReceived: false,
      proof: undefined,
      noticeId: 'n',
      sealedEvidence: 'geheim',
    } as const;
    const previous = '0193a5f0-0000-7000-8000-000000000000' as MessageId;
    const body = toStatusBody(buildEntry({ state: 'refused', end, previous, unanswered: true }), 'x.y.z');
    expect(body).toMatchObject({
      status: 'geweigerd',
      reden: 'NIET_VOOR_ONS',
      mogelijkOntvangen: false,
      geaccepteerdOp: '2026-11-22T10:15:30.456Z',
      eindtijd: '1970-01-01T00:00:00.000Z',
      eerder: previous,
      eindbericht: 'x.y.z',
    });
    expect(JSON.stringify(body)).not.toContain('geheim');
  });

  it('names no kenmerk, signer or party', () => {
    const text = JSON.stringify(toStatusBody(buildEntry(), undefined));
    expect(text).not.toMatch(/kenmerk|[0-9]{20}|c2lnbmVy/);
  });
});

const NOWHERE: RoutingAdvice = {
  allowed: false,
  refusal: rejection('ERR_ROUTE_NONE'),
  ruleId: undefined,
  pointKind: undefined,
  recipient: undefined,
  recipientName: undefined,
  recipientRole: undefined,
  deadlineHours: undefined,
  officeHours: undefined,
  formats: [],
  forms: [],
  requiredProcessing: [],
  conditions: [],
  purposes: [],
  reply: undefined,
  answersTypes: [],
  stuf: undefined,
};

describe('a routing body', () => {
  it('says why not, and that no rights can be derived from it', () => {
    const body = toRoutingBody(NOWHERE);
    expect(body).toMatchObject({ toegestaan: false, regel: null, ontvanger: null, wijze: null, stuf: null });
    expect(body).toMatchObject({
      termijnUren: null,
      kantooruren: null,
      formaten: [],
      weigering: { code: 'ERR_ROUTE_NONE' },
    });
    expect(body).toMatchObject({
      voorwaarden: [],
      doelbinding: [],
      informerenNodig: null,
      antwoord: null,
      antwoordOp: [],
    });
    expect(body.voorbehoud).toContain('geen rechten');
  });

  it('says where, how and what to fill in', () => {
    const advice: RoutingAdvice = {
      ...NOWHERE,
      allowed: true,
      refusal: undefined,
      ruleId: 'r1',
      pointKind: 'pull',
      recipient: '00000002003214436001',
      recipientName: 'RvdK',
      recipientRole: 'RVDK',
      deadlineHours: 48,
      officeHours: false,
      formats: ['xml', 'json'],
      forms: ['detached', 'enveloped'],
      requiredProcessing: ['ground', 'subjectInformed'],
      conditions: [
        {
          rule: 'V12',
          when: [],
          demands: [
            { fact: { subject: 'processing', name: 'field' }, demand: { kind: 'one-of', values: ['JB', 'VT'] } },
          ],
        },
      ],
      purposes: [
        { rule: 'T12', field: 'JB', grounds: ['WET'], consents: [] },
        { rule: 'T6', field: 'VT', grounds: ['TOESTEMMING'], consents: ['ja'] },
      ],
      reply: {
        types: ['ucobDi01'],
        term: { kind: 'working-days', count: 2 },
        urgentTerm: { kind: 'immediate' },
        reminder: undefined,
      },
      answersTypes: ['vcobDi01'],
      stuf: { organisation: '00000002003214436001', application: 'RvdK-applicatie', administration: 'adm' },
    };
    expect(toRoutingBody(advice)).toMatchObject({
      toegestaan: true,
      weigering: null,
      regel: 'r1',
      ontvanger: { oin: '00000002003214436001', naam: 'RvdK', rol: 'RVDK' },
      wijze: 'ophalen',
      termijnUren: 48,
      kantooruren: false,
      formaten: ['application/xml', 'application/json'],
      handtekeningen: ['losstaand', 'ingesloten'],
      verwerking: ['grondslag', 'betrokkeneGeinformeerd'],
      voorwaarden: [{ regel: 'V12', omschrijving: 'werkveld in verwerking is JB of VT' }],
      doelbinding: [
        { regel: 'T12', werkveld: 'JB', grondslagen: ['WET'], toestemming: [], toestemmingNodig: false },
        { regel: 'T6', werkveld: 'VT', grondslagen: ['TOESTEMMING'], toestemming: ['ja'], toestemmingNodig: true },
      ],
      informerenNodig: true,
      antwoord: { berichttypen: ['ucobDi01'], termijn: '2 werkdagen', termijnUrgent: 'direct' },
      antwoordOp: ['vcobDi01'],
      stuf: { organisatie: '00000002003214436001', applicatie: 'RvdK-applicatie', administratie: 'adm' },
    });
    const bare = toRoutingBody({
      ...advice,
      recipientName: undefined,
      recipientRole: undefined,
      requiredProcessing: [],
      reply: { types: ['a'], term: { kind: 'hours', count: 8 }, urgentTerm: undefined, reminder: undefined },
      stuf: { organisation: 'o', application: undefined, administration: undefined },
    });
    expect(bare.ontvanger).toEqual({ oin: '00000002003214436001', naam: null, rol: null });
    expect(bare.informerenNodig).toBe(false);
    expect(bare.antwoord).toEqual({ berichttypen: ['a'], termijn: '8 uur', termijnUrgent: null });
    expect(bare.stuf).toEqual({ organisatie: 'o', applicatie: null, administratie: null });
  });
});

it('notices and keys have exactly the members of the contract', () => {
  expect(toNoticeBody('term', { id: 'n', messageId: MESSAGE_ID }, 'a.b.c')).toEqual({
    id: 'n',
    berichtId: MESSAGE_ID,
    termijnbericht: 'a.b.c',
  });
  expect(toNoticeBody('end', { id: 'n', messageId: MESSAGE_ID }, 'a.b.c')).toEqual({
    id: 'n',
    berichtId: MESSAGE_ID,
    eindbericht: 'a.b.c',
  });
  expect(toKeysBody([{ certificatePem: 'PEM', thumbprint: 't', current: false }])).toEqual({
    sleutels: [{ certificaat: 'PEM', vingerafdruk: 't', actueel: false }],
  });
});

it('times are UTC with milliseconds', () => {
  expect(toTime(Date.UTC(2026, 0, 1))).toBe('2026-01-01T00:00:00.000Z');
});
