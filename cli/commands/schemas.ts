import { Command } from 'commander';
import { REPAIR_WORDS } from '../../gateway/codec/stuf-package-files.ts';
import type { BuiltType, StufSource } from '../../gateway/codec/stuf-package-files.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../fault.ts';
import { printable } from '../output.ts';
import { mark } from '../show.ts';
import { importPackage } from '../stuf-package/import-package.ts';
import type { ImportedPackage } from '../stuf-package/import-package.ts';
import { installPackage } from '../stuf-package/install-package.ts';
import { addJsonOption } from './connection-options.ts';

interface ImportOptions {
  readonly naar: string;
  readonly json?: boolean;
}

/** `doorgeefluik schemas`: the schemas of berichten that others publish. */
export function createSchemasCommand(context: CommandContext): Command {
  const importing = new Command('import')
    .description('neemt het officiële StUF-pakket over zoals het gepubliceerd is')
    .argument('<zip...>', 'zips van het koppelvlak: de normatieve, of de uitgewerkte (resolved)')
    .requiredOption('--naar <map>', 'map van het pakket; een eerder pakket daarin wordt vervangen');
  addJsonOption(importing)
    .addHelpText('after', HELP)
    .action((zips: readonly string[], options: ImportOptions) => {
      importZips(zips, options, context);
    });
  return new Command('schemas')
    .description('schema’s van berichten: het officiële pakket overnemen')
    .addCommand(importing);
}

function importZips(zips: readonly string[], options: ImportOptions, { output, now, exit }: CommandContext): void {
  const imported = importPackage(zips, now());
  installPackage(imported.built.files, options.naar);
  if (options.json === true) output.json(toJson(imported, options.naar));
  else {
    const count = String(imported.built.types.length);
    output.line(`${mark(output.paint, true)} ${count} berichttypen overgenomen in ${options.naar}`);
    for (const line of describe(imported)) output.line(`  ${printable(line)}`);
    output.line(output.paint.dim('Zet de map in de configuratie bij stufpakket en herstart het doorgeefluik.'));
  }
  exit(EXIT.ok);
}

function describe({ sources, built }: ImportedPackage): readonly string[] {
  return sources.flatMap((source) => [
    source.name,
    `  sha256   ${source.sha256}`,
    `  typen    ${namesOf(built.types.filter(({ from }) => from === source.name))}`,
    ...countRepairs(source).map((repair) => `  hersteld ${repair}`),
    ...skippedOf(source, built).map((skipped) => `  niet     ${skipped}`),
  ]);
}

function namesOf(types: readonly BuiltType[]): string {
  return types.length === 0 ? 'geen' : types.map(({ type, version }) => `${type} ${version}`).join(', ');
}

function countRepairs({ content }: StufSource): readonly string[] {
  const counts = new Map<string, number>();
  for (const { kind, file } of content.repairs) {
    const text = `${file}: ${REPAIR_WORDS[kind]}`;
    counts.set(text, (counts.get(text) ?? 0) + 1);
  }
  return [...counts].map(([text, count]) => (count === 1 ? text : `${text} (${String(count)} keer)`));
}

function skippedOf(source: StufSource, built: ImportedPackage['built']): readonly string[] {
  const skipped = built.types.filter(({ alsoIn }) => alsoIn.includes(source.name));
  const others = [...new Set(skipped.map(({ from }) => from))];
  return others.map((other) => `${namesOf(skipped.filter(({ from }) => from === other))}: al uit ${other}`);
}

function toJson({ sources, built }: ImportedPackage, folder: string): object {
  return {
    map: folder,
    bronnen: sources.map((source) => ({
      zip: source.name,
      sha256: source.sha256,
      herstel: source.content.repairs.map(({ kind, file, location }) => ({
        bestand: file,
        schemaLocation: location,
        wat: REPAIR_WORDS[kind],
      })),
    })),
    typen: built.types.map(({ type, version, from, alsoIn }) => ({
      berichttype: type,
      versie: version,
      zip: from,
      ookIn: alsoIn,
    })),
  };
}

const HELP = `
De zips blijven zoals ze zijn. Bekende fouten in het gepubliceerde pakket (backslashes en twee ontbrekende includes)
worden alleen hersteld als het anders niet werkt, en genoemd. Staat een type in meer dan een zip, dan telt de eerste.
Is er iets mis met een zip, dan wordt er niets geschreven.

Afloop: 0 overgenomen, 2 niet te gebruiken.

Voorbeeld:
  doorgeefluik schemas import normatief.zip --naar /etc/doorgeefluik/stufpakket`;
