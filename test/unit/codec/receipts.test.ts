import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { readCompact } from '../../../gateway/codec/compact-jws.ts';
import {
  readRecipientClaims,
  RECEIPT_TYPES,
  signEndNotice,
  signRecipientReceipt,
  signSubmissionReceipt,
  signTermNotice,
  toEndClaims,
  toRecipientClaims,
  toSubmissionClaims,
  toTermClaims,
} from '../../../gateway/codec/receipts.ts';
import type { JsonObject } from '../../../gateway/codec/strict-json.ts';
import type { EndNotice, RecipientReceipt } from '../../../gateway/domain/receipt.ts';
import { createTestPki } from '../../support/pki.ts';
import { fullNotice, fullReceipt, fullTermNotice, issuerOf } from '../../support/receipts.ts';
import { readJsonSchema } from '../../support/schema-folder.ts';

const pki = createTestPki();
const issuer = issuerOf(pki.gateway.signing);
const ajv = new Ajv2020({ strict: true });
const isSubmission = ajv.compile(readJsonSchema('bevestigingen/ontvangstbevestiging.schema.json'));
const isEnd = ajv.compile(readJsonSchema('bevestigingen/eindbericht.schema.json'));
const isTerm = ajv.compile(readJsonSchema('bevestigingen/termijnbericht.schema.json'));
const isRecipient = ajv.compile(readJsonSchema('bevestigingen/ontvangerbevestiging.schema.json'));
const recipientReceipt: RecipientReceipt = {
  messageId: fullReceipt().messageId,
  digest: fullReceipt().digest,
  recipient: fullReceipt().recipient,
  receivedAt: Date.UTC(2026, 10, 22, 10, 16, 0, 7),
};

describe('a submission receipt', () => {
  it('says its claims by the names and in the order of the contract', () => {
    expect(Object.entries(toSubmissionClaims(fullReceipt()))).toEqual([
      ['iss', '00000004000000002000'],
      ['omgeving', 'ontwikkeling'],
      ['jti', '0193a5f0-0000-7000-8000-0000000000aa'],
      ['berichtId', '0193a5f0-0000-7000-8000-000000000001'],
      ['eerder', '0193a5f0-0000-7000-8000-00000000000e'],
      ['afzenderOin', '00000001001825112000'],
      ['ingediendDoorOin', '00000001001825112000'],
      ['ondertekenaar', 'a-_B'.padEnd(43, '0')],
      ['geadresseerd', 'gemeentecode:0202/GEMEENTE'],
      ['ontvangerOin', '00000002003214436001'],
      ['berichttype', 'opdrachtTb'],
      ['versie', '1.0'],
      ['kenmerk', '7f1de8f6-8d0e-4a4f-a6f9-6b1f6b7e9a10'],
      ['digest', 'SHA-256=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='],
      ['ontvangenOp', '2026-11-22T10:15:30.123Z'],
      ['geaccepteerdOp', '2026-11-22T10:15:30.456Z'],
      ['uiterlijk', '2026-11-24T10:15:30.123Z'],
    ]);
  });

  it('leaves out the earlier bericht when there is none', () => {
    expect(toSubmissionClaims(fullReceipt({ previous: undefined }))).not.toHaveProperty('eerder');
  });

  it('is signed under its own type and fits the published schema', () => {
    const read = readCompact(signSubmissionReceipt(fullReceipt(), issuer), RECEIPT_TYPES.submission);
    expect(read.ok && { ...read.value.claims }).toEqual(toSubmissionClaims(fullReceipt()));
    expect(isSubmission(read.ok && read.value.claims)).toBe(true);
  });
});

describe('a term notice', () => {
  const claims = {
    iss: '00000004000000002000',
    omgeving: 'ontwikkeling',
    jti: '0193a5f0-0000-7000-8000-0000000000cc',
    berichtId: '0193a5f0-0000-7000-8000-000000000001',
    berichttype: 'signaal',
    bij: ['a'.repeat(43), 'b'.repeat(43)],
    soort: 'herinnering',
    verwacht: ['contactBevestiging', 'signaalIntrekking'],
    termijn: '5 werkdagen',
    afgeleverdOp: '2026-11-22T10:16:00.005Z',
    uiterlijk: '2026-11-27T22:59:59.999Z',
    vastgesteldOp: '2026-11-26T07:30:00.000Z',
  };

  it('says its claims by the names and in the order of the contract', () => {
    expect(Object.entries(toTermClaims(fullTermNotice()))).toEqual(Object.entries(claims));
  });

  it('names no receipt to the recipient, and no party to anyone', () => {
    const { bij, ...toRecipient } = claims;
    expect(bij).toHaveLength(2);
    expect(toTermClaims(fullTermNotice({ receipts: [], kind: 'missed' }))).toEqual({
      ...toRecipient,
      soort: 'verstreken',
    });
    expect(JSON.stringify(toTermClaims(fullTermNotice()))).not.toMatch(/afzender|ontvanger/);
  });

  it('is signed under its own type and fits the published schema', () => {
    const read = readCompact(signTermNotice(fullTermNotice(), issuer), RECEIPT_TYPES.term);
    expect(read.ok && { ...read.value.claims }).toEqual(claims);
    expect(isTerm(claims)).toBe(true);
    expect(isTerm(toTermClaims(fullTermNotice({ receipts: [], term: { kind: 'same-day' } })))).toBe(true);
    expect(readCompact(signTermNotice(fullTermNotice(), issuer), RECEIPT_TYPES.end).ok).toBe(false);
  });
});

describe('an end notice', () => {
  const cases: readonly (readonly [string, Partial<EndNotice>, JsonObject])[] = [
    [
      'delivered, with the recipient’s receipt',
      {},
      { toestand: 'afgeleverd', bewijs: 'getekend', ontvangerbevestiging: 'eyJh.eyJi.c2ln' },
    ],
    [
      'delivered, on the connection’s word',
      { proof: 'connection', recipientReceipt: undefined },
      { toestand: 'afgeleverd', bewijs: 'verbinding' },
    ],
    [
      'refused',
      { state: 'refused', reason: 'not-for-us', proof: undefined, recipientReceipt: undefined },
      { toestand: 'geweigerd', reden: 'NIET_VOOR_ONS' },
    ],
    [
      'expired',
      {
        state: 'expired',
        reason: 'offer-again',
        possiblyReceived: true,
        proof: undefined,
        recipientReceipt: undefined,
      },
      { toestand: 'verlopen', reden: 'OPNIEUW_AANBIEDEN', mogelijkOntvangen: true },
    ],
  ];

  it.each(cases)('of a bericht that was %s says so and fits the published schema', (_name, given, expected) => {
    const claims = toEndClaims(fullNotice(given));
    const always = {
      iss: '00000004000000002000',
      omgeving: 'ontwikkeling',
      jti: '0193a5f0-0000-7000-8000-0000000000bb',
      berichtId: '0193a5f0-0000-7000-8000-000000000001',
      bij: ['a'.repeat(43), 'b'.repeat(43)],
      eindtijd: '2026-11-22T10:16:00.005Z',
      pogingen: 2,
      mogelijkOntvangen: false,
    };
    expect(claims).toEqual({ ...always, ...expected });
    expect(isEnd(claims)).toBe(true);
    const read = readCompact(signEndNotice(fullNotice(given), issuer), RECEIPT_TYPES.end);
    expect(read.ok && { ...read.value.claims }).toEqual(claims);
  });
});

describe('a recipient’s receipt', () => {
  it.each([
    ['with a P-256 key', pki.participant('rvdk').signing],
    ['with an RSA key', pki.participant('gemeente-arnhem').signing],
  ])('is signed %s, holds exactly four claims, and is read back', (_name, signing) => {
    const jws = signRecipientReceipt(recipientReceipt, issuerOf(signing));
    const read = readCompact(jws, RECEIPT_TYPES.recipient, ['ES256', 'PS256']);
    if (!read.ok) throw new RangeError(read.error);
    expect(Object.keys(read.value.claims)).toEqual(['berichtId', 'digest', 'ontvangerOin', 'ontvangenOp']);
    expect(isRecipient(read.value.claims)).toBe(true);
    expect(readRecipientClaims(read.value.claims)).toEqual(recipientReceipt);
  });

  const good = toRecipientClaims(recipientReceipt);

  it.each<[string, JsonObject]>([
    ['a claim more', { ...good, opmerking: 'a' }],
    ['a bericht that is no id', { ...good, berichtId: 'a' }],
    ['a bericht that is no text', { ...good, berichtId: 1 }],
    ['a recipient that is no OIN', { ...good, ontvangerOin: '1' }],
    ['a recipient that is no text', { ...good, ontvangerOin: [] }],
    ['a digest of another algorithm', { ...good, digest: 'MD5=AAAA' }],
    ['a digest of another length', { ...good, digest: 'SHA-256=AAAA' }],
    ['a digest that is no text', { ...good, digest: 1 }],
    ['a time without Z', { ...good, ontvangenOp: '2026-11-22T10:16:00' }],
    ['a time that is no text', { ...good, ontvangenOp: 1 }],
    ['nothing', {}],
  ])('is refused with %s', (_name, claims) => {
    expect(readRecipientClaims(claims)).toBeUndefined();
  });
});

describe('the types of receipts', () => {
  it('are never taken for one another', () => {
    const all = {
      submission: signSubmissionReceipt(fullReceipt(), issuer),
      end: signEndNotice(fullNotice(), issuer),
      recipient: signRecipientReceipt(recipientReceipt, issuer),
    };
    for (const [kind, jws] of Object.entries(all)) {
      const taken = Object.values(RECEIPT_TYPES).filter((type) => readCompact(jws, type).ok);
      expect(taken).toEqual([Object.entries(RECEIPT_TYPES).find(([name]) => name === kind)?.[1]]);
    }
  });
});
