import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { codeOf, CommandFault } from './fault.ts';

/** Reads a whole file; `what` names it in the sentence when it can't be read. */
export function readInput(path: string, what: string): Buffer {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw new CommandFault(`${what} ${path} is niet te lezen: ${reasonOf(cause)}.`, { cause });
  }
}

/** Writes a whole file that only its owner may read. */
export function writeOutput(path: string, content: string | Uint8Array): void {
  try {
    writeFileSync(path, content, { mode: 0o600 });
  } catch (cause) {
    throw new CommandFault(`${path} is niet te schrijven: ${reasonOf(cause)}.`, { cause });
  }
}

/** Writes a whole file that holds no secret: others may read it. */
export function writePublic(path: string, content: string): void {
  writeOutput(path, content);
  chmodSync(path, 0o644);
}

/** Why the file system refused, and what to do. */
export function reasonOf(cause: unknown): string {
  const code = codeOf(cause);
  return REASONS.get(code) ?? `het bestandssysteem meldt ${code === '' ? 'een fout' : code}`;
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'het bestaat niet; controleer het pad'],
  ['EACCES', 'er is geen recht op; controleer de bestandsrechten'],
  ['EPERM', 'er is geen recht op; controleer de bestandsrechten'],
  ['EISDIR', 'het is een map; geef een bestand'],
  ['ENOTDIR', 'een deel van het pad is geen map; controleer het pad'],
  ['EEXIST', 'het bestaat al'],
  ['ENOSPC', 'de schijf is vol'],
]);
