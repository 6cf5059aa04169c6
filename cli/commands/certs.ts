import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { hasCurrentPki, readAuthority, revoke, writeDevelopmentPki } from '../../certs-dev/generate.ts';
import { writeIdentity } from '../../certs-dev/store.ts';
import type { CommandContext } from '../context.ts';
import { CommandFault, EXIT } from '../fault.ts';
import { codeOf } from '../fault.ts';
import { reasonOf } from '../files.ts';
import { parseChoice, parseOinOption } from '../usage.ts';
import { addJsonOption } from './connection-options.ts';

interface CertsOptions {
  readonly out: string;
  readonly bad?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface IssueOptions {
  readonly out: string;
  readonly oin: string;
  readonly name: string;
  readonly organisation?: string;
  readonly key: 'ec-p256' | 'rsa-2048';
  readonly json?: boolean;
}

interface RevokeOptions {
  readonly out: string;
  readonly name: string;
  readonly use: string;
  readonly json?: boolean;
}

/** `doorgeefluik certs`: certificates for development; never for productie. */
export function createCertsCommand(context: CommandContext): Command {
  const command = new Command('certs')
    .description('maakt ontwikkelcertificaten (nooit voor productie)')
    .option('--out <map>', 'map voor de certificaten (standaard certs-dev/out)', FOLDER)
    .option('--bad', 'ook slechte certificaten, in slecht/')
    .option('--force', 'ook als er een geldige set staat');
  return addJsonOption(command)
    .addCommand(createIssueCommand(context))
    .addCommand(createRevokeCommand(context))
    .addHelpText('after', HELP)
    .action((options: CertsOptions) => {
      inFolder(options.out, () => {
        makeSet(options, context);
      });
    });
}

function createIssueCommand(context: CommandContext): Command {
  const command = new Command('issue')
    .description('geeft een nieuwe partij haar certificaten, onder een set die er al staat')
    .requiredOption('--name <naam>', 'naam van de partij, ook van haar map', parseName)
    .requiredOption('--oin <oin>', 'OIN van de partij', parseOinOption)
    .option('--organisation <naam>', 'naam in het certificaat (standaard die van --name)')
    .option('--out <map>', 'map met de set (standaard certs-dev/out)', FOLDER)
    .option(
      '--key <soort>',
      'ec-p256 (standaard) of rsa-2048, voor het ondertekencertificaat',
      parseChoice(KEYS),
      'ec-p256',
    );
  return addJsonOption(command)
    .addHelpText('after', ISSUE_HELP)
    .action((_options: unknown, self: Command) => {
      // Its parent has an --out of the same name, which would take the value.
      const options = self.optsWithGlobals<IssueOptions>();
      inFolder(options.out, () => {
        issue(options, context);
      });
    });
}

function createRevokeCommand(context: CommandContext): Command {
  const command = new Command('revoke')
    .description('trekt een certificaat van de set in: het komt op de intrekkingslijst van zijn uitgever')
    .requiredOption('--name <naam>', 'naam van de partij, ook van haar map', parseName)
    .option('--use <gebruik>', 'welk van haar certificaten, zoals tls (standaard) of signing', parseName, 'tls')
    .option('--out <map>', 'map met de set (standaard certs-dev/out)', FOLDER);
  return addJsonOption(command)
    .addHelpText('after', REVOKE_HELP)
    .action((_options: unknown, self: Command) => {
      const options = self.optsWithGlobals<RevokeOptions>();
      inFolder(options.out, () => {
        revokeOne(options, context);
      });
    });
}

function revokeOne(options: RevokeOptions, { output, now, exit }: CommandContext): void {
  const { name, use, out } = options;
  const path = join(out, name, `${use}.pem`);
  const outcome = revoke(out, readFileSync(path, 'utf8'), { now: new Date(now()) });
  if (outcome === 'other-authority') throw new CommandFault(`${path} is niet van de uitgever in ${join(out, 'ca')}.`);
  if (options.json === true) output.json({ certificaat: path, gewijzigd: outcome === 'revoked' });
  else output.line(outcome === 'revoked' ? `${path}: ingetrokken` : `${path}: was al ingetrokken`);
  exit(EXIT.ok);
}

function makeSet(options: CertsOptions, { output, now, exit }: CommandContext): void {
  const made: string[] = [];
  const asked = { now: new Date(now()), includeBad: options.bad === true };
  const isCurrent = options.force !== true && hasCurrentPki(options.out, asked);
  if (!isCurrent) writeDevelopmentPki(options.out, { ...asked, report: (line) => made.push(line) });
  if (options.json === true) output.json({ map: options.out, gewijzigd: !isCurrent, gemaakt: made });
  else {
    for (const line of made) output.line(`  ${line}`);
    output.line(
      isCurrent ? `${options.out}: geldig, niets gewijzigd (--force maakt alles opnieuw)` : `${options.out}: klaar`,
    );
  }
  exit(EXIT.ok);
}

function issue(options: IssueOptions, { output, now, exit }: CommandContext): void {
  const { name, oin, out, key } = options;
  const authority = readAuthority(out, { now: new Date(now()) });
  const host = `${name}.localhost`;
  const subject = { organisation: options.organisation ?? name, oins: [oin] };
  writeIdentity(out, name, {
    tls: authority.issue({
      ...subject,
      commonName: host,
      usage: 'tls-client-server',
      keyKind: 'ec-p256',
      dnsNames: [host],
    }),
    signing: authority.issue({ ...subject, commonName: `${name} signing`, usage: 'signing', keyKind: key }),
  });
  const folder = join(out, name);
  if (options.json === true) output.json({ map: folder, oin });
  else output.line(`${folder}: tls en signing (OIN ${oin})`);
  exit(EXIT.ok);
}

function inFolder(folder: string, work: () => void): void {
  try {
    work();
  } catch (cause) {
    if (codeOf(cause) === '') throw cause;
    throw new CommandFault(`In de map ${folder} lukt het niet: ${reasonOf(cause)}.`, { cause });
  }
}

function parseName(text: string): string {
  if (/^[a-z0-9][a-z0-9-]{0,40}$/.test(text)) return text;
  throw new InvalidArgumentError('geef kleine letters, cijfers en streepjes.');
}

const FOLDER = join('certs-dev', 'out');
const KEYS = ['ec-p256', 'rsa-2048'] as const;

const HELP = `
Een geldige set blijft staan. Elke partij krijgt een map met tls.pem, tls.key, signing.pem en signing.key;
ca/root.pem is de root, ca/*.crl.pem zijn de intrekkingslijsten.

Voorbeelden:
  doorgeefluik certs
  doorgeefluik certs --out /tmp/certificaten --bad --force
  doorgeefluik certs issue --name mijn-gemeente --oin 00000099000000002000`;

const ISSUE_HELP = `
Voorbeeld:
  doorgeefluik certs issue --name mijn-gemeente --oin 00000099000000002000 --organisation "Mijn gemeente"`;

const REVOKE_HELP = `
Een doorgeefluik dat ca/intermediate.crl.pem als bron heeft, merkt het binnen vijf seconden.

Voorbeeld:
  doorgeefluik certs revoke --name gemeente-arnhem`;
