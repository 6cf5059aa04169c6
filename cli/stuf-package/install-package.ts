import { randomBytes } from 'node:crypto';
import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { MANIFEST } from '../../gateway/codec/stuf-package-files.ts';
import type { SchemaFiles } from '../../gateway/codec/schema-files.ts';
import { CommandFault } from '../fault.ts';
import { reasonOf } from '../files.ts';

/**
 * Puts the files in place as one folder: all of them or none. They are written beside it first; an earlier package gives way in one
 * rename and comes back if the new one can't take its place. Throws CommandFault; whatever stood there stands there then.
 */
export function installPackage(files: SchemaFiles, target: string): void {
  const folder = resolve(target);
  assertReplaceable(folder, target);
  const fresh = `${folder}.${randomBytes(6).toString('hex')}.nieuw`;
  try {
    mkdirSync(dirname(folder), { recursive: true });
    for (const [path, bytes] of files) writeDurably(join(fresh, path), bytes);
    replaceFolder(folder, fresh);
  } catch (cause) {
    if (existsSync(fresh)) rmSync(fresh, { recursive: true });
    throw new CommandFault(`${target} is niet te schrijven: ${reasonOf(cause)}.`, { cause });
  }
}

function assertReplaceable(folder: string, shown: string): void {
  if (!existsSync(folder)) return;
  const names = readNames(folder, shown);
  if (names.length === 0 || names.includes(MANIFEST)) return;
  throw new CommandFault(`In ${shown} staat iets anders dan een geïmporteerd pakket: kies een nieuwe of lege map.`);
}

function readNames(folder: string, shown: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new CommandFault(`${shown} is niet te gebruiken: ${reasonOf(cause)}.`, { cause });
  }
}

function replaceFolder(folder: string, fresh: string): void {
  const old = `${fresh}.oud`;
  const stood = existsSync(folder);
  if (stood) renameSync(folder, old);
  try {
    renameSync(fresh, folder);
  } catch (cause) {
    if (stood) renameSync(old, folder);
    throw cause;
  }
  rmSync(old, { recursive: true, force: true });
}

function writeDurably(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true });
  const file = openSync(path, 'wx', 0o644);
  try {
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
