import { afterEach, describe, expect, it } from '@jest/globals';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { ExpectedReply } from '../../gateway/domain/reply-terms.ts';
import { openReplyClock } from '../support/reply-clock.ts';
import type { ReplyClock } from '../support/reply-clock.ts';
import { NOW } from '../support/register.ts';

const HOUR = 3_600_000;
const REPLY: ExpectedReply = {
  types: ['vtoDi01'],
  term: { kind: 'hours', count: 10 },
  reminder: { kind: 'hours', count: 2 },
};
let timer: ReplyClock;

afterEach(() => timer.close());

interface Story {
  readonly id: MessageId | undefined;
}

/** The life of a term, a step at a time. */
const STEPS: Readonly<Record<string, (story: Story) => Promise<Story>>> = {
  delivered: async () => ({ id: await timer.deliver(REPLY) }),
  'before the reminder': moved(7),
  'at the reminder': moved(8),
  'after the reminder': moved(9),
  'at the end': moved(11),
  'long after': moved(100),
};
const ANSWERED = {
  delivered: STEPS['delivered'],
  'at the reminder': moved(8),
  answered: async (story: Story): Promise<Story> => {
    if (story.id !== undefined) await timer.answer(story.id);
    return story;
  },
  'at the end': moved(11),
};

function moved(hours: number): (story: Story) => Promise<Story> {
  return async (story) => {
    await timer.moveTo(NOW + hours * HOUR);
    return story;
  };
}

async function play(
  steps: Readonly<Record<string, ((story: Story) => Promise<Story>) | undefined>>,
  restart: (step: string) => boolean,
): Promise<unknown> {
  let story: Story = { id: undefined };
  for (const [name, step] of Object.entries(steps)) {
    if (step !== undefined) story = await step(story);
    if (restart(name)) await timer.restart();
  }
  const entry = story.id === undefined ? undefined : timer.register().find(story.id);
  if (entry === undefined) throw new Error('not in the register');
  const { sender, recipient } = entry.facts;
  return {
    moments: entry.reply?.moments,
    answered: entry.reply?.answeredAt,
    notes: entry.reply?.notes.map(({ kind, at }) => [kind, at]),
    sender: timer
      .register()
      .pendingNotices(sender)
      .map(({ note }) => note?.kind ?? 'ended'),
    recipient: timer
      .register()
      .pendingNotices(recipient)
      .map(({ note }) => note?.kind),
    events: timer.events.map(({ name }) => name).filter((name) => name.startsWith('Reply')),
  };
}

describe('a term across restarts of the register', () => {
  const missed = {
    moments: { remindAt: NOW + 8 * HOUR, dueAt: NOW + 10 * HOUR },
    answered: undefined,
    notes: [
      ['reminded', NOW + 8 * HOUR],
      ['missed', NOW + 11 * HOUR],
    ],
    sender: ['ended', 'reminded', 'missed'],
    recipient: ['reminded', 'missed'],
    events: ['ReplyReminded', 'ReplyMissed'],
  };
  const answered = {
    ...missed,
    answered: NOW + 8 * HOUR,
    notes: [['reminded', NOW + 8 * HOUR]],
    sender: ['ended', 'reminded'],
    recipient: ['reminded'],
    events: ['ReplyReminded'],
  };

  it.each([...Object.keys(STEPS), 'every step', 'no step'])(
    'gives each notice once, with a restart after %s',
    async (where) => {
      timer = await openReplyClock(NOW);
      expect(await play(STEPS, (step) => where === 'every step' || where === step)).toEqual(missed);
    },
  );

  it.each([...Object.keys(ANSWERED), 'every step', 'no step'])(
    'stays stopped by its answer, with a restart after %s',
    async (where) => {
      timer = await openReplyClock(NOW);
      expect(await play(ANSWERED, (step) => where === 'every step' || where === step)).toEqual(answered);
    },
  );
});
