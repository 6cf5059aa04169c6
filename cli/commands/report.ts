import { Command, InvalidArgumentError } from 'commander';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import { isInForce } from '../../gateway/domain/participants.ts';
import { createRecordParser } from '../audit/audit-record.ts';
import { listSegments, readSegments } from '../audit/read-segments.ts';
import type { CommandContext } from '../context.ts';
import { codeOf, CommandFault, EXIT } from '../fault.ts';
import { reasonOf } from '../files.ts';
import { withProgress, wrapText } from '../output.ts';
import { buildReport, NOTHING_KNOWN } from '../report/build-report.ts';
import type { Known, ReportTable } from '../report/build-report.ts';
import { toCsv, toJson, toText } from '../report/render-report.ts';
import { SMALLEST_SHOWN } from '../report/suppress.ts';
import { createTrafficGatherer, periodOf } from '../report/traffic.ts';
import type { Period, Traffic } from '../report/traffic.ts';
import { addJsonOption } from './connection-options.ts';
import { readRuleFiles } from './rule-files.ts';

interface ReportOptions {
  readonly register: string;
  readonly periode: Period;
  readonly regels?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
}

/** `doorgeefluik report`: what passed in a month, in counts that lead to nobody. */
export function createReportCommand(context: CommandContext): Command {
  const command = new Command('report')
    .description('telt het verkeer van een maand, zonder dat het naar iemand leidt')
    .requiredOption('--register <map>', 'map van het register, met het auditlog')
    .requiredOption('--periode <maand>', 'een maand die voorbij is, zoals 2026-10', parsePeriod)
    .option('--regels <map>', 'map met de regels: wie aangesloten is en van welke typen de afzender beschermd is');
  return addJsonOption(command)
    .option('--csv', 'antwoord als CSV, een telling per regel')
    .addHelpText('after', HELP)
    .action(async (options: ReportOptions) => {
      await report(options, context);
    });
}

async function report(options: ReportOptions, { output, now, exit }: CommandContext): Promise<void> {
  const { register, periode, regels, json, csv } = options;
  if (json === true && csv === true) throw new CommandFault('Kies één van beide: --json of --csv.');
  // A month that still runs could be reported twice, and the difference would be what came in between.
  if (now() < periode.until) throw new CommandFault(`De maand ${periode.name} is nog niet voorbij: kies een eerdere.`);
  const known = regels === undefined ? NOTHING_KNOWN : readKnown(regels, periode);
  const traffic = await withProgress(output, 'Het auditlog wordt gelezen', () => readTraffic(register, periode));
  const tables = buildReport(traffic, known);
  if (json === true) output.json({ periode: periode.name, ondergrens: SMALLEST_SHOWN, tabellen: toJson(tables) });
  else if (csv === true) for (const line of toCsv(tables)) output.line(line);
  else for (const line of describe(tables, { period: periode, hasRules: regels !== undefined })) output.line(line);
  exit(EXIT.ok);

  function describe(
    shown: readonly ReportTable[],
    { period, hasRules }: { readonly period: Period; readonly hasRules: boolean },
  ): readonly string[] {
    const notes = [LEGEND, ...(hasRules ? [] : [WITHOUT_RULES])];
    return [
      output.paint.bold(`Verkeer in ${period.name}`),
      ...notes.flatMap((note) => wrapText(note, output.width)),
      ...toText(shown),
    ];
  }
}

function readKnown(folder: string, { until }: Period): Known {
  const rules = readRuleSet(readRuleFiles(folder));
  if (!rules.ok) {
    throw new CommandFault(`De regels in ${folder} kloppen niet: zie doorgeefluik rules check ${folder}.`);
  }
  const { participants, types } = rules.value;
  // Connected when the month ended.
  const connected = [...participants.values()].filter((participant) => isInForce(participant, until - 1));
  return {
    parties: new Map(connected.map(({ oin, name, municipality }) => [oin, { oin, name, municipality }])),
    isProtected: (type) => types.get(type)?.protectedReporter ?? true,
  };
}

async function readTraffic(folder: string, period: Period): Promise<Traffic> {
  try {
    const segments = await listSegments(folder);
    if (segments.length === 0) {
      throw new CommandFault(`In ${folder} staat geen auditlog: geef de map van het register.`);
    }
    const wanted = segments.filter((segment) => segment <= `audit-${period.name}.jsonl`);
    if (wanted.at(-1) !== `audit-${period.name}.jsonl`) {
      throw new CommandFault(`Het auditlog in ${folder} heeft niets over ${period.name}: kies een andere maand.`);
    }
    return await gather(folder, wanted, period);
  } catch (cause) {
    if (cause instanceof CommandFault || codeOf(cause) === '') throw cause;
    throw new CommandFault(`De map ${folder} is niet te lezen: ${reasonOf(cause)}.`, { cause });
  }
}

async function gather(folder: string, segments: readonly string[], period: Period): Promise<Traffic> {
  const parse = createRecordParser();
  const { take, finish } = createTrafficGatherer(period);
  for await (const { segment, line, bytes } of readSegments(folder, segments)) {
    const record = parse(bytes);
    if (record === undefined) {
      throw new CommandFault(
        `${segment}, regel ${String(line)} is onleesbaar: zie doorgeefluik audit verify ${folder}.`,
      );
    }
    take(record);
  }
  return finish();
}

function parsePeriod(text: string): Period {
  const period = periodOf(text);
  if (period !== undefined) return period;
  throw new InvalidArgumentError('geef een maand als 2026-10.');
}

const LEGEND =
  '* is afgeschermd: minder dan 5, of een telling waaruit zo’n kleine telling af te leiden zou zijn. Een type dat zo ' +
  'zeldzaam is dat ook zijn aantal afgeschermd is, telt in geen enkel totaal mee.';

const WITHOUT_RULES =
  'Zonder --regels is niet bekend van welke typen de afzender beschermd is: geen afzender en geen regel wordt getoond.';

const HELP = `
Telt berichten die in de maand binnenkwamen, zoals ze aan het einde ervan stonden: per type, afzender, ontvanger en
regel, met de tijd tot aflevering en de verstreken termijnen. Met --regels ook signalen en ketenregistraties per
instelling, begonnen zorgcoördinatie per organisatie, en wie aangesloten is zonder verkeer of met een aantal dat
afgeschermd is. Een urgent signaal dat ook naar wie coördineert gaat, is twee berichten.

Geen telling leidt naar een jeugdige of een melder: minder dan 5 is afgeschermd, en zoveel meer als nodig is om dat niet
te kunnen uitrekenen. Niets is fijner dan een maand, en een maand die nog loopt heeft geen rapport.

Niet hier: ketenregistraties per leeftijdsgroep en het aantal instellingen per jeugdige. Die vragen om inhoud, die het
doorgeefluik niet bewaart.

Afloop: 0 gelukt, 2 niet te lezen.

Voorbeelden:
  doorgeefluik report --register /var/lib/doorgeefluik/register --periode 2026-10 --regels routing-rules
  doorgeefluik report --register register --periode 2026-10 --csv`;
