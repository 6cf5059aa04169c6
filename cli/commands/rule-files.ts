import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleFiles } from '../../gateway/codec/rule-set.ts';
import { CommandFault } from '../fault.ts';
import { readInput, reasonOf } from '../files.ts';

/** The YAML and JSON files in a folder of rules, by their path in it. */
export function readRuleFiles(folder: string): RuleFiles {
  const files = new Map<string, string>();
  for (const path of listFiles(folder)) {
    if (/\.(?:yaml|json)$/.test(path)) files.set(path, readInput(join(folder, path), 'Het bestand').toString('utf8'));
  }
  return files;
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  } catch (cause) {
    throw new CommandFault(`De map ${folder} is niet te lezen: ${reasonOf(cause)}.`, { cause });
  }
}
