import { createPrivateKey, sign, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readFolder, readText } from '../adapters/files/index.ts';
import type { CheckpointSigner } from '../adapters/register-file/index.ts';
import { verifyCertificate } from './codec/certificate.ts';
import type { Certificate, CertificateDemand, TrustStore } from './codec/certificate.ts';
import { DEFAULT_TIMES_MS, readGatewayFile } from './codec/gateway-config.ts';
import type { GatewayFile, KeyPairFiles } from './codec/gateway-config.ts';
import type { ReceiptIssuer } from './codec/receipts.ts';
import type { JsonObject } from './codec/strict-json.ts';
import { verifyPackage } from './codec/stuf-package-files.ts';
import { composeSchemaFiles, readCertificates } from './compose-standing.ts';
import type { StandingSource, TrustSource } from './compose-standing.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { Clock } from './ports/system.ts';
import type { Settings } from './services/parts.ts';

/** The configuration file, and what its relative paths count from. */
export interface LoadedConfig {
  readonly file: GatewayFile;
  /** An absolute path for one in the configuration. */
  readonly at: (path: string) => string;
  readonly schemas: string;
}

/** Reads the configuration file. Throws ConfigurationFault that names the keys that are wrong. */
export function loadConfig(configPath: string): LoadedConfig {
  const text = readText(configPath, 'De configuratie');
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- our own schema, compiled in strict mode right after
  const schema = JSON.parse(readText(join(PACKAGE_ROOT, 'schemas', 'gateway.schema.json'), 'Het schema')) as JsonObject;
  const read = readGatewayFile(text, schema);
  if (!read.ok) throw new ConfigurationFault('ERR_CONFIG_INVALID', `${configPath}: ${read.error.join('; ')}`);
  const at = (path: string): string => resolve(dirname(configPath), path);
  const file = read.value;
  return { file, at, schemas: file.schemas === undefined ? join(PACKAGE_ROOT, 'schemas') : at(file.schemas) };
}

/** Everything the stages look at, as the configured files have it. */
export function loadStandingSource(config: LoadedConfig): StandingSource {
  const { file, schemas } = config;
  return {
    ...loadTrustSource(config),
    // Closed until the lists are there.
    revocation: { isRequired: file.omgeving === 'productie', authorities: [] },
    schemaFiles: composeSchemaFiles({
      shipped: readFolder(schemas),
      imported: loadPackage(config),
      environment: file.omgeving,
    }),
    ruleFiles: loadRuleFiles(config),
    maxBodyBytes: file.limieten?.berichtBytes ?? MAX_BODY_BYTES,
  };
}

/** Roots and intermediates, as they are now. */
export function loadTrustSource({ file, at }: LoadedConfig): TrustSource {
  const pem = (paths: readonly string[]): string => paths.map((path) => readText(at(path), 'vertrouwen')).join('\n');
  return {
    environment: file.omgeving,
    rootsPem: pem(file.vertrouwen.wortels),
    intermediatesPem: pem(file.vertrouwen.tussencertificaten ?? []),
  };
}

// The package may have been changed since: it is held against what was written down of it at the import.
function loadPackage({ file, at }: LoadedConfig): ReadonlyMap<string, Uint8Array> | undefined {
  if (file.stufpakket === undefined) return undefined;
  const files = readFolder(at(file.stufpakket));
  const verified = verifyPackage(files);
  if (verified.ok) return files;
  const what = `stufpakket: ${verified.error}; importeer het opnieuw met doorgeefluik schemas import`;
  throw new ConfigurationFault('ERR_STUF_PACKAGE_INVALID', what);
}

/** The files of the rule set, as they are now. Throws ConfigurationFault when they can't be read. */
export function loadRuleFiles({ file, at }: LoadedConfig): ReadonlyMap<string, Uint8Array> {
  return readFolder(file.regels === undefined ? join(PACKAGE_ROOT, 'routing-rules') : at(file.regels));
}

/** The certificate and key that receipts are signed with; it must be usable now. */
export function loadIssuer({ file, at }: LoadedConfig, trust: TrustStore, clock: Clock): ReceiptIssuer {
  const pair = loadPair(file.bevestigingen, at, 'bevestigingen');
  const chain = readCertificates(pair.certPem, 'bevestigingen.certificaat');
  const [leaf, ...offered] = chain;
  const verified =
    leaf === undefined ? undefined : verifyOwn(leaf, { usage: 'signing', trust, now: clock.now(), offered });
  if (verified?.ok !== true) {
    const why = verified === undefined ? 'leeg' : verified.error;
    throw new ConfigurationFault('ERR_RECEIPT_CERTIFICATE', `bevestigingen.certificaat is niet bruikbaar: ${why}`);
  }
  return { oin: verified.value, environment: file.omgeving, privateKey: createPrivateKey(pair.keyPem), chain };
}

// A list that can't be had yet must not keep the gateway from starting: it begins closed, and opens when the list comes.
function verifyOwn(leaf: Certificate, ask: CertificateDemand): ReturnType<typeof verifyCertificate> {
  const verified = verifyCertificate(leaf, ask);
  if (verified.ok || verified.error !== 'revocation-unknown') return verified;
  const { environment, roots, intermediates } = ask.trust;
  return verifyCertificate(leaf, { ...ask, trust: { environment, roots, intermediates } });
}

/** The certificates that receipts were signed with before, as far as the configuration names them. */
export function loadEarlier({ file, at }: LoadedConfig): readonly Certificate[] {
  const key = 'bevestigingen.eerdere';
  return (file.bevestigingen.eerdere ?? []).flatMap((path) =>
    readCertificates(readText(at(path), key), key).slice(0, 1),
  );
}

/** With what the register signs its checkpoints. */
export function loadCheckpointSigner({ file, at }: LoadedConfig): CheckpointSigner {
  const pair = loadPair(file.controlepunten, at, 'controlepunten');
  const [leaf] = readCertificates(pair.certPem, 'controlepunten.certificaat');
  if (leaf === undefined)
    throw new ConfigurationFault('ERR_CHECKPOINT_CERTIFICATE', 'controlepunten.certificaat is leeg');
  const key = createPrivateKey(pair.keyPem);
  return {
    thumbprint: leaf.thumbprint,
    certificatePem: pair.certPem,
    sign: (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  };
}

/** Roots and intermediates together, PEM. */
export function trustPem({ rootsPem, intermediatesPem }: Pick<TrustSource, 'rootsPem' | 'intermediatesPem'>): string {
  return [rootsPem, intermediatesPem].join('\n');
}

/** A certificate chain and its key, PEM. Throws ConfigurationFault when they don't belong together. */
export function loadPair(
  pair: KeyPairFiles,
  at: (path: string) => string,
  purpose: string,
): { readonly certPem: string; readonly keyPem: string } {
  const read = { certPem: readText(at(pair.certificaat), purpose), keyPem: readText(at(pair.sleutel), purpose) };
  if (!isPair(read))
    throw new ConfigurationFault('ERR_PAIR_INVALID', `${purpose}: certificaat en sleutel horen niet bij elkaar`);
  return read;
}

function isPair({ certPem, keyPem }: { readonly certPem: string; readonly keyPem: string }): boolean {
  try {
    return new X509Certificate(certPem).checkPrivateKey(createPrivateKey(keyPem));
  } catch {
    // Either isn't what it should be.
    return false;
  }
}

/** Loopback and private networks; the public internet only when the operator names it. */
export const DEFAULT_NETWORKS = ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];

/** Times and counts of the services. */
export function toSettings(file: GatewayFile): Settings {
  const times = { ...DEFAULT_TIMES_MS, ...file.tijden };
  return {
    publishTimeoutMs: times.publicatieMs,
    attemptTimeoutMs: times.bezorgpogingMs,
    leaseMs: times.leaseMs,
    pollMs: times.pollMs,
    tickMs: times.tikMs,
    unacceptedMs: times.nietGeaccepteerdMs,
    backoffBaseMs: times.wachtMinMs,
    backoffCapMs: times.wachtMaxMs,
    drainMs: times.afmakenMs,
    prefetch: file.limieten?.tegelijkPerAansluitpunt ?? 16,
    faultsBeforePause: 5,
  };
}

/** The largest bericht the chain allows (CORV: 35 MB). */
export const MAX_BODY_BYTES = 35 * 1024 * 1024;

// The folder with package.json: two levels up from the compiled file, one from the source.
function findPackageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findPackageRoot(dirname(from));
}

const PACKAGE_ROOT = findPackageRoot(dirname(fileURLToPath(import.meta.url)));
