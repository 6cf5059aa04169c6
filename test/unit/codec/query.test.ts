import { describe, expect, it } from '@jest/globals';
import { parseQuery, readRoutingQuery, readWaitMs } from '../../../gateway/codec/query.ts';
import type { ParameterName, Query } from '../../../gateway/codec/query.ts';

const ALL: readonly ParameterName[] = [
  'wacht',
  'aansluitpunt',
  'afzender',
  'afzenderrol',
  'berichttype',
  'rol',
  'oin',
  'gemeentecode',
  'instantiecode',
];

function parse(text: string): Query {
  const parsed = parseQuery(text, ALL);
  if (!parsed.ok) throw new Error(parsed.error.code);
  return parsed.value;
}

const violationOf = (text: string, allowed = ALL): unknown => {
  const parsed = parseQuery(text, allowed);
  return parsed.ok ? undefined : [parsed.error.code, ...parsed.error.violations];
};

describe('parseQuery', () => {
  it('reads what is allowed and nothing when there is nothing', () => {
    expect([...parse('')]).toEqual([]);
    expect([...parse('wacht=30&aansluitpunt=rvdk-landelijk')]).toEqual([
      ['wacht', '30'],
      ['aansluitpunt', 'rvdk-landelijk'],
    ]);
  });

  it('refuses a name it does not know, without repeating it', () => {
    expect(violationOf('geheim=1')).toEqual(['ERR_REQUEST_INVALID', { path: '/*', rule: 'unknown' }]);
    expect(violationOf('rol=X', ['wacht'])).toEqual(['ERR_REQUEST_INVALID', { path: '/*', rule: 'unknown' }]);
    expect(violationOf('__proto__=1')).toEqual(['ERR_REQUEST_INVALID', { path: '/*', rule: 'unknown' }]);
    // Of `??rol=X` the query is `?rol=X`.
    expect(violationOf('?rol=X')).toEqual(['ERR_REQUEST_INVALID', { path: '/*', rule: 'unknown' }]);
  });

  it('refuses a parameter given twice or of another form', () => {
    expect(violationOf('wacht=1&wacht=1')).toEqual(['ERR_REQUEST_INVALID', { path: '/wacht', rule: 'duplicate' }]);
    expect(violationOf('oin=123')).toEqual(['ERR_REQUEST_INVALID', { path: '/oin', rule: 'pattern' }]);
    expect(violationOf('oin=00000002003214436001%0a')).toEqual([
      'ERR_REQUEST_INVALID',
      { path: '/oin', rule: 'pattern' },
    ]);
  });

  it.each(['0', '9', '10', '59', '60'])('lets a client wait %s seconds', (seconds) => {
    expect(readWaitMs(parse(`wacht=${seconds}`))).toBe(Number(seconds) * 1000);
  });

  it.each(['61', '100', '-1', '+1', '01', '1.5', '', ' 1', '1e1'])(
    'does not let a client wait %j seconds',
    (seconds) => {
      expect(violationOf(`wacht=${encodeURIComponent(seconds)}`)).toEqual([
        'ERR_REQUEST_INVALID',
        { path: '/wacht', rule: 'pattern' },
      ]);
    },
  );

  it('waits not at all unless asked', () => {
    expect(readWaitMs(parse(''))).toBe(0);
  });
});

describe('readRoutingQuery', () => {
  it('asks for a type and exactly one address', () => {
    expect(readRoutingQuery(parse('berichttype=vtoDi01&rol=RVDK&oin=00000002003214436001'))).toEqual({
      ok: true,
      value: {
        messageType: 'vtoDi01',
        sender: undefined,
        senderRole: undefined,
        role: 'RVDK',
        oin: '00000002003214436001',
        municipality: undefined,
        institution: undefined,
      },
    });
    expect(readRoutingQuery(parse('berichttype=x&instantiecode=AST095'))).toMatchObject({
      value: { institution: 'AST095' },
    });
    expect(
      readRoutingQuery(parse('berichttype=x&instantiecode=AST095&afzender=00000001001825112000&afzenderrol=GEMEENTE')),
    ).toMatchObject({ value: { sender: '00000001001825112000', senderRole: 'GEMEENTE' } });
    expect(readRoutingQuery(parse('berichttype=x&gemeentecode=0202'))).toMatchObject({
      value: { municipality: '0202' },
    });
  });

  it.each([
    ['rol=RVDK&oin=00000002003214436001', { path: '/berichttype', rule: 'required' }],
    ['berichttype=x', { path: '/oin', rule: 'choice' }],
    ['berichttype=x&gemeentecode=0202&instantiecode=AST095', { path: '/oin', rule: 'choice' }],
  ])('refuses %s', (text, violation) => {
    expect(readRoutingQuery(parse(text))).toEqual({
      ok: false,
      error: { code: 'ERR_REQUEST_INVALID', violations: [violation] },
    });
  });
});
