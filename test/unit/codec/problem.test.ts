import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { TLS_CODES } from '../../../adapters/https-ingress/errors.ts';
import { RULE_WIRE_WORDS, ruleToWire, toProblem } from '../../../gateway/codec/problem.ts';
import { TEXTS, TITLES } from '../../../gateway/codec/rejection-texts.ts';
import { REJECTIONS, STAGES, rejection } from '../../../gateway/domain/rejection.ts';
import type { RejectionCode, RejectionSpec } from '../../../gateway/domain/rejection.ts';

const document = readFileSync(new URL('../../../docs/fouten.md', import.meta.url), 'utf8');
const codes = Object.keys(REJECTIONS) as RejectionCode[];
const specOf = (code: RejectionCode): RejectionSpec => REJECTIONS[code];

/** Sections of the document by the code in their title. */
const sections = new Map(
  document
    .split(/^### /m)
    .slice(1)
    .map((section) => {
      const [title = '', ...rest] = section.split('\n');
      return [title.trim(), rest.join('\n').trim()] as const;
    }),
);

describe('docs/fouten.md', () => {
  it('has one section for every code of the catalogue, in its order, and no other', () => {
    expect([...sections.keys()]).toEqual(codes);
    expect(codes).toEqual([...codes].sort());
    expect(Object.keys(TEXTS)).toEqual(codes);
  });

  it.each(codes)('%s: gives the sentence, the status, the StUF code, whether to retry, and more to go on', (code) => {
    const [sentence, facts = '', ...more] = (sections.get(code) ?? '').split('\n\n');
    const { status, stuf = 'geen', retryable } = specOf(code);
    expect(sentence).toBe(TEXTS[code]);
    expect(facts).toContain(
      `HTTP ${String(status)} · StUF ${stuf} · opnieuw aanbieden: ${retryable ? 'ja' : 'nee'} · stap: `,
    );
    expect(more.join(' ').length).toBeGreaterThan(20);
  });

  it('names every code of a failed handshake and no other', () => {
    const rows = [...document.matchAll(/^\| `(ERR_[A-Z_]+)` \|/gm)].map(([, code]) => code);
    const certificates = ['MISSING', 'EXPIRED', 'NOT_YET_VALID', 'USAGE', 'UNTRUSTED'].map(
      (word) => `ERR_CERTIFICATE_${word}`,
    );
    expect(rows.sort()).toEqual([...certificates, ...TLS_CODES].sort());
  });

  it('explains every word a broken rule can have and no other', () => {
    const table = document.slice(document.indexOf('| Regel |'), document.indexOf('## Wat de client'));
    const words = [...table.matchAll(/`([a-z-]+)`/g)].map(([, word]) => word);
    expect(words.sort()).toEqual([...RULE_WIRE_WORDS].sort());
  });
});

describe('a text', () => {
  it.each(codes)('%s is one or more whole Dutch sentences without a place for values', (code) => {
    expect(TEXTS[code]).toMatch(/^[A-Z].{20,200}\.$/);
    expect(TEXTS[code]).not.toMatch(/[{}%$]|undefined/);
  });

  it('on crisis says that this channel is not the way and to call', () => {
    expect(TEXTS.ERR_CRISIS_NOT_CARRIED).toMatch(/niet via dit kanaal.*Bel /);
  });

  it('stands as title for every stage', () => {
    expect(Object.keys(TITLES)).toEqual(STAGES);
  });
});

describe('toProblem', () => {
  it('has exactly the members of the contract', () => {
    expect(toProblem(rejection('ERR_SCHEMA_INVALID', [{ path: '/bericht/*', rule: 'unknown' }]))).toEqual({
      status: 422,
      headers: { 'Content-Type': 'application/problem+json' },
      body: {
        type: 'urn:doorgeefluik:fout:ERR_SCHEMA_INVALID',
        title: 'Bericht voldoet niet aan het schema',
        status: 422,
        code: 'ERR_SCHEMA_INVALID',
        stuf: 'StUF055',
        omschrijving: TEXTS.ERR_SCHEMA_INVALID,
        fouten: [{ pad: '/bericht/*', regel: 'onbekend' }],
      },
    });
  });

  it('leaves out what there is not, and gives candidates when there are', () => {
    const { body } = toProblem(rejection('ERR_NOT_FOUND'));
    expect(Object.keys(body)).toEqual(['type', 'title', 'status', 'code', 'omschrijving', 'fouten']);
    const ended = toProblem({ ...rejection('ERR_MUNICIPALITY_ENDED'), candidates: ['1992'] });
    expect(ended.body.kandidaten).toEqual(['1992']);
  });

  it('says after how many seconds what may be tried again', () => {
    expect(toProblem(rejection('ERR_GATEWAY_BUSY')).headers).toMatchObject({ 'Retry-After': '5' });
    const told = toProblem({ ...rejection('ERR_EMERGENCY_STOP'), retryAfterSeconds: 60 });
    expect(told.headers).toMatchObject({ 'Retry-After': '60' });
    const told2 = toProblem({ ...rejection('ERR_NOT_FOUND'), retryAfterSeconds: 60 });
    expect(told2.headers).not.toHaveProperty('Retry-After');
  });

  it('gives a rule outside the table no other word than ongeldig', () => {
    expect(ruleToWire('BSN 123456782 komt niet voor')).toBe('ongeldig');
    expect(ruleToWire('__proto__')).toBe('ongeldig');
    expect(ruleToWire('required')).toBe('verplicht');
  });

  it('keeps the name of a rule that has one', () => {
    expect([ruleToWire('T13'), ruleToWire('CORV-A9.1')]).toEqual(['T13', 'CORV-A9.1']);
  });
});
