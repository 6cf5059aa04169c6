import { Command } from 'commander';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import type { Environment } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import { describeFacts } from '../client/receipt-facts.ts';
import { verifyReceiptFiles } from '../client/receipt-files.ts';
import type { FileVerdict } from '../client/receipt-files.ts';
import { readTrustedRoots } from '../client/trust.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../fault.ts';
import { readInput } from '../files.ts';
import { alignPairs, printable } from '../output.ts';
import type { Output } from '../output.ts';
import { mark, showChecks } from '../show.ts';
import { parseChoice, parseOinOption } from '../usage.ts';
import { addJsonOption } from './connection-options.ts';

interface VerifyOptions {
  readonly bericht?: string;
  readonly root: string;
  readonly oin?: Oin;
  readonly omgeving?: Environment;
  readonly json?: boolean;
}

/** `doorgeefluik receipt`: what a receipt is worth, without any gateway. */
export function createReceiptCommand(context: CommandContext): Command {
  const verify = new Command('verify')
    .description('controleert bevestigingen, zonder netwerk')
    .argument(
      '<bestand...>',
      'ontvangstbevestigingen, eindberichten, termijnberichten of bevestigingen van een ontvanger',
    )
    .requiredOption('--root <pem>', 'root waaronder de bevestigingen ondertekend zijn')
    .option('--oin <oin>', 'OIN van het doorgeefluik, dat de afgever moet zijn', parseOinOption)
    .option('--bericht <bestand>', 'het bericht zoals het verstuurd is')
    .option('--omgeving <naam>', 'omgeving, voor een losse bevestiging van een ontvanger', parseChoice(ENVIRONMENTS));
  addJsonOption(verify)
    .addHelpText('after', HELP)
    .action((files: readonly string[], options: VerifyOptions) => {
      verifyFiles(files, options, context);
    });
  return new Command('receipt').description('bewijs: bevestigingen controleren').addCommand(verify);
}

function verifyFiles(files: readonly string[], options: VerifyOptions, { output, exit }: CommandContext): void {
  const roots = readTrustedRoots(readInput(options.root, 'De root').toString('latin1'));
  const message = options.bericht === undefined ? undefined : readInput(options.bericht, 'Het bericht');
  const read = files.map((path) => ({ path, bytes: readInput(path, 'De bevestiging') }));
  const verdicts = verifyReceiptFiles(read, {
    trust: { roots, environment: options.omgeving, issuer: options.oin },
    message,
  });
  const passed = verdicts.every((verdict) => verdict.passed);
  if (options.json === true)
    output.json({ geldig: passed, oordeel: conclude(verdicts), bevestigingen: verdicts.map(toJson) });
  else {
    for (const verdict of verdicts) showVerdict(output, verdict);
    for (const line of findMissing(verdicts, { message, oin: options.oin })) output.line(output.paint.dim(line));
    output.line(`${mark(output.paint, passed)} ${output.paint.bold(`Oordeel: ${conclude(verdicts)}`)}`);
  }
  exit(passed ? EXIT.ok : EXIT.no);
}

function showVerdict(output: Output, { path, title, passed, checks, facts }: FileVerdict): void {
  output.line(`${mark(output.paint, passed)} ${output.paint.bold(title)}  ${path}`);
  for (const line of alignPairs(describeFacts(facts ?? {}))) output.line(`    ${printable(line)}`);
  if (facts !== undefined) output.line(output.paint.dim('    gecontroleerd:'));
  showChecks(output, checks, '    ');
  output.line();
}

function conclude(verdicts: readonly FileVerdict[]): string {
  const total = String(verdicts.length);
  const failed = verdicts.filter(({ passed }) => !passed).length;
  if (failed > 0) return `niet bewezen; ${String(failed)} van ${total} klopt niet`;
  return verdicts.length === 1 ? 'bewezen; de bevestiging klopt' : `bewezen; alle ${total} bevestigingen kloppen`;
}

// What passed says nothing about what wasn't given.
function findMissing(
  verdicts: readonly FileVerdict[],
  { message, oin }: { readonly message: Uint8Array | undefined; readonly oin: Oin | undefined },
): readonly string[] {
  const unlinked = verdicts.some(({ isLinked }) => !isLinked);
  return [
    ...(message !== undefined ? [] : ['Niet met het bericht zelf vergeleken: geef het met --bericht.']),
    ...(unlinked ? ['Een eindbericht is niet met zijn ontvangstbevestiging vergeleken: geef die erbij.'] : []),
    ...(oin !== undefined ? [] : ['Of de afgever het doorgeefluik is, is niet getoetst: geef zijn OIN met --oin.']),
  ];
}

function toJson({ path, title, passed, checks, facts }: FileVerdict): object {
  const controles = checks.map((one) => ({ controle: one.name, geslaagd: one.passed, uitleg: one.detail }));
  return { bestand: path, soort: title, geldig: passed, bewezen: facts ?? null, controles };
}

const HELP = `
Een bestand is de bevestiging zelf (JWS of XML), of het JSON-antwoord waar zij in staat. Een eindbericht wordt
vergeleken met elke ontvangstbevestiging van hetzelfde bericht die erbij gegeven is. Een certificaat wordt getoetst
op het tijdstip dat in de bevestiging staat.

Afloop: 0 alles klopt, 1 er klopt iets niet, 2 niet te controleren.

Voorbeelden:
  doorgeefluik receipt verify ontvangst.jws eind.jws --bericht opdracht.json --root root.pem --oin 00000004000000002000
  doorgeefluik receipt verify ontvangst.jws --root root.pem --json`;
