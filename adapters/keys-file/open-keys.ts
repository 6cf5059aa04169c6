import { chmod, mkdir } from 'node:fs/promises';
import type { TransitKeys } from '../../gateway/ports/transit-keys.ts';
import { lockFolder } from '../system/index.ts';
import type { AppendFile } from '../system/index.ts';
import { DEFAULTS } from './config.ts';
import type { FileKeysOptions } from './config.ts';
import { openKeyFile, readKeyFile, rewriteKeyFile } from './key-file.ts';
import type { KeyChange } from './key-file.ts';
import { FileKeys } from './key-store.ts';

/**
 * Opens the key store in a folder (made if absent, mode 0700), and rewrites it if it holds removed keys. Rejects with
 * ConfigurationFault: ERR_KEYS_CORRUPT, ERR_FOLDER_LOCKED.
 */
export async function openFileKeys(options: FileKeysOptions): Promise<TransitKeys> {
  await mkdir(options.folder, { recursive: true, mode: 0o700 });
  await chmod(options.folder, 0o700);
  const lock = await lockFolder(options.folder);
  try {
    return await openLocked(options, () => lock.release());
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(options: FileKeysOptions, release: () => Promise<void>): Promise<TransitKeys> {
  const { folder, clock, operations } = options;
  const { keys, holdsRemoved, length } = await readKeyFile(folder);
  const compactLength = holdsRemoved ? await rewriteKeyFile(folder, keys, operations) : length;
  return new FileKeys({
    clock,
    compactAfterMs: options.compactAfterMs ?? DEFAULTS.compactAfterMs,
    compactAfterBytes: options.compactAfterBytes ?? DEFAULTS.compactAfterBytes,
    keys,
    file: await openKeyFile(folder, compactLength, operations),
    rewrite: async (live): Promise<AppendFile<KeyChange>> =>
      openKeyFile(folder, await rewriteKeyFile(folder, live, operations), operations),
    reopen: async () => openKeyFile(folder, (await readKeyFile(folder)).length, operations),
    release,
  });
}
