import { Command } from 'commander';
import { toRuleDiffBody } from '../../gateway/codec/rule-diff-json.ts';
import type { PassageChangeBody, RuleDiffBody } from '../../gateway/codec/rule-diff-json.ts';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import type { RuleSet } from '../../gateway/domain/participants.ts';
import { diffRules, isChanged } from '../../gateway/domain/rule-diff.ts';
import type { CommandContext } from '../context.ts';
import { CommandFault, EXIT } from '../fault.ts';
import { printable } from '../output.ts';
import { addJsonOption } from './connection-options.ts';
import { readRuleFiles } from './rule-files.ts';

interface DiffOptions {
  readonly deelnemer?: string;
  readonly json?: boolean;
}

/** `doorgeefluik rules diff`: what a new rule set would change. */
export function createRulesDiffCommand(context: CommandContext): Command {
  const command = new Command('diff')
    .description('toont wat een nieuwe map met regels verandert: wie wat aan wie mag sturen, en hoe')
    .argument('<oud>', 'map met de regels van nu')
    .argument('<nieuw>', 'map met de nieuwe regels')
    .option('--deelnemer <oin>', 'alleen wat deze deelnemer verstuurt of ontvangt');
  return addJsonOption(command)
    .addHelpText('after', HELP)
    .action((before: string, after: string, options: DiffOptions) => {
      compare([before, after], options, context);
    });
}

function compare(
  [before, after]: readonly [string, string],
  options: DiffOptions,
  { output, exit }: CommandContext,
): void {
  const [old, fresh] = [readRules(before), readRules(after)];
  const { deelnemer } = options;
  if (
    deelnemer !== undefined &&
    ![old, fresh].some(({ participants }) => [...participants.keys()].some((oin) => oin === deelnemer))
  )
    throw new CommandFault(
      `${printable(deelnemer)} is geen deelnemer in een van beide mappen: geef het OIN zoals het in de regels staat.`,
    );
  const diff = diffRules(old, fresh, deelnemer);
  const body = toRuleDiffBody(diff);
  if (options.json === true) output.json({ gewijzigd: isChanged(diff), oud: old.hash, nieuw: fresh.hash, ...body });
  else for (const line of isChanged(diff) ? describe(body) : unchanged(old, fresh)) output.line(printable(line));
  exit(isChanged(diff) ? EXIT.changed : EXIT.ok);
}

function readRules(folder: string): RuleSet {
  const rules = readRuleSet(readRuleFiles(folder));
  if (rules.ok) return rules.value;
  const count = String(rules.error.length);
  throw new CommandFault(
    `De regels in ${folder} kloppen niet (${count} keer): zie doorgeefluik rules check ${folder}.`,
  );
}

function unchanged(old: RuleSet, fresh: RuleSet): readonly string[] {
  return [
    old.hash === fresh.hash ? 'De regels zijn gelijk.' : 'De regels zeggen hetzelfde; alleen de opmaak verschilt.',
  ];
}

function describe({ rijen, verzending }: RuleDiffBody): readonly string[] {
  const rows = Object.entries(rijen).flatMap(([file, changes]) =>
    changes.length === 0
      ? []
      : [
          `${file}: ${String(changes.length)} verschillen`,
          ...changes.map(
            ({ wijziging, rij, velden }) =>
              `  ${wijziging.padEnd(WIDTH)}  ${[rij, velden.join(', ')].join('  ').trim()}`,
          ),
        ],
  );
  if (verzending.length === 0) return [...rows, 'Wie wat aan wie mag sturen verandert niet.'];
  return [
    ...rows,
    `wie wat aan wie mag sturen: ${String(verzending.length)} verschillen`,
    ...verzending.flatMap(describePassage),
  ];
}

function describePassage({
  wijziging,
  berichttype,
  afzender,
  ontvanger,
  rol,
  verschillen,
}: PassageChangeBody): readonly string[] {
  return [
    `  ${wijziging.padEnd(WIDTH)}  ${berichttype}: ${afzender} → ${ontvanger} (${rol})`,
    ...verschillen.map(
      ({ wat, was, wordt }) => `    ${wat}: ${[was, wordt].filter((value) => value !== null).join(' → ')}`,
    ),
  ];
}

const WIDTH = 'toegevoegd'.length;

const HELP = `
Zonder --deelnemer is de afzender een rol, met --deelnemer de deelnemer zelf. De ontvanger is een OIN met een rol.

Afloop: 0 geen verschil, 3 er zijn verschillen, 2 niet te vergelijken.

Voorbeelden:
  doorgeefluik rules diff routing-rules nieuwe-regels
  doorgeefluik rules diff routing-rules nieuwe-regels --deelnemer 00000001001299992000`;
