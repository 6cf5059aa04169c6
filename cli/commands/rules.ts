import { Command } from 'commander';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../fault.ts';
import { mark } from '../show.ts';
import { addJsonOption } from './connection-options.ts';
import { readRuleFiles } from './rule-files.ts';
import { createRulesDiffCommand } from './rules-diff.ts';
import { createRulesImportCommand } from './rules-import.ts';

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
    .description('routeringsregels: controleren, vergelijken, maken uit de landelijke lijsten')
    .addCommand(check)
    .addCommand(createRulesDiffCommand(context))
    .addCommand(createRulesImportCommand(context));
}

function checkRules(folder: string, options: { readonly json?: boolean }, { output, exit }: CommandContext): void {
  const rules = readRuleSet(readRuleFiles(folder));
  const problems = rules.ok ? [] : rules.error;
  if (options.json === true) {
    output.json({ geldig: rules.ok, sha256: rules.ok ? rules.value.hash : null, problemen: problems.map(toJson) });
  } else if (rules.ok) {
    const { participants, points, types, hash } = rules.value;
    const counts = `${String(participants.size)} deelnemers, ${String(points.size)} aansluitpunten, ${String(types.size)} berichttypen`;
    output.line(`${mark(output.paint, true)} De regels kloppen: ${counts}`);
    output.line(`  sha256  ${hash}`);
  } else {
    output.line(`${mark(output.paint, false)} De regels kloppen niet en worden niet geladen:`);
    for (const { file, row, problem } of problems) output.line(`  ${file}${row === '' ? '' : ` ${row}`}: ${problem}`);
  }
  exit(rules.ok ? EXIT.ok : EXIT.no);
}

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
Afloop: 0 de regels kloppen, 1 ze kloppen niet, 2 niet te lezen.

Voorbeeld:
  doorgeefluik rules check routing-rules`;
