import { afterAll, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { isAcceptedBy, openXsd, readJsonSchema } from '../../support/schema-folder.ts';

const uuid = '3f0a6c52-8f0e-4c61-9d3c-5a7be1f2c001';
const oin = '00000002003214436001';
const time = '2026-11-23T10:15:30.123Z';
const digest = `SHA-256=${'A'.repeat(43)}=`;
const thumbprint = 'a-_B'.padEnd(43, '0');

type Claims = Readonly<Record<string, unknown>>;

const submission: Claims = {
  iss: oin,
  omgeving: 'productie',
  jti: uuid,
  berichtId: uuid,
  eerder: uuid,
  afzenderOin: oin,
  ingediendDoorOin: oin,
  ondertekenaar: thumbprint,
  geadresseerd: 'gemeentecode:0202/GEMEENTE',
  ontvangerOin: oin,
  berichttype: 'opdrachtTb',
  versie: '1.0',
  kenmerk: uuid,
  digest,
  ontvangenOp: time,
  geaccepteerdOp: time,
  uiterlijk: time,
};

const end: Claims = {
  iss: oin,
  omgeving: 'productie',
  jti: uuid,
  berichtId: uuid,
  bij: [thumbprint, `${thumbprint.slice(0, 42)}1`],
  toestand: 'geweigerd',
  reden: 'INHOUD_ONGELDIG',
  eindtijd: time,
  pogingen: 2,
  mogelijkOntvangen: false,
  bewijs: 'getekend',
  ontvangerbevestiging: 'eyJh.eyJi.c2ln',
};

const term: Claims = {
  iss: oin,
  omgeving: 'acceptatie',
  jti: uuid,
  berichtId: uuid,
  berichttype: 'signaal',
  bij: end['bij'],
  soort: 'herinnering',
  verwacht: ['contactBevestiging', 'signaalIntrekking'],
  termijn: '5 werkdagen',
  afgeleverdOp: time,
  uiterlijk: time,
  vastgesteldOp: time,
};

const recipient: Claims = { berichtId: uuid, digest, ontvangerOin: oin, ontvangenOp: time };

const ajv = new Ajv2020({ strict: true });
const xsd = openXsd('bevestigingen/bevestiging.xsd');
afterAll(() => {
  xsd.dispose();
});

describe.each([
  { kind: 'ontvangstbevestiging', claims: submission, optional: ['eerder'] },
  { kind: 'eindbericht', claims: end, optional: ['reden', 'bewijs', 'ontvangerbevestiging'] },
  { kind: 'termijnbericht', claims: term, optional: ['bij'] },
  { kind: 'ontvangerbevestiging', claims: recipient, optional: [] },
])('the JSON Schema of $kind', ({ kind, claims, optional }) => {
  const isReceipt = ajv.compile(readJsonSchema(`bevestigingen/${kind}.schema.json`));

  it('accepts the claims with and without the optional ones', () => {
    expect(isReceipt(claims)).toBe(true);
    expect(isReceipt(without(claims, optional))).toBe(true);
  });

  it('refuses any claim that is missing, unknown or empty', () => {
    for (const name of Object.keys(claims)) {
      expect(isReceipt({ ...claims, [name]: '' })).toBe(false);
      if (!optional.some((other) => other === name)) expect(isReceipt(without(claims, [name]))).toBe(false);
    }
    expect(isReceipt({ ...claims, toelichting: 'x' })).toBe(false);
  });
});

describe.each([
  { kind: 'ontvangstbevestiging', claims: submission, optional: ['eerder'] },
  { kind: 'eindbericht', claims: end, optional: ['reden', 'bewijs', 'ontvangerbevestiging'] },
  { kind: 'termijnbericht', claims: term, optional: ['bij'] },
])('the XSD for $kind', ({ kind, claims, optional }) => {
  const accepts = (value: Claims, tail = ''): boolean => isAcceptedBy(xsd, Buffer.from(toXml(kind, value, tail)));

  it('accepts the same claims in the same order, and a ds:Signature last', () => {
    expect(accepts(claims)).toBe(true);
    expect(accepts(without(claims, optional))).toBe(true);
    expect(accepts(claims, '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"/>')).toBe(true);
  });

  it('refuses any claim that is missing, unknown or empty, or out of order', () => {
    for (const name of Object.keys(claims)) {
      expect(accepts({ ...claims, [name]: '' })).toBe(false);
      if (!optional.some((other) => other === name)) expect(accepts(without(claims, [name]))).toBe(false);
    }
    expect(accepts({ ...claims, toelichting: 'x' })).toBe(false);
    expect(accepts(Object.fromEntries(Object.entries(claims).reverse()))).toBe(false);
  });
});

function without(claims: Claims, names: readonly string[]): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([name]) => !names.includes(name)));
}

function toXml(kind: string, claims: Claims, tail: string): string {
  const inner = Object.entries(claims)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => `<${name}>${String(one)}</${name}>`))
    .join('');
  return `<bevestiging xmlns="urn:doorgeefluik:bevestiging:1"><${kind}>${inner}</${kind}>${tail}</bevestiging>`;
}
