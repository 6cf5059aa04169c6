import { describe, expect, it } from '@jest/globals';
import { parseRefusalBody } from '../../../gateway/codec/refusal-body.ts';

const parse = (text: string): ReturnType<typeof parseRefusalBody> => parseRefusalBody(Buffer.from(text));
const refused = (path: string, rule: string): object => ({
  ok: false,
  error: { code: 'ERR_REQUEST_INVALID', violations: [{ path, rule }] },
});

describe('the body of a weigering', () => {
  it.each(['{"code":"NIET_VOOR_ONS"}', '{"pad":"/bericht/inhoud/opdracht[2]/periode","code":"NIET_VOOR_ONS"}'])(
    'is read to its reason: %s',
    (text) => {
      expect(parse(text)).toEqual({ ok: true, value: 'not-for-us' });
    },
  );

  it.each(['/a', '/a/b', '/a[1]/b', '/*/b', '/inhoud/0/naam', `/${'a'.repeat(199)}`])(
    'may name the place %s',
    (pad) => {
      expect(parse(JSON.stringify({ code: 'DUBBEL', pad }))).toEqual({ ok: true, value: 'duplicate' });
    },
  );

  it.each(['', '/', 'a', '/a b', '/a//b', '/a/', '/Jan de Vries', '/a[x]', `/${'a'.repeat(200)}`, 1, null, ['/a']])(
    'may not name the place %j',
    (pad) => {
      expect(parse(JSON.stringify({ code: 'DUBBEL', pad }))).toEqual(refused('/pad', 'pattern'));
    },
  );

  it('has no other members, and does not repeat their name', () => {
    expect(parse('{"code":"DUBBEL","toelichting":"Jan"}')).toEqual(refused('/*', 'unknown'));
  });

  it('has a code of the closed list', () => {
    expect(parse('{}')).toEqual(refused('/code', 'required'));
    expect(parse('{"code":"ANDERS"}')).toEqual(refused('/code', 'enum'));
    expect(parse('{"code":"not-for-us"}')).toEqual(refused('/code', 'enum'));
    expect(parse('{"code":7}')).toEqual(refused('/code', 'enum'));
  });

  it('is one JSON object', () => {
    expect([parse('[]'), parse('null'), parse('"DUBBEL"')]).toEqual(Array(3).fill(refused('/', 'type')));
    expect(parse('{"code":"DUBBEL","code":"DUBBEL"}')).toMatchObject({ error: { code: 'ERR_JSON_DUPLICATE_KEY' } });
    expect(parse('{')).toMatchObject({ error: { code: 'ERR_JSON_MALFORMED' } });
  });
});
