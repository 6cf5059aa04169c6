import { describe, expect, it } from '@jest/globals';
import { renewMessage } from '../../../cli/client/renew-message.ts';
import { readMessageUnverified } from '../../../cli/client/read-message.ts';
import { signEnveloped } from '../../../gateway/codec/sign-xml.ts';
import { freshBerichten, freshBericht, NOW } from '../../support/berichten.ts';
import { createTestPki } from '../../support/pki.ts';

const KENMERK = '3f0a6c52-8f0e-4c61-9d3c-5a7be1f2c001';

describe('a renewed bericht', () => {
  it.each(freshBerichten().map((bericht) => [`${bericht.type} ${bericht.name}`, bericht] as const))(
    '%s has the kenmerk and time asked for, and is otherwise the same',
    (_name, { text, kenmerk }) => {
      const renewed = renewMessage(Buffer.from(text), NOW + 1, KENMERK).toString('utf8');
      const { kenmerk: found } = readMessageUnverified(Buffer.from(renewed));
      expect(found).toBe(KENMERK);
      const times = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z|\d{17}(?=<)/g;
      expect(renewed.replace(KENMERK, kenmerk).replace(times, '')).toBe(text.replace(times, ''));
    },
  );

  it('writes StUF times in Dutch time', () => {
    const renewed = renewMessage(
      Buffer.from(freshBericht('vtoDi01').text),
      Date.UTC(2026, 6, 1, 22, 30, 5, 7),
    ).toString();
    expect(renewed).toContain('<StUF:tijdstipBericht>20260702003005007</StUF:tijdstipBericht>');
  });

  it('is never a signed one', () => {
    const { signing } = createTestPki(new Date(NOW)).participant('rvdk');
    const signed = signEnveloped(Buffer.from(freshBericht('opdrachtTb').text), signing);
    expect(() => renewMessage(signed, NOW)).toThrow('al ondertekend');
  });
});

describe('what a party reads of its own bericht', () => {
  it.each(['', 'hallo', '[]', '{', '<a', '{"a":1,"a":2}', '<!DOCTYPE a><a/>'])('is nothing for %j', (text) => {
    expect(() => readMessageUnverified(Buffer.from(text))).toThrow(/bericht/);
  });

  it('is the address as it stands there', () => {
    const addressed = (address: object): string =>
      readMessageUnverified(Buffer.from(JSON.stringify({ stuurgegevens: { ontvanger: address } }))).recipient;
    expect(addressed({ oin: '1', rol: 'GI' })).toBe('OIN 1 (GI)');
    expect(addressed({ gemeentecode: '0202', rol: 'GEMEENTE' })).toBe('gemeente 0202 (GEMEENTE)');
    expect(addressed({ instantiecode: 'AST095' })).toBe('instantie AST095');
    expect(readMessageUnverified(Buffer.from(freshBericht('vtoDi01').text)).recipient).toBe(
      'OIN 00000002003214436001 (RvdK-applicatie)',
    );
  });
});
