import type { Command } from 'commander';
import type { IdentityOptions } from '../client/identity.ts';

/** Options of every command that calls a gateway. */
export interface ConnectionOptions extends IdentityOptions {
  readonly url: string;
}

/** Adds where the gateway is and as whom to connect. */
export function addConnectionOptions(command: Command): Command {
  return addIdentityOptions(command.requiredOption('--url <url>', 'adres van het doorgeefluik, https://naam:poort'));
}

/** Adds as whom to connect. */
export function addIdentityOptions(command: Command): Command {
  return command
    .option('--profile <map>', 'map met tls.pem, tls.key, signing.pem en signing.key, en ernaast ca/root.pem')
    .option('--tls-cert <pem>', 'TLS-certificaat, met het tussencertificaat erachter')
    .option('--tls-key <pem>', 'sleutel van het TLS-certificaat')
    .option('--ca <pem>', 'root waaronder iedereen zijn certificaat heeft');
}

/** Adds with what to sign. */
export function addSigningOptions(command: Command): Command {
  return command
    .option('--sign-cert <pem>', 'ondertekencertificaat (anders dat van TLS), met het tussencertificaat erachter')
    .option('--sign-key <pem>', 'sleutel van het ondertekencertificaat');
}

/** Adds the choice of an answer for programs. */
export function addJsonOption(command: Command): Command {
  return command.option('--json', 'antwoord als JSON');
}
