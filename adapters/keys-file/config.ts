import type { Clock } from '../../gateway/ports/system.ts';
import type { FileOperations } from '../system/index.ts';

/**
 * How to open the key store. The folder should be a secret volume of its own, never the broker's, best in memory (tmpfs)
 * and without snapshots: overwriting a file can't reach the copies that a disk or a snapshot keeps.
 */
export interface FileKeysOptions {
  readonly folder: string;
  readonly clock: Clock;
  /** How long after a removal the file is rewritten without the removed keys; 30 minutes by default. */
  readonly compactAfterMs?: number;
  /** The file is rewritten earlier when it has grown by this much; 16 MiB by default. */
  readonly compactAfterBytes?: number;
  readonly operations?: FileOperations;
}

/** Half the hour within which an ended key must be gone, so that one failed rewriting isn't too many. */
export const DEFAULTS = { compactAfterMs: 30 * 60_000, compactAfterBytes: 16 * 1024 * 1024, retryMs: 60_000 } as const;
