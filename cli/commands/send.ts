import { Command } from 'commander';
import { FORM_WORDS } from '../../gateway/codec/wire-words.ts';
import type { ProblemBody } from '../../gateway/codec/problem.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import { createCalls } from '../client/calls.ts';
import type { OutgoingMessage } from '../client/calls.ts';
import { createHttpsClient } from '../client/https-client.ts';
import { readRoots, readSigningIdentity, readTlsIdentity } from '../client/identity.ts';
import { readMessageUnverified } from '../client/read-message.ts';
import type { MessageSketch } from '../client/read-message.ts';
import { renewMessage } from '../client/renew-message.ts';
import { signMessage } from '../client/sign-message.ts';
import { awaitEnd, describeProblem, submitMessage } from '../client/submit.ts';
import type { Ended, Sender, Submitted } from '../client/submit.ts';
import { readTrustedRoots } from '../client/trust.ts';
import type { CommandContext } from '../context.ts';
import { EXIT } from '../fault.ts';
import type { ExitCode } from '../fault.ts';
import { readInput, writeOutput } from '../files.ts';
import { alignPairs, printable, withProgress } from '../output.ts';
import { mark, showChecks, toLocalTime } from '../show.ts';
import { parseChoice, parseOinOption, parseWhole } from '../usage.ts';
import { addConnectionOptions, addJsonOption, addSigningOptions } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';

interface SendOptions extends ConnectionOptions {
  readonly form?: 'losstaand' | 'ingesloten';
  readonly wait: number;
  readonly oin?: Oin;
  readonly fresh?: boolean;
  readonly sentOut?: string;
  readonly receiptOut?: string;
  readonly endOut?: string;
  readonly json?: boolean;
}

/** `doorgeefluik send`: signs and sends a bericht, and checks what comes back. */
export function createSendCommand(context: CommandContext): Command {
  const command = new Command('send')
    .description('ondertekent en verstuurt een bericht, en controleert de bevestigingen')
    .argument('<bestand>', 'bericht in XML of JSON');
  addSigningOptions(addConnectionOptions(command))
    .option(
      '--form <vorm>',
      'losstaand of ingesloten (standaard: ingesloten in ons eigen XML, anders losstaand)',
      parseChoice(FORMS),
    )
    .option(
      '--wait <seconden>',
      'zo lang wachten op het eindbericht (standaard 30)',
      parseWhole({ min: 0, max: 86_400 }),
      30,
    )
    .option('--oin <oin>', 'OIN van het doorgeefluik, dat de bevestigingen moet afgeven', parseOinOption)
    .option('--fresh', 'eerst een nieuw kenmerk en tijdstip in het bericht zetten, om uit te proberen')
    .option('--sent-out <bestand>', 'het bericht bewaren zoals het verstuurd is, met de ingesloten handtekening')
    .option('--receipt-out <bestand>', 'de ontvangstbevestiging bewaren')
    .option('--end-out <bestand>', 'het eindbericht bewaren');
  return addJsonOption(command)
    .addHelpText('after', HELP)
    .action(async (file: string, options: SendOptions) => {
      await send(file, options, context);
    });
}

async function send(file: string, options: SendOptions, context: CommandContext): Promise<void> {
  const given = readInput(file, 'Het bericht');
  const bytes = options.fresh === true ? renewMessage(given, context.now()) : given;
  const form = options.form === undefined ? undefined : FORM_WORDS.fromWire(options.form);
  const message = signMessage(bytes, { identity: readSigningIdentity(options), signedAt: context.now(), form });
  const roots = readTrustedRoots(readRoots(options));
  keep(options.sentOut, message.body);
  const client = createHttpsClient(options.url, readTlsIdentity(options));
  try {
    const sender: Sender = { calls: createCalls(client), trust: { roots, issuer: options.oin } };
    context.exit(await follow(sender, { message, sketch: readMessageUnverified(bytes), options, context }));
  } finally {
    client.close();
  }
}

interface Sending {
  readonly message: OutgoingMessage;
  readonly sketch: MessageSketch;
  readonly options: SendOptions;
  readonly context: CommandContext;
}

async function follow(sender: Sender, { message, sketch, options, context }: Sending): Promise<ExitCode> {
  const { output, signal } = context;
  const submitted = await withProgress(output, 'Versturen', () => submitMessage(sender, message, sketch.kenmerk));
  if (!submitted.ok) return showRefusal(submitted.problem, options, context);
  const { value } = submitted;
  keep(options.receiptOut, value.answer.bevestiging);
  if (options.json !== true) showSubmitted(context, sketch, value);
  const ended = await withProgress(output, 'Wachten op het eindbericht', () =>
    awaitEnd(sender, value, { seconds: options.wait, signal }),
  );
  keep(options.endOut, ended?.notice);
  if (options.json === true) output.json(toJson(value, ended));
  else showEnded(context, value, ended);
  return value.verdict.passed && ended?.isDelivered === true ? EXIT.ok : EXIT.no;
}

function showRefusal(problem: ProblemBody, { json }: SendOptions, { output }: CommandContext): ExitCode {
  if (json === true) output.json({ toestand: 'niet-aangenomen', probleem: problem });
  else {
    const [sentence = '', ...more] = describeProblem(problem).map(printable);
    output.line(`${mark(output.paint, false)} Niet aangenomen: ${sentence}`);
    for (const line of more) output.line(line);
  }
  return EXIT.no;
}

function keep(path: string | undefined, content: string | Uint8Array | undefined): void {
  if (path !== undefined && content !== undefined) writeOutput(path, content);
}

function showSubmitted({ output }: CommandContext, sketch: MessageSketch, submitted: Submitted): void {
  const { answer, isRepeat, verdict } = submitted;
  const facts = [
    ['bericht', sketch.messageType],
    ['aan', sketch.recipient],
    ['kenmerk', answer.kenmerk],
    ['Bericht-Id', answer.berichtId],
    ['uiterlijk', toLocalTime(answer.uiterlijk)],
  ] as const;
  for (const line of alignPairs(facts)) output.line(printable(line));
  output.line();
  const title = isRepeat ? 'Ontvangstbevestiging (herhaling van een eerder bericht)' : 'Ontvangstbevestiging';
  output.line(`${mark(output.paint, verdict.passed)} ${output.paint.bold(title)}`);
  showChecks(output, verdict.checks, '    ');
}

function showEnded({ output }: CommandContext, submitted: Submitted, ended: Ended | undefined): void {
  output.line();
  if (ended === undefined) {
    output.line(`Nog onderweg. Later opvragen: GET /v1/berichten/${submitted.answer.berichtId}?wacht=30`);
    return;
  }
  const { claims, checks, passed } = ended.verdict;
  const text = (name: string): string => (typeof claims?.[name] === 'string' ? ` ${claims[name]}` : '');
  output.line(
    `${mark(output.paint, passed && ended.isDelivered)} ${output.paint.bold(`Eindbericht:${text('toestand')}${text('reden')}`)}`,
  );
  showChecks(output, checks, '    ');
  if (claims?.['mogelijkOntvangen'] === true)
    output.line('    Let op: de ontvanger heeft het bericht mogelijk wel gekregen.');
}

function toJson(submitted: Submitted, ended: Ended | undefined): object {
  const { answer, isRepeat, verdict } = submitted;
  const claims = ended?.verdict.claims;
  return {
    berichtId: answer.berichtId,
    kenmerk: answer.kenmerk,
    herhaling: isRepeat,
    toestand: claims?.['toestand'] ?? answer.status,
    reden: claims?.['reden'] ?? null,
    bewijs: claims?.['bewijs'] ?? null,
    ontvangstbevestiging: { geldig: verdict.passed, controles: verdict.checks.map(toRow), jws: answer.bevestiging },
    eindbericht:
      ended === undefined
        ? null
        : { geldig: ended.verdict.passed, controles: ended.verdict.checks.map(toRow), jws: ended.notice },
  };
}

function toRow({
  name,
  passed,
  detail,
}: {
  readonly name: string;
  readonly passed: boolean;
  readonly detail: string;
}): object {
  return { controle: name, geslaagd: passed, uitleg: detail };
}

const FORMS = ['losstaand', 'ingesloten'] as const;

const HELP = `
Afloop: 0 afgeleverd, met geldige bevestigingen; 1 geweigerd, verlopen, nog onderweg of een ongeldige
bevestiging; 2 niet te versturen.

Voorbeelden:
  doorgeefluik send opdracht.xml --url https://localhost:8443 --profile certs-dev/out/rvdk
  doorgeefluik send vto.xml --url https://doorgeefluik.example --tls-cert tls.pem --tls-key tls.key \\
      --sign-cert teken.pem --sign-key teken.key --ca root.pem \\
      --sent-out verstuurd.xml --receipt-out ontvangst.jws --end-out eind.jws`;
