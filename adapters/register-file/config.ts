import type { Environment } from '../../gateway/domain/message.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import type { FileOperations } from '../system/index.ts';

/** Signs checkpoints with the key of the first certificate in the PEM text, which its intermediates may follow. */
export interface CheckpointSigner {
  /** SHA-256 thumbprint of the certificate, base64url. */
  readonly thumbprint: string;
  readonly certificatePem: string;
  /** The signature (SHA-256; ECDSA as r and s, IEEE P1363) in base64. */
  sign(bytes: Uint8Array): string;
}

/** How to open the register; what stands in the folder must be of the same environment. */
export interface FileRegisterOptions {
  readonly folder: string;
  readonly clock: Clock;
  readonly environment: Environment;
  readonly checkpointSigner: CheckpointSigner;
  /** Records between two signed checkpoints; 1000 by default. */
  readonly checkpointEvery?: number;
  /** How long an ended bericht whose notice was taken can still be found; 30 days by default. It stays in the log. */
  readonly keepEndedMs?: number;
  /** Told now and then, while the log is read at opening, how many records were read. */
  readonly onProgress?: (records: number) => void;
  readonly operations?: FileOperations;
}

/** How long a kenmerk is remembered at least (promise B6). */
export const REPEAT_WINDOW_MS = 8 * 86_400_000;

export const DEFAULTS = { checkpointEvery: 1_000, keepEndedMs: 30 * 86_400_000, probeMs: 5_000 } as const;
