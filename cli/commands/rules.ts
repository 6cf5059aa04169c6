import { Command } from 'commander';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import { RULE_SIGNATURES } from '../../gateway/codec/rule-signatures.ts';
import { formatInstant } from '../../gateway/codec/timestamps.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../fault.ts';
import type { Output } from '../output.ts';
import { mark, toLocalTime } from '../show.ts';
import { addJsonOption } from './connection-options.ts';
import { readRuleFiles } from './rule-files.ts';
import { createRulesDiffCommand } from './rules-diff.ts';
import { createRulesImportCommand } from './rules-import.ts';
import { createRulesLoadCommand, createRulesSignCommand } from './rules-sign.ts';
import { holderOf, toSignatureJson, viewSignatures } from './rule-signers.ts';
import type { RuleSignerView } from './rule-signers.ts';

/** `doorgeefluik rules`: routing rules, before a gateway loads them. */
export function createRulesCommand(context: CommandContext): Command {
  const check = new Command('check')
    .description('controleert een map met regels zoals het doorgeefluik dat doet')
    .argument('<map>', 'map met de YAML-bestanden en schemas/');
  addJsonOption(check)
    .addHelpText('after', HELP)
    .action((folder: string, options: { readonly json?: boolean }) => {
      checkRules(folder, options, context);
    });
  return new Command('rules')
    .description('routeringsregels: controleren, vergelijken, ondertekenen, maken uit de landelijke lijsten')
    .addCommand(check)
    .addCommand(createRulesDiffCommand(context))
    .addCommand(createRulesSignCommand(context))
    .addCommand(createRulesLoadCommand(context))
    .addCommand(createRulesImportCommand(context));
}

function checkRules(folder: string, options: { readonly json?: boolean }, { output, exit }: CommandContext): void {
  const files = readRuleFiles(folder);
  const rules = readRuleSet(files);
  const problems = rules.ok ? [] : rules.error;
  const signatures = viewSignatures(folder, files);
  if (options.json === true) {
    output.json({
      geldig: rules.ok,
      sha256: rules.ok ? rules.value.hash : null,
      problemen: problems.map(toJson),
      ondertekening: signatures.map(toSignatureJson),
    });
  } else if (rules.ok) {
    const { participants, points, types, hash } = rules.value;
    const counts = `${String(participants.size)} deelnemers, ${String(points.size)} aansluitpunten, ${String(types.size)} berichttypen`;
    output.line(`${mark(output.paint, true)} De regels kloppen: ${counts}`);
    output.line(`  sha256  ${hash}`);
    for (const view of signatures) output.line(describeSignature(view, output));
  } else {
    output.line(`${mark(output.paint, false)} De regels kloppen niet en worden niet geladen:`);
    for (const { file, row, problem } of problems) output.line(`  ${file}${row === '' ? '' : ` ${row}`}: ${problem}`);
  }
  exit(rules.ok && signatures.every(({ problem }) => problem === undefined) ? EXIT.ok : EXIT.no);
}

function describeSignature({ kind, problem, signature }: RuleSignerView, { paint }: Output): string {
  const { file } = RULE_SIGNATURES[kind];
  const who =
    signature === undefined
      ? ''
      : `${SIGNED[kind]} door ${holderOf(signature.certificate)}, ${toLocalTime(formatInstant(signature.at))}, voor ${signature.environment}`;
  return `  ${mark(paint, problem === undefined)} ${file}  ${[who, problem ?? ''].filter((part) => part !== '').join(': ')}`;
}

const SIGNED = { drafted: 'opgesteld', loaded: 'geladen' } as const;

function toJson({
  file,
  row,
  problem,
}: {
  readonly file: string;
  readonly row: string;
  readonly problem: string;
}): object {
  return { bestand: file, regel: row, probleem: problem };
}

const HELP = `
Toont ook wie ondertekende. Of dat mag weet alleen het doorgeefluik (regelondertekening).

Afloop: 0 de regels kloppen, 1 ze kloppen niet of een handtekening hoort er niet bij, 2 niet te lezen.

Voorbeeld:
  doorgeefluik rules check routing-rules`;
