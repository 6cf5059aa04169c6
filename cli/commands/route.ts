import { Command } from 'commander';
import type { RoutingBody } from '../../gateway/codec/status-json.ts';
import { createCalls } from '../client/calls.ts';
import { createHttpsClient } from '../client/https-client.ts';
import { readTlsIdentity } from '../client/identity.ts';
import { expectAllowed } from '../client/puller.ts';
import { describeProblem } from '../client/submit.ts';
import type { CommandContext } from '../context.ts';
import { CommandFault, EXIT } from '../fault.ts';
import { alignPairs, printable } from '../output.ts';
import { mark } from '../show.ts';
import { addConnectionOptions, addJsonOption } from './connection-options.ts';
import type { ConnectionOptions } from './connection-options.ts';

interface RouteOptions extends ConnectionOptions {
  readonly type: string;
  readonly afzender?: string;
  readonly afzenderrol?: string;
  readonly role?: string;
  readonly oin?: string;
  readonly gemeentecode?: string;
  readonly instantiecode?: string;
  readonly json?: boolean;
}

/** `doorgeefluik route`: may this be sent, and where would it go. */
export function createRouteCommand(context: CommandContext): Command {
  const command = new Command('route')
    .description('vraagt of een bericht verstuurd mag worden en waar het heen zou gaan')
    .requiredOption('--type <berichttype>', 'berichttype, zoals vtoDi01')
    .option('--afzender <oin>', 'wie het zou sturen; zonder deze optie de organisatie van het certificaat')
    .option('--afzenderrol <rol>', 'rol waarin de afzender het zou sturen')
    .option('--role <rol>', 'rol van de ontvanger, zoals GEMEENTE')
    .option('--oin <oin>', 'ontvanger op OIN')
    .option('--gemeentecode <code>', 'ontvanger op gemeentecode')
    .option('--instantiecode <code>', 'ontvanger op instantiecode');
  return addJsonOption(addConnectionOptions(command))
    .addHelpText('after', HELP)
    .action(async (options: RouteOptions) => {
      await route(options, context);
    });
}

async function route(options: RouteOptions, { output, exit }: CommandContext): Promise<void> {
  const { type, afzender: sender, afzenderrol: senderRole, role } = options;
  const { oin, gemeentecode: municipality, instantiecode: institution } = options;
  if ([oin, municipality, institution].filter((one) => one !== undefined).length !== 1) {
    throw new CommandFault('Noem de ontvanger op precies één manier: --oin, --gemeentecode of --instantiecode.');
  }
  const client = createHttpsClient(options.url, readTlsIdentity(options));
  try {
    const answer = expectAllowed(
      await createCalls(client).routing({ type, sender, senderRole, role, oin, municipality, institution }),
    );
    if (options.json === true) output.json(answer);
    else for (const line of describe(answer)) output.line(line);
    if (options.json !== true) output.line(output.paint.dim(answer.voorbehoud));
    exit(answer.toegestaan ? EXIT.ok : EXIT.no);
  } finally {
    client.close();
  }

  function describe(answer: RoutingBody): readonly string[] {
    const title = `${mark(output.paint, answer.toegestaan)} ${answer.toegestaan ? 'Dit mag verstuurd worden' : 'Dit kan niet'}`;
    return [title, ...(answer.weigering === null ? facts(answer) : describeProblem(answer.weigering)).map(indent), ''];
  }
}

function facts(answer: RoutingBody): readonly string[] {
  const { ontvanger, stuf } = answer;
  const rows: (readonly [string, string | null | undefined])[] = [
    ['ontvanger', ontvanger === null ? null : `${ontvanger.naam ?? ''} (OIN ${ontvanger.oin}, ${ontvanger.rol ?? ''})`],
    ['wijze', answer.wijze],
    ['termijn', answer.termijnUren === null ? null : `${String(answer.termijnUren)} uur`],
    ['kantooruren', answer.kantooruren === true ? 'alleen op werkdagen' : null],
    ['formaten', answer.formaten.join(', ')],
    ['handtekening', answer.handtekeningen.join(' of ')],
    ['verwerking', answer.verwerking.join(', ')],
    ['regel', answer.regel],
    ...requirements(answer),
    ['StUF organisatie', stuf?.organisatie],
    ['StUF applicatie', stuf?.applicatie],
    ['StUF administratie', stuf?.administratie],
  ];
  const given = rows.flatMap(([name, value]) =>
    typeof value === 'string' && value !== '' ? [[name, value] as const] : [],
  );
  return alignPairs(given);
}

function requirements(answer: RoutingBody): readonly (readonly [string, string])[] {
  const { antwoord, antwoordOp, doelbinding, informerenNodig, voorwaarden } = answer;
  const urgent = typeof antwoord?.termijnUrgent === 'string' ? `, urgent ${antwoord.termijnUrgent}` : '';
  return [
    ...voorwaarden.map(({ regel, omschrijving }) => ['voorwaarde', `${omschrijving} (${regel})`] as const),
    ...doelbinding.map(({ regel, werkveld, grondslagen, toestemming, toestemmingNodig }) => {
      const consent = toestemmingNodig ? ` met toestemming ${toestemming.join(' of ')}` : '';
      return ['doelbinding', `${werkveld} op grond van ${grondslagen.join(' of ')}${consent} (${regel})`] as const;
    }),
    ['informeren', informerenNodig === true ? 'meld of de betrokkene geïnformeerd is' : ''],
    ['antwoord', antwoord === null ? '' : `${antwoord.berichttypen.join(' of ')} binnen ${antwoord.termijn}${urgent}`],
    ['antwoord op', antwoordOp.join(' of ')],
  ];
}

function indent(line: string): string {
  return `  ${printable(line)}`;
}

const HELP = `
Afloop: 0 het mag, 1 het mag niet of kan niet, 2 niet te vragen.

Voorbeelden:
  doorgeefluik route --type vtoDi01 --oin 00000002003214436001 --role RVDK \\
      --url https://localhost:8443 --profile certs-dev/out/gemeente-arnhem
  doorgeefluik route --type virMelding --afzender 00000001001825112000 --oin 00000099000000010000 --role VIR \\
      --url https://localhost:8443 --profile certs-dev/out/rvdk
  doorgeefluik route --type opdrachtTb --instantiecode AST095 --url https://localhost:8443 --profile certs-dev/out/rvdk`;
