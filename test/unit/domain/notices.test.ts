import { describe, expect, it } from '@jest/globals';
import { owesEndNotice, waitingNotices } from '../../../gateway/domain/notices.ts';
import type { RegisterEntry } from '../../../gateway/domain/register-entry.ts';
import type { ReplyNote } from '../../../gateway/domain/reply-terms.ts';
import { RECIPIENT, SENDER, someEnd, someFacts } from '../../support/register.ts';

const end = someEnd('delivered');
const entry: RegisterEntry = {
  facts: someFacts(),
  state: 'delivered',
  previous: undefined,
  acceptedAt: 1,
  receipts: [],
  attempts: 1,
  unanswered: false,
  end,
  noticeTaken: false,
  history: [],
};
const note = (kind: ReplyNote['kind'], senderTaken: boolean, recipientTaken: boolean): ReplyNote => ({
  kind,
  at: 2,
  sender: { id: `${kind} sender`, taken: senderTaken },
  recipient: { id: `${kind} recipient`, taken: recipientTaken },
});

describe('owesEndNotice', () => {
  it.each([
    ['received', false],
    ['accepted', false],
    ['not-accepted', false],
    ['delivered', true],
    ['refused', true],
    ['expired', true],
  ] as const)('of a bericht that is %s is %s, and never once it is taken', (state, owes) => {
    expect(owesEndNotice({ ...entry, state })).toBe(owes);
    expect(owesEndNotice({ ...entry, state, noticeTaken: true })).toBe(false);
  });
});

describe('waitingNotices', () => {
  it('are the end notice and those of the term, to each party until it has them', () => {
    const notes = [note('reminded', true, false), note('missed', false, false)];
    const reply = { moments: undefined, answeredAt: undefined, notes };
    expect(waitingNotices({ ...entry, reply }).map(({ id, party }) => [id, party])).toEqual([
      [end.noticeId, SENDER],
      ['reminded recipient', RECIPIENT],
      ['missed sender', SENDER],
      ['missed recipient', RECIPIENT],
    ]);
    expect(waitingNotices({ ...entry, noticeTaken: true, reply }).map(({ note: told }) => told?.kind)).toEqual([
      'reminded',
      'missed',
      'missed',
    ]);
  });

  it('are none of a bericht that is open or has no term', () => {
    expect(waitingNotices({ ...entry, state: 'accepted', end: undefined })).toEqual([]);
    expect(waitingNotices(entry)).toHaveLength(1);
  });
});
