import { createHash } from 'node:crypto';
import { createRecordParser, isCheckpoint, textOf } from './audit-record.ts';
import type { AuditRecord, ParseRecord } from './audit-record.ts';
import { listSegments, readSegments } from './read-segments.ts';
import type { SegmentLine } from './read-segments.ts';
import { findCheckpointProblem, parsePem, signerOf } from './verify-checkpoint.ts';
import type { Trust } from './verify-checkpoint.ts';

/** Without roots the certificate inside each checkpoint is believed: that shows damage, not forgery of the whole log. */
export interface VerifyOptions {
  /** Root certificates (PEM) under which checkpoints must be signed. */
  readonly rootsPem?: string;
  /** The gateway's OIN, which the signer of every checkpoint must carry. */
  readonly oin?: string;
  readonly onProgress?: (records: number) => void;
}

/** The verdict on an audit log. A problem names the record it is in, and says in Dutch what is wrong. */
export type AuditVerdict =
  | {
      readonly ok: true;
      readonly records: number;
      readonly segments: number;
      /** SHA-256 of the last line; whoever kept an earlier one can see that the log still leads to it. */
      readonly head: string;
      /** Number of the first record; above 1 when older segments were purged. */
      readonly firstSeq: number;
      /** Records after the last checkpoint: damage there shows only up to the last line, and cutting them off doesn't. */
      readonly unsigned: number;
      /** OINs of those who signed. */
      readonly signers: readonly string[];
    }
  | {
      readonly ok: false;
      readonly segment: string;
      readonly line: number;
      readonly seq: number | undefined;
      readonly problem: string;
    };

/**
 * Verifies a folder of audit segments: every line against the schema, every hash and number, every checkpoint, one end
 * per bericht. Shares nothing with the writer but the schema. A log whose oldest segments are gone is accepted if the
 * first one left begins, as each does, with a checkpoint that covers what stood before it; whether that purge was lawful
 * shows in `firstSeq` and the date of that checkpoint. What was cut off after the last checkpoint can't be seen here.
 */
export async function verifyAuditFolder(folder: string, options: VerifyOptions = {}): Promise<AuditVerdict> {
  const segments = await listSegments(folder);
  const verification = new Verification(options);
  for await (const line of readSegments(folder, segments)) {
    const problem = verification.take(line);
    if (problem !== undefined) return problem;
  }
  return verification.finish(segments.length);
}

type Problem = Extract<AuditVerdict, { readonly ok: false }>;

interface Place {
  readonly segment: string;
  readonly line: number;
  readonly seq: number | undefined;
}

interface Taken extends Place {
  readonly record: AuditRecord;
  readonly hash: string;
}

class Verification {
  readonly #parse: ParseRecord = createRecordParser();
  readonly #options: VerifyOptions;
  readonly #trust: Trust;
  readonly #ended = new Set<string>();
  readonly #signers = new Set<string>();
  #previous: Taken | undefined;
  /** A line that doesn't fit the one before: the line after it shows which of the two was changed. */
  #misfit: Taken | undefined;
  #firstSeq = 0;
  #records = 0;
  #lastCheckpoint = 0;

  constructor(options: VerifyOptions) {
    this.#options = options;
    this.#trust = { roots: options.rootsPem === undefined ? undefined : parsePem(options.rootsPem), oin: options.oin };
  }

  take(line: SegmentLine): Problem | undefined {
    const taken = this.#read(line);
    if (this.#misfit !== undefined) return this.#blame(this.#misfit, taken);
    if (taken === undefined) {
      return problemAt(
        { ...line, seq: undefined },
        line.isComplete ? 'geen geldige auditregel' : 'de laatste regel is niet af',
      );
    }
    const problem = this.#findProblem(taken);
    if (problem !== undefined) return problemAt(taken, problem);
    if (this.#isMisfit(taken)) {
      this.#misfit = taken;
      return undefined;
    }
    const signature = this.#checkSignature(taken);
    this.#keep(taken);
    return signature === undefined ? undefined : problemAt(taken, signature);
  }

  finish(segments: number): AuditVerdict {
    if (this.#misfit !== undefined) return this.#blame(this.#misfit, undefined);
    if (this.#previous === undefined) {
      return problemAt({ segment: '', line: 0, seq: undefined }, 'er is geen auditlog in deze map');
    }
    const { hash, record } = this.#previous;
    return {
      ok: true,
      records: this.#records,
      segments,
      head: hash,
      firstSeq: this.#firstSeq,
      unsigned: record.seq - this.#lastCheckpoint,
      signers: [...this.#signers],
    };
  }

  #read({ segment, line, bytes, isComplete }: SegmentLine): Taken | undefined {
    const record = isComplete ? this.#parse(bytes) : undefined;
    return record === undefined ? undefined : { segment, line, seq: record.seq, record, hash: hashOf(bytes) };
  }

  #findProblem({ record, line }: Taken): string | undefined {
    if (line === 1 && !isCheckpoint(record)) return 'een bestand van het auditlog begint met een controlepunt';
    if (this.#previous === undefined) {
      return record.seq === 1 && record.prev !== NO_HASH ? 'de eerste regel noemt een regel ervoor' : undefined;
    }
    const due = this.#previous.record.seq + 1;
    if (record.seq !== due) {
      return `regel ${String(due)} is hier aan de beurt: er is iets gewist, verwisseld of ingevoegd`;
    }
    const isSecondEnd = record.kind === 'ended' && this.#ended.has(textOf(record, 'messageId'));
    return isSecondEnd ? 'dit bericht was al geëindigd' : undefined;
  }

  #isMisfit({ record }: Taken): boolean {
    return this.#previous !== undefined && record.prev !== this.#previous.hash;
  }

  // If the next line leads back to the misfit, the misfit is as it was written, and the line before it is not.
  #blame(misfit: Taken, next: Taken | undefined): Problem {
    const isWhole = next === undefined ? this.#isSound(misfit) : next.record.prev === misfit.hash;
    const culprit = isWhole ? (this.#previous ?? misfit) : misfit;
    return problemAt(culprit, 'gewijzigd: de keten sluit hier niet');
  }

  #isSound({ record }: Taken): boolean {
    return !isCheckpoint(record) || findCheckpointProblem(record, this.#trust) === undefined;
  }

  #checkSignature({ record }: Taken): string | undefined {
    if (!isCheckpoint(record)) return undefined;
    this.#lastCheckpoint = record.seq;
    this.#signers.add(signerOf(record));
    return findCheckpointProblem(record, this.#trust);
  }

  #keep(taken: Taken): void {
    if (this.#previous === undefined) this.#firstSeq = taken.record.seq;
    if (taken.record.kind === 'ended') this.#ended.add(textOf(taken.record, 'messageId'));
    this.#previous = taken;
    this.#records += 1;
    if (this.#records % PROGRESS_EVERY === 0) this.#options.onProgress?.(this.#records);
  }
}

function problemAt({ segment, line, seq }: Place, problem: string): Problem {
  return { ok: false, segment, line, seq, problem };
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

const NO_HASH = '0'.repeat(64);
const PROGRESS_EVERY = 10_000;
