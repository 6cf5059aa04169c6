import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { parseCertificatesPem } from '../../gateway/codec/certificate.ts';
import type { Certificate } from '../../gateway/codec/certificate.ts';
import { draftDigestOf, RULE_SIGNATURES, signedHashOf, signRules } from '../../gateway/codec/rule-signatures.ts';
import type { RuleSignature, RuleSignatureKind } from '../../gateway/codec/rule-signatures.ts';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import { formatInstant } from '../../gateway/codec/timestamps.ts';
import { ENVIRONMENTS } from '../../gateway/domain/message.ts';
import type { Environment } from '../../gateway/domain/message.ts';
import type { CommandContext } from '../context.ts';
import { CommandFault, EXIT } from '../fault.ts';
import { readInput, writePublic } from '../files.ts';
import { printable } from '../output.ts';
import { mark, toLocalTime } from '../show.ts';
import { parseChoice } from '../usage.ts';
import { readRuleFiles, readSignature } from './rule-files.ts';
import { holderOf } from './rule-signers.ts';

interface KeyOptions {
  readonly certificaat: string;
  readonly sleutel: string;
}

/** `doorgeefluik rules sign`: whoever drew a set up puts a name to it. */
export function createRulesSignCommand(context: CommandContext): Command {
  const command = new Command('sign')
    .description('ondertekent een map met regels: dit heb ik opgesteld')
    .argument('<map>', 'map met de regels');
  return addKeyOptions(command)
    .requiredOption('--omgeving <naam>', `omgeving waarvoor: ${ENVIRONMENTS.join(', ')}`, parseChoice(ENVIRONMENTS))
    .addHelpText('after', SIGN_HELP)
    .action((folder: string, options: KeyOptions & { readonly omgeving: Environment }) => {
      draft(folder, options, context);
    });
}

/** `doorgeefluik rules load`: another person takes the set into use. */
export function createRulesLoadCommand(context: CommandContext): Command {
  const command = new Command('load')
    .description('ondertekent als tweede persoon: deze regels mogen in gebruik')
    .argument('<map>', 'map met de regels en opgesteld.jws');
  return addKeyOptions(command)
    .addHelpText('after', LOAD_HELP)
    .action((folder: string, options: KeyOptions) => {
      load(folder, options, context);
    });
}

function addKeyOptions(command: Command): Command {
  return command
    .requiredOption('--certificaat <pem>', 'eigen certificaat, dat bij regelondertekening staat')
    .requiredOption('--sleutel <pem>', 'sleutel daarvan: EC P-256 of RSA');
}

function draft(
  folder: string,
  options: KeyOptions & { readonly omgeving: Environment },
  context: CommandContext,
): void {
  const signedHash = readSignedHash(folder);
  write('drafted', folder, {
    options,
    context,
    facts: { signedHash, environment: options.omgeving, draft: undefined },
  });
  // It was a signature under what stood here before.
  const loaded = join(folder, RULE_SIGNATURES.loaded.file);
  if (existsSync(loaded)) rmSync(loaded);
  context.output.line(`  daarna, door een ander: doorgeefluik rules load ${printable(folder)}`);
}

function load(folder: string, options: KeyOptions, context: CommandContext): void {
  const signedHash = readSignedHash(folder);
  const drafted = readSignature(folder, 'drafted');
  if (drafted === undefined)
    throw new CommandFault(
      `${folder} is niet ondertekend: laat wie de regels opstelde eerst doorgeefluik rules sign doen.`,
    );
  const { signature, text } = drafted;
  if (!signature.ok) throw new CommandFault(`${RULE_SIGNATURES.drafted.file} ${signature.error}.`);
  if (signature.value.signedHash !== signedHash)
    throw new CommandFault('De regels zijn gewijzigd nadat zij ondertekend zijn: laat ze opnieuw ondertekenen.');
  const [own] = readCertificates(options.certificaat);
  if (own?.publicKey.equals(signature.value.certificate.publicKey) === true)
    throw new CommandFault('Wie de regels opstelde kan ze niet ook laden: laat een ander dit doen.');
  const { environment, certificate, at } = signature.value;
  const { output } = context;
  output.line(`  opgesteld door ${holderOf(certificate)}, ${toLocalTime(formatInstant(at))}, voor ${environment}`);
  write('loaded', folder, { options, context, facts: { signedHash, environment, draft: draftDigestOf(text) } });
}

interface Writing {
  readonly options: KeyOptions;
  readonly context: CommandContext;
  readonly facts: Omit<RuleSignature, 'certificate' | 'at'>;
}

function write(kind: RuleSignatureKind, folder: string, { options, context, facts }: Writing): void {
  const { output, now, exit } = context;
  const chain = readCertificates(options.certificaat);
  const path = join(folder, RULE_SIGNATURES[kind].file);
  writePublic(path, `${trySign(kind, { ...facts, at: now() }, { chain, privateKey: readKey(options.sleutel) })}\n`);
  const [leaf] = chain;
  output.line(
    `${mark(output.paint, true)} ${printable(path)}: ondertekend door ${leaf === undefined ? '' : holderOf(leaf)}`,
  );
  output.line(`  sha256 zonder noodstop  ${facts.signedHash}`);
  exit(EXIT.ok);
}

function trySign(...signing: Parameters<typeof signRules>): string {
  try {
    return signRules(...signing);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new CommandFault(
      'Sleutel en certificaat horen niet bij elkaar, of de sleutel is geen EC P-256 of RSA van 2048 bits of meer.',
      { cause },
    );
  }
}

function readSignedHash(folder: string): string {
  const files = readRuleFiles(folder);
  const rules = readRuleSet(files);
  if (rules.ok) return signedHashOf(files);
  const count = String(rules.error.length);
  throw new CommandFault(
    `De regels in ${folder} kloppen niet (${count} keer): zie doorgeefluik rules check ${folder}.`,
  );
}

function readCertificates(path: string): readonly Certificate[] {
  const text = readInput(path, 'Het certificaat').toString('latin1');
  const chain = tryOrUndefined(() => parseCertificatesPem(text)) ?? [];
  if (chain.length > 0) return chain;
  throw new CommandFault(`Het certificaat ${path} is geen PEM: geef een bestand met -----BEGIN CERTIFICATE-----.`);
}

function readKey(path: string): KeyObject {
  const text = readInput(path, 'De sleutel').toString('latin1');
  const key = tryOrUndefined(() => createPrivateKey(text));
  if (key !== undefined) return key;
  throw new CommandFault(
    `De sleutel ${path} is geen PEM zonder wachtwoord: geef een bestand met -----BEGIN PRIVATE KEY-----.`,
  );
}

// What is wrong with octets that somebody gave is told in a sentence by the caller; the library's own words name them.
function tryOrUndefined<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

const SIGN_HELP = `
Schrijft ${RULE_SIGNATURES.drafted.file} in de map. Een ander laadt de regels daarna met doorgeefluik rules load; pas dan neemt een
doorgeefluik met regelondertekening ze. noodstop.yaml valt buiten de handtekening: een noodstop werkt meteen.

Afloop: 0 ondertekend, 2 de regels kloppen niet of de sleutel is niet te gebruiken.

Voorbeeld:
  doorgeefluik rules sign nieuwe-regels --omgeving productie --certificaat jansen.pem --sleutel jansen.key`;

const LOAD_HELP = `
Schrijft ${RULE_SIGNATURES.loaded.file} in de map, als ${RULE_SIGNATURES.drafted.file} van een ander is en bij deze regels hoort. Kijk eerst wat er verandert
met doorgeefluik rules diff. Zet de map daarna op haar plaats en geef het doorgeefluik SIGHUP.

Afloop: 0 ondertekend, 2 de regels of de handtekening kloppen niet.

Voorbeeld:
  doorgeefluik rules load nieuwe-regels --certificaat devries.pem --sleutel devries.key`;
