import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryKeys } from '../../adapters/memory/transit-keys.ts';
import { openFileRegister } from '../../adapters/register-file/index.ts';
import { createIds } from '../../adapters/system/index.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { ExpectedReply } from '../../gateway/domain/reply-terms.ts';
import type { GatewayEvent } from '../../gateway/ports/events.ts';
import type { Register } from '../../gateway/ports/register.ts';
import { createBell } from '../../gateway/services/bell.ts';
import { endMessage } from '../../gateway/services/end.ts';
import type { Parts } from '../../gateway/services/parts.ts';
import { noteDueReplies } from '../../gateway/services/reply-terms.ts';
import { createTestPki } from './pki.ts';
import { createTestClock, someFacts, someKey, someSigner, transitionsOf } from './register.ts';

/** A register of files with the timer of answers on a clock that is moved by hand. */
export interface ReplyClock {
  readonly events: readonly GatewayEvent[];
  register(): Register;
  /** Moves the clock, and lets the timer look. */
  moveTo(at: number): Promise<void>;
  /** Delivers a bericht on which the answer is expected, now. */
  deliver(reply: ExpectedReply | undefined): Promise<MessageId>;
  /** Accepts an answer to the bericht, now. */
  answer(messageId: MessageId): Promise<void>;
  /** Closes the register and reads it anew. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Opens one in a folder of its own. */
export async function openReplyClock(start: number): Promise<ReplyClock> {
  const folder = await mkdtemp(join(tmpdir(), 'replies-'));
  const clock = createTestClock(start);
  const events: GatewayEvent[] = [];
  const open = (): Promise<Register> =>
    openFileRegister({ folder, clock, environment: 'ontwikkeling', checkpointSigner, checkpointEvery: 50 });
  let register = await open();
  const partsNow = (): Parts =>
    ({
      register,
      clock,
      keys: createMemoryKeys(),
      ids: createIds(clock),
      bell: createBell(clock),
      events: { emit: (event: GatewayEvent) => void events.push(event) },
    }) as unknown as Parts;
  const accept = async (facts: ReturnType<typeof someFacts>): Promise<void> => {
    const { received, accepted } = transitionsOf(facts, someKey(facts.messageId));
    await register.record({ ...received, at: clock.now() });
    await register.record({ ...accepted, at: clock.now() });
  };
  return {
    events,
    register: () => register,
    async moveTo(at) {
      clock.moveTo(at);
      await noteDueReplies(partsNow());
    },
    async deliver(reply) {
      const facts = someFacts({ reply });
      await accept(facts);
      const entry = register.find(facts.messageId);
      if (entry === undefined) throw new Error('not in the register');
      await endMessage(partsNow(), entry, { state: 'delivered', proof: 'connection' });
      return facts.messageId;
    },
    answer: (messageId) => accept(someFacts({ answers: messageId })),
    async restart() {
      await register.close();
      register = await open();
    },
    async close() {
      await register.close();
      await rm(folder, { recursive: true });
    },
  };
}

const checkpointSigner = someSigner(createTestPki());
