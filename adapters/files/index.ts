import { readdirSync, readFileSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join, relative, sep } from 'node:path';

import { ConfigurationFault } from '../../gateway/ports/faults.ts';

/** Every file below a folder, by its path inside it with `/`. Throws ConfigurationFault naming the folder. */
export function readFolder(folder: string): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of listFiles(folder)) {
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).split(sep).join('/'), readFileSync(path));
  }
  return files;
}

/** The text of one file. Throws ConfigurationFault naming the file and what it is for. */
export function readText(path: string, purpose: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationFault('ERR_FILE_UNREADABLE', `${purpose}: ${path} kan niet gelezen worden`, { cause });
  }
}

function listFiles(folder: string): readonly Dirent[] {
  try {
    return readEntries(folder);
  } catch (cause) {
    throw new ConfigurationFault('ERR_FOLDER_UNREADABLE', `${folder} kan niet gelezen worden`, { cause });
  }
}

function readEntries(folder: string): readonly Dirent[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
}
