import { describe, expect, it } from '@jest/globals';
import { objectAt, readJsonEnvelope, textAt } from '../../../gateway/codec/envelope-json.ts';
import { freshBericht, NOW } from '../../support/berichten.ts';

describe('readJsonEnvelope', () => {
  it('reads every routing fact, and nothing else', () => {
    const bericht = freshBericht('meldingStartTb', 'json', 'melding-start.json');
    const parsed = JSON.parse(bericht.text) as Parameters<typeof readJsonEnvelope>[0];
    expect(readJsonEnvelope(parsed)).toEqual({
      environment: 'ontwikkeling',
      messageType: 'meldingStartTb',
      version: '1.0',
      kenmerk: bericht.kenmerk,
      replyTo: '3f0a6c52-8f0e-4c61-9d3c-5a7be1f2c001',
      createdAt: NOW,
      urgency: 'nee',
      sender: { oin: '00000001802611266000', role: 'GI', system: '' },
      recipient: { kind: 'oin', oin: '00000002003214436001', role: 'RVDK' },
      processing: { field: 'JR', ground: 'WET', consent: 'nvt', subjectInformed: 'ja' },
    });
  });

  it.each([
    [
      { gemeentecode: '0202', rol: 'GEMEENTE' },
      { kind: 'municipality', municipality: '0202', role: 'GEMEENTE' },
    ],
    [{ instantiecode: 'AST095' }, { kind: 'institution', institution: 'AST095' }],
    [
      { oin: '00000002003214436001', rol: 'RVDK' },
      { kind: 'oin', oin: '00000002003214436001', role: 'RVDK' },
    ],
  ])('reads the address %j', (ontvanger, recipient) => {
    expect(readJsonEnvelope({ stuurgegevens: { ontvanger } }).recipient).toEqual(recipient);
  });

  it('reads no fact out of a sender or an address that is no object', () => {
    const { recipient, sender } = readJsonEnvelope({ stuurgegevens: { afzender: 'a', ontvanger: [] } });
    expect(sender).toEqual({ oin: '', role: undefined, system: '' });
    expect(recipient).toEqual({ kind: 'institution', institution: 'undefined' });
  });

  it.each([[null], ['text'], [[]], [{}], [{ stuurgegevens: [] }], [{ stuurgegevens: null }]])(
    'reads %j, which no schema accepts, without a fact',
    (value) => {
      const { createdAt, environment, kenmerk, messageType, urgency, version } = readJsonEnvelope(value);
      expect([createdAt, environment, version]).toEqual([undefined, undefined, undefined]);
      expect([kenmerk, messageType, urgency]).toEqual(['', '', '']);
    },
  );
});

describe('objectAt and textAt', () => {
  it.each([[null], ['a'], [['a']], [1]])('find nothing in %j', (parent) => {
    expect([objectAt(parent, 'a'), textAt(parent, 'a')]).toEqual([{}, undefined]);
  });

  it('give what is of their kind and count the rest as absent', () => {
    const parent = { a: { b: 'c' }, d: 'e', f: ['g'], h: null, i: 1 };
    expect(['a', 'd', 'f', 'h', 'i', 'j'].map((name) => objectAt(parent, name))).toEqual([
      { b: 'c' },
      {},
      {},
      {},
      {},
      {},
    ]);
    expect(['a', 'd', 'f', 'h', 'i', 'j'].map((name) => textAt(parent, name))).toEqual([
      undefined,
      'e',
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
