import { describe, expect, it } from '@jest/globals';
import { awaitedKey, sentKey, systemOf, toAnswerClaim } from '../../../gateway/codec/answer-claim.ts';
import type { Address } from '../../../gateway/domain/message.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';

const sender = '00000001802611266000' as Oin;
const recipient = '00000002003214436001' as Oin;
const stuf: Address = { kind: 'stuf', oin: recipient, application: 'RvdK-applicatie', administration: undefined };
const oin: Address = { kind: 'oin', oin: recipient, role: 'RVDK' };

describe('toAnswerClaim', () => {
  it('names the kenmerk as its recipient sent it, and as its sender got it', () => {
    expect(toAnswerClaim({ replyTo: 'K1', recipient: oin }, { sender, recipient }, ['verzoekWijzigingTb'])).toEqual({
      names: { sent: sentKey(recipient, '', 'K1'), awaited: awaitedKey(sender, 'K1') },
      requiredTypes: ['verzoekWijzigingTb'],
      path: '/stuurgegevens/antwoordOp',
    });
  });

  it('takes in StUF the system that is addressed for the one that is answered', () => {
    const claim = toAnswerClaim({ replyTo: '42', recipient: stuf }, { sender, recipient }, undefined);
    expect(claim).toEqual({
      names: { sent: sentKey(recipient, 'RvdK-applicatie|', '42'), awaited: awaitedKey(sender, '42') },
      requiredTypes: undefined,
      path: '/stuurgegevens/crossRefnummer',
    });
  });

  it('names nothing without antwoordOp', () => {
    expect(toAnswerClaim({ replyTo: undefined, recipient: oin }, { sender, recipient }, []).names).toBeUndefined();
  });
});

it('tells the systems of one organisation apart', () => {
  expect(systemOf({ ...stuf, administration: 'noord' })).toBe('RvdK-applicatie|noord');
  expect(systemOf(stuf)).toBe('RvdK-applicatie|');
  expect(systemOf(oin)).toBe('');
  expect(sentKey(sender, 'a', 'b|c')).not.toBe(sentKey(sender, 'a|b', 'c'));
});
