import { createHash } from 'node:crypto';
import type { Batch } from '../system/index.ts';
import type { CheckpointRecord } from './audit-line.ts';
import type { Head } from './build-checkpoint.ts';

/** What is appended: a record as JSON text, or a checkpoint of whatever stands before it. */
export type ChainEntry = { readonly json: string } | 'checkpoint';

/** What the chain needs of the register. */
export interface ChainOptions {
  readonly head: Head;
  /** Number of the last checkpoint; 0 when there is none. */
  readonly lastCheckpoint: number;
  readonly checkpointEvery: number;
  checkpoint(head: Head): CheckpointRecord;
}

/**
 * Gives each record its number and the hash of the one before at the moment it is written, so that a batch that fails
 * leaves no gap. Every `checkpointEvery` records it signs a checkpoint in between.
 */
export class Chain {
  readonly #options: ChainOptions;
  #head: Head;
  #lastCheckpoint: number;

  constructor(options: ChainOptions) {
    this.#options = options;
    this.#head = options.head;
    this.#lastCheckpoint = options.lastCheckpoint;
  }

  /** The last durable record. */
  head(): Head {
    return this.#head;
  }

  /** Whether the last durable record is a checkpoint. */
  isSigned(): boolean {
    return this.#head.seq === this.#lastCheckpoint;
  }

  frame(entries: readonly ChainEntry[]): Batch {
    let head = this.#head;
    let lastCheckpoint = this.#lastCheckpoint;
    const lines: string[] = [];
    const add = (json: string): void => {
      const line = `{"seq":${String(head.seq + 1)},"prev":"${head.hash}",${json.slice(1)}`;
      lines.push(line, '\n');
      head = { seq: head.seq + 1, hash: hashOf(line) };
    };
    const sign = (): void => {
      add(JSON.stringify(this.#options.checkpoint(head)));
      lastCheckpoint = head.seq;
    };
    for (const entry of entries) {
      if (entry === 'checkpoint') sign();
      else add(entry.json);
      if (head.seq - lastCheckpoint >= this.#options.checkpointEvery) sign();
    }
    return {
      bytes: Buffer.from(lines.join('')),
      commit: () => {
        this.#head = head;
        this.#lastCheckpoint = lastCheckpoint;
      },
    };
  }
}

/** SHA-256 of a line's bytes without its newline, hexadecimal. */
export function hashOf(line: string | Uint8Array): string {
  return createHash('sha256').update(line).digest('hex');
}

/** What the first record of a log names as the one before it. */
export const NO_HASH = '0'.repeat(64);
