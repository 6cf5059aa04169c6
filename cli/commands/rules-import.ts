import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Command } from 'commander';
import { stringify } from 'yaml';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import type { RuleFiles } from '../../gateway/codec/rule-set.ts';
import type { CommandContext } from '../context.ts';
import { CommandFault, EXIT } from '../fault.ts';
import { reasonOf, writeOutput } from '../files.ts';
import { buildNationalSet } from '../reference/build-national-set.ts';
import type { NationalSet } from '../reference/build-national-set.ts';
import { readReferenceLists } from '../reference/read-reference.ts';
import { mark } from '../show.ts';
import { readRuleFiles } from './rule-files.ts';

/** `doorgeefluik rules import`: a whole country of participants, for a test environment. */
export function createRulesImportCommand(context: CommandContext): Command {
  return new Command('import')
    .description('maakt deelnemers en aansluitpunten uit de landelijke lijsten, voor een testomgeving')
    .argument('<lijsten>', 'map met referentie/*.csv en stuf-jz/…Referentielijsten….zip')
    .requiredOption('--naar <map>', 'nieuwe map voor de regels')
    .option(
      '--regels <map>',
      'regels waarvan de andere bestanden overgenomen worden',
      join(context.root, 'routing-rules'),
    )
    .action((lists: string, options: ImportOptions) => {
      importRules(lists, options, context);
    })
    .addHelpText('after', HELP);
}

interface ImportOptions {
  readonly naar: string;
  readonly regels: string;
}

function importRules(lists: string, { naar, regels }: ImportOptions, { output, exit }: CommandContext): void {
  if (existsSync(naar) && listNames(naar).length > 0) {
    throw new CommandFault(`${naar} is niet leeg: geef een nieuwe map, dan gaat er niets verloren.`);
  }
  const made = buildNationalSet(readReferenceLists(lists));
  const files = layOver(readRuleFiles(regels), made);
  const rules = readRuleSet(files);
  if (!rules.ok) {
    const [first] = rules.error.map(({ file, row, problem }) => `${file} ${row}: ${problem}`);
    throw new CommandFault(
      `Uit deze lijsten komen geen regels die kloppen (${String(rules.error.length)}); de eerste: ${String(first)}.`,
    );
  }
  writeFolder(naar, files);
  const { participants, points, mandates, successions, hash } = rules.value;
  const followed = [...successions.values()].filter(({ whole }) => whole).length;
  output.line(
    `${mark(output.paint, true)} ${naar}: ${String(participants.size)} deelnemers, ${String(points.size)} aansluitpunten, ${String(mandates.length)} machtigingen`,
  );
  output.line(
    `  beëindigde gemeentecodes  ${String(successions.size)}, waarvan ${String(followed)} in hun geheel over: die worden gevolgd`,
  );
  for (const remark of made.remarks) output.line(`  let op  ${remark}`);
  output.line(`  sha256  ${hash}`);
  exit(EXIT.ok);
}

function layOver(base: RuleFiles, made: NationalSet): RuleFiles {
  const files = new Map(base);
  const { deelnemers, aansluitpunten, machtigingen, opvolging } = made;
  for (const [name, rows] of Object.entries({ deelnemers, aansluitpunten, machtigingen, opvolging })) {
    files.set(`${name}.yaml`, HEADER + stringify({ [name]: rows }, { aliasDuplicateObjects: false, lineWidth: 0 }));
  }
  return files;
}

const HEADER = '# Gemaakt door `doorgeefluik rules import` uit de landelijke lijsten; alleen voor een testomgeving.\n';

// All of it or nothing: a folder that is half there would be taken for a set.
function writeFolder(folder: string, files: RuleFiles): void {
  const building = `${resolve(folder)}.nieuw`;
  try {
    rmSync(building, { recursive: true, force: true });
    for (const [path, text] of files) {
      mkdirSync(dirname(join(building, path)), { recursive: true });
      writeOutput(join(building, path), text);
    }
    renameSync(building, resolve(folder));
  } catch (cause) {
    rmSync(building, { recursive: true, force: true });
    if (cause instanceof CommandFault) throw cause;
    throw new CommandFault(`${folder} is niet te schrijven: ${reasonOf(cause)}.`, { cause });
  }
}

function listNames(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    throw new CommandFault(`${folder} is niet te gebruiken: ${reasonOf(cause)}.`, { cause });
  }
}

const HELP = `
Gemeenten krijgen drie aansluitpunten (verzoeker, notificaties, zorgmelding); twee van de drie gemeenten laten ze door een
leverancier bedienen. Wie in de lijsten geen OIN heeft krijgt een testnummer. Certificaten maakt \`npm run certs\`.

Afloop: 0 gemaakt, 2 de lijsten of de map zijn niet te gebruiken.

Voorbeeld:
  doorgeefluik rules import ../landelijke-lijsten --naar regels-landelijk`;
