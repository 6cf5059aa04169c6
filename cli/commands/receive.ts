import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { REFUSAL_WORDS } from '../../gateway/codec/wire-words.ts';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import type { Environment } from '../../gateway/domain/message.ts';
import { createCalls } from '../client/calls.ts';
import { createHttpsClient } from '../client/https-client.ts';
import { readRoots, readSigningIdentity, readTlsIdentity } from '../client/identity.ts';
import type { IdentityOptions } from '../client/identity.ts';
import { openListener } from '../client/listener.ts';
import { pullOnce } from '../client/puller.ts';
import { createRecipient } from '../client/recipient.ts';
import type { Arrival, Reaction, Recipient } from '../client/recipient.ts';
import { readTrustedRoots } from '../client/trust.ts';
import type { CommandContext } from '../context.ts';
import { CommandFault, EXIT } from '../fault.ts';
import { reasonOf, writeOutput } from '../files.ts';
import { printable } from '../output.ts';
import { mark } from '../show.ts';
import { parseChoice, parseWhole } from '../usage.ts';
import { addIdentityOptions, addJsonOption, addSigningOptions } from './connection-options.ts';

interface ReceiveOptions extends IdentityOptions {
  readonly url?: string;
  readonly pull?: boolean;
  readonly point?: string;
  readonly listen?: number;
  readonly host: string;
  readonly out?: string;
  readonly omgeving: Environment;
  readonly refuse?: string;
  readonly plain?: boolean;
  readonly count?: number;
  readonly json?: boolean;
}

/** `doorgeefluik receive`: takes berichten as a recipient does. */
export function createReceiveCommand(context: CommandContext): Command {
  const command = new Command('receive')
    .description('ontvangt berichten, controleert de handtekening en bevestigt')
    .option('--pull', 'berichten ophalen uit de postbus (met --url)')
    .option('--url <url>', 'adres van het doorgeefluik, https://naam:poort')
    .option('--point <id>', 'alleen van dit aansluitpunt ophalen')
    .option('--listen <poort>', 'berichten laten bezorgen op deze poort', parseWhole({ min: 0, max: 65_535 }))
    .option('--host <adres>', 'adres om op te luisteren (standaard 127.0.0.1)', '127.0.0.1');
  addSigningOptions(addIdentityOptions(command))
    .option('--out <map>', 'elk bericht bewaren in een bestand met het Bericht-Id als naam')
    .option(
      '--omgeving <naam>',
      'productie, acceptatie of ontwikkeling (standaard)',
      parseChoice(ENVIRONMENTS),
      'ontwikkeling',
    )
    .option('--plain', 'bevestigen zonder eigen handtekening')
    .option(
      '--refuse <code>',
      `alles weigeren, om uit te proberen: ${REFUSAL_CODES.join(', ')}`,
      parseChoice(REFUSAL_CODES),
    )
    .option('--count <aantal>', 'stoppen na zoveel berichten', parseWhole({ min: 1, max: 1_000_000 }));
  return addJsonOption(command)
    .addHelpText('after', HELP)
    .action(async (options: ReceiveOptions) => {
      await receive(options, context);
    });
}

async function receive(options: ReceiveOptions, context: CommandContext): Promise<void> {
  if ((options.pull === true) === (options.listen !== undefined)) {
    throw new CommandFault('Kies één van beide: --pull om op te halen of --listen <poort> om te laten bezorgen.');
  }
  const recipient = openRecipient(options, context);
  const tally = { seen: 0, failed: 0 };
  const done = new AbortController();
  const onReaction = (reaction: Reaction): void => {
    tally.seen += 1;
    if (reaction.kind === 'refused' && options.refuse === undefined) tally.failed += 1;
    showReaction(reaction, options, context);
    if (tally.seen === options.count) done.abort();
  };
  const signal = AbortSignal.any([done.signal, context.signal]);
  await (options.listen === undefined
    ? pullAll(recipient, { options, context, signal, onReaction })
    : listenUntil(recipient, { options, context, signal, onReaction }));
  context.exit(tally.failed > 0 ? EXIT.no : EXIT.ok);
}

interface Run {
  readonly options: ReceiveOptions;
  readonly context: CommandContext;
  readonly signal: AbortSignal;
  readonly onReaction: (reaction: Reaction) => void;
}

async function pullAll(recipient: Recipient, { options, context, signal, onReaction }: Run): Promise<void> {
  if (options.url === undefined)
    throw new CommandFault('--url ontbreekt: geef bij --pull het adres van het doorgeefluik.');
  const client = createHttpsClient(options.url, readTlsIdentity(options));
  const calls = createCalls(client);
  context.output.note(`Wacht op berichten van ${client.url}; Ctrl-C stopt`);
  try {
    while (!signal.aborted) {
      const { point } = options;
      const reaction = await pullOnce({ calls, recipient, point, waitSeconds: PULL_SECONDS, signal });
      if (reaction !== undefined) onReaction(reaction);
    }
  } catch (error) {
    if (!context.signal.aborted) throw error;
  } finally {
    client.close();
  }
}

async function listenUntil(recipient: Recipient, { options, context, signal, onReaction }: Run): Promise<void> {
  const { host, listen: port = 0 } = options;
  const onFault = (sentence: string): void => {
    context.output.note(`Geweigerd: ${printable(sentence)}`);
  };
  const identity = readTlsIdentity(options);
  const listener = await openListener({ host, port, identity, recipient, onReaction, onFault });
  context.output.note(`Luistert op https://${host}:${String(listener.port)}; Ctrl-C stopt`);
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => {
      resolve();
    });
  });
  await listener.close();
}

function openRecipient(options: ReceiveOptions, { now }: CommandContext): Recipient {
  const { out, omgeving, refuse } = options;
  if (out !== undefined) makeFolder(out);
  const reason = refuse === undefined ? undefined : REFUSAL_WORDS.fromWire(refuse);
  return createRecipient({
    trust: { environment: omgeving, roots: readTrustedRoots(readRoots(options)), intermediates: [] },
    signing: options.plain === true ? undefined : readSigningIdentity(options),
    now,
    refuse: () => reason,
    keep: (arrival) => {
      if (out !== undefined) keepFile(out, arrival);
    },
    has: (messageId) =>
      out !== undefined && EXTENSIONS.some((extension) => existsSync(join(out, messageId + extension))),
  });
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new CommandFault(`De map ${folder} is niet te maken: ${reasonOf(cause)}.`, { cause });
  }
}

// Whole or not at all: a receipt says that the recipient has it.
function keepFile(folder: string, { messageId, contentType, body }: Arrival): void {
  const path = join(folder, messageId + (contentType.startsWith('application/json') ? '.json' : '.xml'));
  writeOutput(`${path}.nieuw`, body);
  renameSync(`${path}.nieuw`, path);
}

function showReaction(reaction: Reaction, options: ReceiveOptions, { output }: CommandContext): void {
  const { messageId, messageType, sender, repeat } = reaction.arrival;
  const taken = reaction.kind === 'taken';
  if (options.json === true) {
    const outcome = taken
      ? {
          ontvangen: true,
          nieuw: reaction.isNew,
          ondertekenaar: reaction.signer,
          getekend: reaction.receipt !== undefined,
        }
      : { ontvangen: false, code: reaction.code };
    output.json({ berichtId: messageId, berichttype: messageType, afzender: sender, herhaling: repeat, ...outcome });
    return;
  }
  const what = taken
    ? `${reaction.isNew ? 'ontvangen' : 'had ik al'}, ondertekend door OIN ${reaction.signer}`
    : `geweigerd met ${reaction.code}: ${reaction.why}`;
  output.line(printable(`${messageId}  ${messageType}  van ${sender}`));
  output.line(`  ${mark(output.paint, taken)} ${printable(what)}`);
}

const PULL_SECONDS = 30;
const EXTENSIONS = ['.xml', '.json'];
const REFUSAL_CODES = Object.values(REFUSAL_WORDS.all);

const HELP = `
Een bericht dat al ontvangen was, wordt opnieuw bevestigd en niet opnieuw bewaard. Met --json staat elk
bericht als los JSON-object in de uitvoer.

Voorbeelden:
  doorgeefluik receive --pull --url https://localhost:8443 --profile certs-dev/out/gemeente-arnhem --out in
  doorgeefluik receive --listen 9101 --profile certs-dev/out/rvdk --out in --count 1
  doorgeefluik receive --listen 9102 --profile certs-dev/out/gi-jeugdbescherming-gelderland --refuse ZAAK_ONBEKEND`;
