import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An input that once broke something, by the name of its file. */
export interface KeptCase {
  readonly name: string;
  readonly input: Buffer;
}

/** What was found for a target and is kept; `npm test` reads each. */
export function readCases(target: string): readonly KeptCase[] {
  const folder = join(FOLDER, target);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .map((name) => ({ name, input: readFileSync(join(folder, name)) }));
}

/** Keeps an input under the names of its target and its content; answers the path. */
export function keepCase(folder: string, target: string, input: Buffer): string {
  mkdirSync(join(folder, target), { recursive: true });
  const path = join(folder, target, createHash('sha256').update(input).digest('hex').slice(0, 16));
  writeFileSync(path, input);
  return path;
}

/** Where they stand. */
export const FOLDER = join(import.meta.dirname, 'cases');
