import type { MessageState } from '../../gateway/domain/lifecycle.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { PendingNotice } from '../../gateway/domain/notices.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type {
  RecordOutcome,
  RegisterEntry,
  RepeatKey,
  SentMessage,
  Transition,
} from '../../gateway/domain/register-entry.ts';
import type { LoadedRules } from '../../gateway/domain/rule-approval.ts';
import { RegisterFault } from '../../gateway/ports/faults.ts';
import type { Register } from '../../gateway/ports/register.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import { applyRecord, beginMessage } from './apply-record.ts';
import type { HeldMessage } from './apply-record.ts';
import type { AuditRecord } from './audit-line.ts';
import { buildMovement, buildNote, buildReceived } from './build-record.ts';
import type { Movement, Note } from './build-record.ts';
import { NO_HASH } from './chain.ts';
import { DEFAULTS } from './config.ts';
import { writeFault } from './errors.ts';
import { createKeyedLock } from './keyed-lock.ts';
import type { IsAuditLine } from './line-schema.ts';
import type { MessageIndex } from './message-index.ts';
import { keyedHash } from './segments.ts';
import type { Month } from './segments.ts';
import type { SegmentWriter } from './segment-writer.ts';
import { createSharedTexts } from './shared-texts.ts';

/** What the register is made of once the log was read. */
export interface RegisterParts {
  readonly index: MessageIndex;
  readonly segments: SegmentWriter;
  readonly isAuditLine: IsAuditLine;
  readonly clock: Clock;
  readonly keepEndedMs: number;
  /** The rule set that went on record last. */
  readonly rules: LoadedRules | undefined;
  release(): Promise<void>;
}

type Reception = Extract<Transition, { readonly kind: 'received' }>;

/** What came before under the same sender and kenmerk. */
interface Earlier {
  readonly entry: RegisterEntry;
  readonly sameOctets: boolean;
}

/**
 * What concerns one bericht, or one kenmerk, goes one after the other, each waiting until the one before is durable: so
 * no answer rests on something a crash could take back. The index moves only after the record is durable.
 */
export class FileRegister implements Register {
  readonly #parts: RegisterParts;
  readonly #lock = createKeyedLock();
  readonly #shared = createSharedTexts();
  readonly #stopping = new AbortController();
  #healthy = true;
  #probing: Promise<void> | undefined;
  #running = 0;
  #whenIdle: (() => void) | undefined;
  #closing: Promise<void> | undefined;
  #sinceSweep = 0;
  #rules: LoadedRules | undefined;

  constructor(parts: RegisterParts) {
    this.#parts = parts;
    this.#rules = parts.rules;
  }

  async record(transition: Transition): Promise<RecordOutcome> {
    if (this.#closing !== undefined) throw new RegisterFault('ERR_REGISTER_CLOSED');
    this.#running += 1;
    try {
      return await this.#dispatch(transition);
    } catch (cause) {
      throw writeFault(cause);
    } finally {
      this.#running -= 1;
      if (this.#running === 0) this.#whenIdle?.();
    }
  }

  find(messageId: MessageId): RegisterEntry | undefined {
    return this.#parts.index.find(messageId)?.entry;
  }

  open(): readonly RegisterEntry[] {
    return this.#parts.index.open();
  }

  pendingNotices(party: Oin, limit?: number): readonly PendingNotice[] {
    return this.#parts.index.pendingNotices(party, limit);
  }

  findNotice(noticeId: string): PendingNotice | undefined {
    return this.#parts.index.findNotice(noticeId);
  }

  findRepeat(repeatKey: Pick<RepeatKey, 'sender' | 'octets'>): RegisterEntry | undefined {
    const earlier = this.#findEarlier(repeatKey);
    return earlier !== undefined && isRepeated(earlier) ? earlier.entry : undefined;
  }

  findSent(sender: string, recipient: Oin): SentMessage | undefined {
    const { index } = this.#parts;
    // A kenmerk that is no longer remembered may have come again, to another party.
    return this.#lookUp((month, key) => {
      const sent = index.findSent(month, keyedHash(key, 'sender', sender));
      return sent?.recipient === recipient ? sent : undefined;
    });
  }

  findAwaiting(awaited: string): RegisterEntry | undefined {
    const { index } = this.#parts;
    return this.#lookUp((month, key) => index.findAwaiting(month, keyedHash(key, 'awaited', awaited)));
  }

  dueReplies(at: number): readonly RegisterEntry[] {
    return this.#parts.index.dueReplies(at);
  }

  rulesInForce(): LoadedRules | undefined {
    return this.#rules;
  }

  isHealthy(): boolean {
    return this.#healthy;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  #dispatch(transition: Transition): Promise<RecordOutcome> {
    if (transition.kind === 'received') {
      return this.#lock(`kenmerk ${transition.repeatKey.sender}`, () =>
        this.#lock(transition.facts.messageId, () => this.#receive(transition)),
      );
    }
    if ('messageId' in transition) return this.#lock(transition.messageId, () => this.#moveBoth(transition));
    return this.#note(transition);
  }

  async #note(transition: Note): Promise<RecordOutcome> {
    await this.#ready();
    await this.#append(buildNote(transition));
    if (transition.kind === 'rules-loaded') {
      const { ruleSetHash, approval } = transition;
      this.#rules = { ruleSetHash, approval };
    }
    return { outcome: 'recorded', entry: undefined };
  }

  // The acceptance of an answer moves the bericht that awaits it as well. An answer is younger than what it answers, so
  // no two wait for each other.
  #moveBoth(transition: Movement): Promise<RecordOutcome> {
    const { index } = this.#parts;
    const answered = transition.kind === 'accepted' ? index.find(transition.messageId)?.entry.facts.answers : undefined;
    return answered === undefined ? this.#move(transition) : this.#lock(answered, () => this.#move(transition));
  }

  async #move(transition: Movement): Promise<RecordOutcome> {
    const held = this.#parts.index.find(transition.messageId);
    if (held === undefined) return { outcome: 'conflict', entry: undefined };
    const record = buildMovement(transition, held.entry);
    const moved = applyRecord(held, record);
    if (moved === undefined) return { outcome: 'conflict', entry: held.entry };
    await this.#ready();
    await this.#append(record);
    return this.#put(moved);
  }

  async #receive({ at, facts, repeatKey }: Reception): Promise<RecordOutcome> {
    await this.#ready();
    // From here to the append nothing waits: the keyed values land in the segment whose key made them.
    const { index, segments } = this.#parts;
    const same = index.find(facts.messageId)?.entry;
    if (same !== undefined) return { outcome: 'conflict', entry: same };
    const earlier = this.#findEarlier(repeatKey);
    const isForgotten = earlier === undefined || earlier.entry.state === 'not-accepted';
    if (!isForgotten && isRepeated(earlier)) return { outcome: 'duplicate', entry: earlier.entry };
    if (!isForgotten && !earlier.sameOctets) return { outcome: 'conflict', entry: earlier.entry };
    const { month, key } = segments.current();
    const senderHmac = keyedHash(key, 'sender', repeatKey.sender);
    const octetsHmac = keyedHash(key, 'octets', repeatKey.octets);
    const previous = isForgotten ? undefined : earlier.entry.facts.messageId;
    const awaitedHmac = keyedIfAny(key, repeatKey.awaited);
    const record = buildReceived({ at, facts, senderHmac, octetsHmac, awaitedHmac, previous });
    await this.#append(record);
    index.putRepeat(month, senderHmac, { messageId: facts.messageId, octetsHmac });
    index.putAwaited(month, awaitedHmac, facts.messageId);
    return this.#put(beginMessage(record, this.#shared, month));
  }

  #findEarlier(repeatKey: Pick<RepeatKey, 'sender' | 'octets'>): Earlier | undefined {
    const { index, segments, clock } = this.#parts;
    for (const { month, key } of segments.remembered(clock.now())) {
      const repeat = index.findRepeat(month, keyedHash(key, 'sender', repeatKey.sender));
      const entry = repeat === undefined ? undefined : index.find(repeat.messageId)?.entry;
      if (repeat !== undefined && entry !== undefined) {
        return { entry, sameOctets: repeat.octetsHmac === keyedHash(key, 'octets', repeatKey.octets) };
      }
    }
    return undefined;
  }

  #lookUp<T>(find: (month: Month, key: Uint8Array) => T | undefined): T | undefined {
    const { segments, clock } = this.#parts;
    for (const { month, key } of segments.answerable(clock.now())) {
      const found = find(month, key);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #put(held: HeldMessage): RecordOutcome {
    this.#parts.index.put(held);
    this.#sinceSweep += 1;
    if (this.#sinceSweep >= SWEEP_EVERY) {
      this.#sinceSweep = 0;
      this.#parts.index.forgetEnded(this.#parts.clock.now() - this.#parts.keepEndedMs);
    }
    return { outcome: 'recorded', entry: held.entry };
  }

  async #ready(): Promise<void> {
    try {
      await this.#parts.segments.ready();
    } catch (error) {
      this.#fail();
      throw error;
    }
  }

  async #append(record: AuditRecord): Promise<void> {
    // What could not be read back would keep the gateway from starting; what isn't on the closed list is not written.
    const line: unknown = { seq: 1, prev: NO_HASH, ...record };
    if (!this.#parts.isAuditLine(line)) throw new RegisterFault('ERR_REGISTER_RECORD_INVALID');
    try {
      await this.#parts.segments.append({ json: JSON.stringify(record) });
      this.#healthy = true;
    } catch (error) {
      this.#fail();
      throw error;
    }
  }

  #fail(): void {
    this.#healthy = false;
    this.#probing ??= this.#probe();
  }

  // While it is unhealthy nobody offers it a bericht, so it has to find out by itself that the disk takes writes again.
  async #probe(): Promise<void> {
    const { clock, segments } = this.#parts;
    const { signal } = this.#stopping;
    do {
      await clock.sleep(DEFAULTS.probeMs, signal);
    } while (!(signal.aborted || this.isHealthy() || (await segments.probe())));
    this.#healthy = !signal.aborted;
    this.#probing = undefined;
  }

  async #close(): Promise<void> {
    if (this.#running > 0) {
      await new Promise<void>((resolve) => {
        this.#whenIdle = resolve;
      });
    }
    this.#stopping.abort();
    await this.#probing;
    try {
      await this.#parts.segments.close();
    } catch (cause) {
      throw writeFault(cause);
    } finally {
      await this.#parts.release();
    }
  }
}

function keyedIfAny(key: Uint8Array, awaited: string | undefined): string | undefined {
  return awaited === undefined ? undefined : keyedHash(key, 'awaited', awaited);
}

function isRepeated({ entry, sameOctets }: Earlier): boolean {
  return sameOctets && !TAKEN_ANEW.has(entry.state);
}

// B6: after these ends the same bericht is taken anew.
const TAKEN_ANEW: ReadonlySet<MessageState> = new Set<MessageState>(['not-accepted', 'expired', 'refused']);
const SWEEP_EVERY = 1_000;
