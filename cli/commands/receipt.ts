import { Command } from 'commander';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import type { Environment } from '../../gateway/domain/message.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import { verifyReceiptFiles } from '../client/receipt-files.ts';
import type { FileVerdict } from '../client/receipt-files.ts';
import { readTrustedRoots } from '../client/trust.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../fault.ts';
import { readInput } from '../files.ts';
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
    .argument('<bestand...>', 'ontvangstbevestigingen, eindberichten of bevestigingen van een ontvanger')
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
  if (options.json === true) output.json({ geldig: passed, bevestigingen: verdicts.map(toJson) });
  else {
    for (const { path, title, passed: good, checks } of verdicts) {
      output.line(`${mark(output.paint, good)} ${output.paint.bold(title)}  ${path}`);
      showChecks(output, checks, '    ');
    }
    const missing = findMissing(verdicts, message !== undefined);
    for (const line of missing) output.line(output.paint.dim(line));
  }
  exit(passed ? EXIT.ok : EXIT.no);
}

// What passed says nothing about what wasn't given.
function findMissing(verdicts: readonly FileVerdict[], hasMessage: boolean): readonly string[] {
  const unlinked = verdicts.some(({ isLinked }) => !isLinked);
  return [
    ...(hasMessage ? [] : ['Niet met het bericht zelf vergeleken: geef het met --bericht.']),
    ...(unlinked ? ['Een eindbericht is niet met zijn ontvangstbevestiging vergeleken: geef die erbij.'] : []),
  ];
}

function toJson({ path, title, passed, checks }: FileVerdict): object {
  const controles = checks.map((one) => ({ controle: one.name, geslaagd: one.passed, uitleg: one.detail }));
  return { bestand: path, soort: title, geldig: passed, controles };
}

const HELP = `
Een bestand is de bevestiging zelf (JWS of XML), of het JSON-antwoord waar zij in staat. Een eindbericht wordt
vergeleken met elke ontvangstbevestiging van hetzelfde bericht die erbij gegeven is. Een certificaat wordt getoetst
op het tijdstip dat in de bevestiging staat.

Afloop: 0 alles klopt, 1 er klopt iets niet, 2 niet te controleren.

Voorbeelden:
  doorgeefluik receipt verify ontvangst.jws eind.jws --bericht opdracht.json --root root.pem --oin 00000004000000002000
  doorgeefluik receipt verify ontvangst.jws --root root.pem --json`;
