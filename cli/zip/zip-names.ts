import type { CommandFault } from '../fault.ts';
import { printable } from '../output.ts';

/** Makes the fault that ends the reading of a zip. */
export type Refuse = (why: string) => CommandFault;

/** Holds every name against what any file system could make of it. Throws at the first that isn't a plain path of its own. */
export function checkNames(entries: readonly { readonly name: string }[], refuse: Refuse): void {
  const files = new Map<string, string>();
  for (const { name } of entries) {
    const problem = findProblem(name);
    if (problem !== undefined) throw refuse(`de naam ${printable(name)} ${problem}`);
    // One name on a file system that folds capitals or composes accents.
    const key = fold(name);
    if (files.has(key)) throw refuse(`de naam ${printable(name)} komt er twee keer in voor`);
    files.set(key, name);
  }
  for (const name of files.values()) {
    const parent = parentsOf(name).find((folder) => files.has(fold(folder)));
    if (parent !== undefined) throw refuse(`${printable(parent)} is er zowel een bestand als een map`);
  }
}

function findProblem(name: string): string | undefined {
  const path = name.replace(/\/$/, '');
  if (path.length > MAX_NAME_LENGTH) return 'is te lang';
  if (name.startsWith('/') || /^[A-Za-z]:/.test(name)) return 'begint bij de wortel van een schijf';
  if (/[\p{Cc}\p{Cf}\\]/u.test(name)) return 'bevat een teken dat niet mag';
  const parts = path.split('/');
  if (parts.includes('..')) return 'wijst buiten de zip';
  return parts.some((part) => part === '' || part === '.') ? 'is geen gewoon pad' : undefined;
}

function parentsOf(name: string): readonly string[] {
  // Of a folder's own name, which ends in `/`, the last part is empty: it is among its parents itself.
  const parts = name.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function fold(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

const MAX_NAME_LENGTH = 200;
