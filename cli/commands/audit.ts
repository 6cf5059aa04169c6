import { Command, InvalidArgumentError } from 'commander';
import { parseInstant } from '../../gateway/codec/timestamps.ts';
import { isMessageId } from '../../gateway/domain/message.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import { instantOf } from '../../gateway/domain/working-days.ts';
import { listSegments } from '../audit/read-segments.ts';
import { showAuditLog } from '../audit/show-audit-log.ts';
import { verifyAuditFolder } from '../audit/verify-audit-log.ts';
import type { AuditVerdict } from '../audit/verify-audit-log.ts';
import { readTrustedRoots } from '../client/trust.ts';
import type { CommandContext } from '../context.ts';
import { codeOf, CommandFault, EXIT } from '../fault.ts';
import { readInput, reasonOf } from '../files.ts';
import { alignPairs, printable, withProgress } from '../output.ts';
import { mark } from '../show.ts';
import { parseOinOption } from '../usage.ts';
import { addJsonOption } from './connection-options.ts';

interface VerifyOptions {
  readonly root?: string;
  readonly oin?: string;
  readonly json?: boolean;
}

interface ShowOptions {
  readonly bericht?: string;
  readonly van?: Instant;
  readonly tot?: Instant;
  readonly json?: boolean;
}

/** `doorgeefluik audit`: the audit log of a gateway, read by somebody else. */
export function createAuditCommand(context: CommandContext): Command {
  const verify = new Command('verify')
    .description('controleert of het auditlog volledig en onveranderd is')
    .argument('<map>', 'map van het register')
    .option('--root <pem>', 'root waaronder de controlepunten ondertekend moeten zijn')
    .option('--oin <oin>', 'OIN dat de controlepunten ondertekend moet hebben', parseOinOption);
  addJsonOption(verify)
    .addHelpText('after', VERIFY_HELP)
    .action(async (folder: string, options: VerifyOptions) => {
      await inFolder(folder, () => verifyLog(folder, options, context));
    });
  return new Command('audit')
    .description('auditlog: controleren en tonen')
    .addCommand(verify)
    .addCommand(createShowCommand(context));
}

/** Says in Dutch what a verdict means; the first line is the answer itself. */
export function describeVerdict(verdict: AuditVerdict): readonly string[] {
  if (!verdict.ok) {
    const { segment, line, seq, problem } = verdict;
    const place =
      segment === '' ? '' : ` (${segment}, regel ${String(line)}${seq === undefined ? '' : `, nummer ${String(seq)}`})`;
    return [`Het auditlog klopt niet: ${problem}${place}`];
  }
  const { records, head, firstSeq, unsigned, signers } = verdict;
  const pairs: (readonly [string, string])[] = [
    ['regels', `${String(records)}, vanaf nummer ${String(firstSeq)}`],
    ['ondertekend', `${describeSigned(firstSeq + records - 1, unsigned)}; door OIN ${signers.join(', ')}`],
    ['laatste', head],
  ];
  return ['Het auditlog is volledig en onveranderd', ...alignPairs(pairs)];
}

function describeSigned(last: number, unsigned: number): string {
  const signed = `tot en met regel ${String(last - unsigned)}`;
  if (unsigned === 0) return signed;
  return `${signed}; ${String(unsigned)} ${unsigned === 1 ? 'regel' : 'regels'} daarna alleen aaneengeregen`;
}

function createShowCommand(context: CommandContext): Command {
  const command = new Command('show')
    .description('toont het auditlog, leesbaar')
    .argument('<map>', 'map van het register')
    .option('--bericht <id>', 'alleen dit Bericht-Id', parseMessageId)
    .option('--van <tijd>', 'vanaf deze dag (2026-11-23) of dit tijdstip (RFC 3339, UTC)', parseTime)
    .option('--tot <tijd>', 'tot het begin van deze dag, of tot dit tijdstip', parseTime)
    .option('--json', 'één JSON-object per regel');
  return command.addHelpText('after', SHOW_HELP).action(async (folder: string, options: ShowOptions) => {
    await inFolder(folder, () => showLog(folder, options, context));
  });
}

async function verifyLog(folder: string, options: VerifyOptions, context: CommandContext): Promise<void> {
  const { output, exit } = context;
  const rootsPem = options.root === undefined ? undefined : readInput(options.root, 'De root').toString('latin1');
  if (rootsPem !== undefined) readTrustedRoots(rootsPem);
  const verdict = await withProgress(output, 'Auditlog controleren', () =>
    verifyAuditFolder(folder, {
      ...(rootsPem === undefined ? {} : { rootsPem }),
      ...(options.oin === undefined ? {} : { oin: options.oin }),
    }),
  );
  if (options.json === true) output.json(toJson(verdict));
  else {
    const [answer = '', ...more] = describeVerdict(verdict).map(printable);
    output.line(`${mark(output.paint, verdict.ok)} ${answer}`);
    for (const line of more) output.line(`  ${line}`);
    if (verdict.ok && rootsPem === undefined)
      output.line(output.paint.dim('  Wie ondertekende is niet getoetst: geef --root.'));
  }
  exit(verdict.ok ? EXIT.ok : EXIT.no);
}

async function showLog(folder: string, options: ShowOptions, { output, exit }: CommandContext): Promise<void> {
  const { bericht, van, tot, json } = options;
  const filter = {
    ...(bericht === undefined ? {} : { messageId: bericht }),
    ...(van === undefined ? {} : { from: van }),
    ...(tot === undefined ? {} : { until: tot }),
  };
  const shown = await showAuditLog(folder, filter, (line, record) => {
    output.line(json === true ? JSON.stringify(record ?? { onleesbaar: line }) : line);
  });
  if (shown === 0) output.note('Geen regels gevonden.');
  exit(shown === 0 ? EXIT.no : EXIT.ok);
}

function toJson(verdict: AuditVerdict): object {
  if (!verdict.ok) {
    const { segment, line, seq, problem } = verdict;
    return { geldig: false, bestand: segment, regel: line, nummer: seq ?? null, probleem: problem };
  }
  const { records, segments, head, firstSeq, unsigned, signers } = verdict;
  return {
    geldig: true,
    regels: records,
    bestanden: segments,
    laatste: head,
    eersteNummer: firstSeq,
    zonderControlepunt: unsigned,
    ondertekenaars: signers,
  };
}

async function inFolder(folder: string, work: () => Promise<void>): Promise<void> {
  try {
    if ((await listSegments(folder)).length === 0) {
      throw new CommandFault(`In ${folder} staat geen auditlog: geef de map van het register.`);
    }
    await work();
  } catch (cause) {
    if (cause instanceof CommandFault || codeOf(cause) === '') throw cause;
    throw new CommandFault(`De map ${folder} is niet te lezen: ${reasonOf(cause)}.`, { cause });
  }
}

function parseMessageId(text: string): string {
  if (isMessageId(text)) return text;
  throw new InvalidArgumentError('een Bericht-Id is een UUID in kleine letters.');
}

function parseTime(text: string): Instant {
  const day = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  const midnight = parseInstant(`${text}T00:00:00Z`);
  if (day !== null && midnight !== undefined) {
    return instantOf({ year: Number(day[1]), month: Number(day[2]), day: Number(day[3]) }, 0);
  }
  const at = parseInstant(text);
  if (at !== undefined) return at;
  throw new InvalidArgumentError('geef een dag als 2026-11-23 of een tijdstip als 2026-11-23T10:15:30Z.');
}

const VERIFY_HELP = `
Rekent elke regel na en elk ondertekend controlepunt. Nodig zijn alleen de bestanden en een root. Wie eerder een
laatste regel bewaarde, vergelijkt die met het log.

Afloop: 0 het klopt, 1 het klopt niet, 2 niet te lezen.

Voorbeeld:
  doorgeefluik audit verify /var/lib/doorgeefluik/register --root root.pem`;

const SHOW_HELP = `
Afloop: 0 er zijn regels, 1 er zijn er geen, 2 niet te lezen.

Voorbeelden:
  doorgeefluik audit show /var/lib/doorgeefluik/register --van 2026-11-23 --tot 2026-11-24
  doorgeefluik audit show register --bericht 01a206a6-fb15-7e63-9403-49a2efedab97`;
