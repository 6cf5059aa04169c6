import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { RuleFiles } from '../../gateway/codec/rule-set.ts';
import { readRuleSignature, RULE_SIGNATURES } from '../../gateway/codec/rule-signatures.ts';
import type { RuleSignature, RuleSignatureKind } from '../../gateway/codec/rule-signatures.ts';
import type { Result } from '../../gateway/domain/result.ts';
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

/** The signature of this kind beside a set: its text, and what it says or why it can't be read; undefined when there is none. */
export function readSignature(
  folder: string,
  kind: RuleSignatureKind,
): { readonly text: string; readonly signature: Result<RuleSignature, string> } | undefined {
  const path = join(folder, RULE_SIGNATURES[kind].file);
  if (!existsSync(path)) return undefined;
  const text = readInput(path, 'De handtekening').toString('utf8');
  return { text, signature: readRuleSignature(kind, text) };
}

function listFiles(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((path) => path.replaceAll('\\', '/'));
  } catch (cause) {
    throw new CommandFault(`De map ${folder} is niet te lezen: ${reasonOf(cause)}.`, { cause });
  }
}
