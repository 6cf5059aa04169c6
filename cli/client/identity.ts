import { join } from 'node:path';
import { CommandFault } from '../fault.ts';
import { readInput } from '../files.ts';
import type { TlsIdentity } from './https-client.ts';

/** With what a party signs: its certificate (PEM, leaf first) and key. */
export interface SigningIdentity {
  readonly certPem: string;
  readonly keyPem: string;
}

/** Where the certificates of a party stand; a profile is a folder that has them all. */
export interface IdentityOptions {
  readonly profile?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly signCert?: string;
  readonly signKey?: string;
  readonly ca?: string;
}

/** Reads what is needed to connect. */
export function readTlsIdentity(options: IdentityOptions): TlsIdentity {
  const { profile } = options;
  return {
    certPem: readPem(options.tlsCert ?? inProfile(profile, 'tls.pem', '--tls-cert'), 'Het TLS-certificaat'),
    keyPem: readPem(options.tlsKey ?? inProfile(profile, 'tls.key', '--tls-key'), 'De TLS-sleutel'),
    rootsPem: readRoots(options),
  };
}

/** Reads what is needed to sign. One certificate may serve for both: without one of its own, signing takes the TLS one. */
export function readSigningIdentity(options: IdentityOptions): SigningIdentity {
  const { profile, signCert, signKey } = options;
  if ((signCert === undefined) !== (signKey === undefined)) {
    throw new CommandFault('--sign-cert en --sign-key horen bij elkaar: geef beide of geen van beide.');
  }
  const cert = signCert ?? (profile === undefined ? options.tlsCert : join(profile, 'signing.pem'));
  const key = signKey ?? (profile === undefined ? options.tlsKey : join(profile, 'signing.key'));
  if (cert === undefined || key === undefined) throw missing('--sign-cert en --sign-key');
  return {
    certPem: readPem(cert, 'Het ondertekencertificaat'),
    keyPem: readPem(key, 'De ondertekensleutel'),
  };
}

/** Reads the roots everything is trusted by. */
export function readRoots({ profile, ca }: IdentityOptions): string {
  return readPem(ca ?? inProfile(profile, join('..', 'ca', 'root.pem'), '--ca'), 'De root');
}

function inProfile(profile: string | undefined, name: string, flag: string): string {
  if (profile === undefined) throw missing(flag);
  return join(profile, name);
}

function missing(flag: string): CommandFault {
  return new CommandFault(`${flag} ontbreekt: geef het op, of geef met --profile een map met alle certificaten.`);
}

function readPem(path: string, what: string): string {
  const text = readInput(path, what).toString('latin1');
  if (!text.includes('-----BEGIN '))
    throw new CommandFault(`${what} ${path} is geen PEM: geef een bestand met -----BEGIN …-----.`);
  return text;
}
