import type { Environment } from '../../gateway/domain/message.ts';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';
import type { LoadedRules } from '../../gateway/domain/rule-approval.ts';
import type { Line } from '../system/index.ts';
import { applyRecord, beginMessage } from './apply-record.ts';
import type { AuditLine, CheckpointRecord, MovementRecord, ReceivedRecord } from './audit-line.ts';
import type { Head } from './build-checkpoint.ts';
import { hashOf, NO_HASH } from './chain.ts';
import { corruptFault } from './errors.ts';
import type { IsAuditLine } from './line-schema.ts';
import type { MessageIndex } from './message-index.ts';
import { readRules } from './rules-record.ts';
import { segmentName } from './segments.ts';
import type { Month } from './segments.ts';
import { createSharedTexts } from './shared-texts.ts';

/** What reading a log needs. */
export interface ReplayOptions {
  readonly index: MessageIndex;
  readonly isAuditLine: IsAuditLine;
  readonly environment: Environment;
  readonly onProgress: ((records: number) => void) | undefined;
  /** Whether kenmerken of this month are still looked up. */
  remembers(month: Month): boolean;
  /** Whether an answer may name kenmerken of this month. */
  keeps(month: Month): boolean;
}

/** Rebuilds the index from lines, checking numbers, hashes and states as it goes. Rejects what doesn't fit. */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #shared = createSharedTexts();
  #head: Head = { seq: 0, hash: NO_HASH };
  #lastCheckpoint = 0;
  #isPurged = false;
  #records = 0;
  #rules: LoadedRules | undefined;

  constructor(options: ReplayOptions) {
    this.#options = options;
  }

  head(): Head {
    return this.#head;
  }

  lastCheckpoint(): number {
    return this.#lastCheckpoint;
  }

  /** The rule set that went on record last. */
  rules(): LoadedRules | undefined {
    return this.#rules;
  }

  /** Takes one parsed line of a segment. */
  take(value: unknown, line: Line, month: Month): void {
    const refuse = (problem: string): ConfigurationFault => corruptFault(segmentName(month), line.number, problem);
    if (!this.#options.isAuditLine(value)) throw refuse('not an audit record');
    if (this.#records === 0 && value.kind === 'checkpoint') this.#beginAt(value);
    if (value.seq !== this.#head.seq + 1)
      throw refuse(`number ${String(value.seq)} where ${String(this.#head.seq + 1)} is due`);
    if (value.prev !== this.#head.hash) throw refuse('doesn’t name the hash of the line before');
    const problem = this.#apply(value, month);
    if (problem !== undefined) throw refuse(problem);
    this.#head = { seq: value.seq, hash: hashOf(line.bytes) };
    this.#records += 1;
    if (this.#records % PROGRESS_EVERY === 0) this.#options.onProgress?.(this.#records);
  }

  // After lawful purge of its oldest segments a log begins with the checkpoint of the oldest that is left.
  #beginAt(line: CheckpointRecord & AuditLine): void {
    this.#isPurged = line.seq !== 1;
    this.#head = { seq: line.seq - 1, hash: line.prev };
  }

  #apply(line: AuditLine, month: Month): string | undefined {
    if (line.kind === 'received') return this.#receive(line, month);
    if (line.kind === 'checkpoint') return this.#check(line);
    if (line.kind === 'rules-loaded') this.#rules = readRules(line);
    return 'messageId' in line ? this.#move(line) : undefined;
  }

  #move(line: MovementRecord): string | undefined {
    const { index } = this.#options;
    const held = index.find(line.messageId);
    if (held === undefined) return this.#isPurged ? undefined : 'a bericht that was never received';
    const moved = applyRecord(held, line);
    if (moved === undefined) return `"${line.kind}" isn’t allowed in state "${held.entry.state}"`;
    index.put(moved);
    return undefined;
  }

  #receive(line: ReceivedRecord, month: Month): string | undefined {
    const { index } = this.#options;
    const { messageId, senderHmac, octetsHmac } = line;
    if (index.find(messageId) !== undefined) return 'received twice';
    const isKept = this.#options.keeps(month);
    index.put(beginMessage(line, this.#shared, isKept ? month : undefined));
    if (this.#options.remembers(month)) index.putRepeat(month, senderHmac, { messageId, octetsHmac });
    if (isKept) index.putAwaited(month, line.awaitedHmac, messageId);
    return undefined;
  }

  #check(line: CheckpointRecord & AuditLine): string | undefined {
    if (line.head !== line.prev || line.covers !== line.seq - 1) return 'the checkpoint covers something else';
    if (line.environment !== this.#options.environment) {
      throw new ConfigurationFault('ERR_REGISTER_ENVIRONMENT', `the log is of ${line.environment}`);
    }
    this.#lastCheckpoint = line.seq;
    return undefined;
  }
}

const PROGRESS_EVERY = 10_000;
