import { createPrivateKey, sign } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

import { readFolder, readText } from '../adapters/files/index.ts';
import { createHttpsDeliverer } from '../adapters/https-delivery/index.ts';
import { openHttpsIngress } from '../adapters/https-ingress/index.ts';
import type { IngressConfig } from '../adapters/https-ingress/index.ts';
import { openFileKeys } from '../adapters/keys-file/index.ts';
import { createMemoryBroker } from '../adapters/memory/broker.ts';
import { createMemoryKeys } from '../adapters/memory/transit-keys.ts';
import { createPinoEvents } from '../adapters/pino-events/index.ts';
import { openRabbitmqBroker } from '../adapters/rabbitmq/index.ts';
import { openFileRegister } from '../adapters/register-file/index.ts';
import type { CheckpointSigner } from '../adapters/register-file/index.ts';
import { createIds, createSystemClock } from '../adapters/system/index.ts';
import { parseCertificate, parseCertificatesPem, verifyCertificate } from './codec/certificate.ts';
import type { Certificate } from './codec/certificate.ts';
import { DEFAULT_TIMES_MS, readGatewayFile } from './codec/gateway-config.ts';
import type { GatewayFile, KeyPairFiles } from './codec/gateway-config.ts';
import type { ReceiptIssuer } from './codec/receipts.ts';
import { composeStanding } from './compose-standing.ts';
import type { JsonObject } from './codec/strict-json.ts';
import { judge } from './pipeline/judge.ts';
import type { Broker } from './ports/broker.ts';
import type { Events } from './ports/events.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { ReceiptKey } from './ports/gateway-api.ts';
import type { Clock } from './ports/system.ts';
import type { TransitKeys } from './ports/transit-keys.ts';
import { createBell } from './services/bell.ts';
import { createGatewayApi } from './services/gateway.ts';
import { createInFlight } from './services/in-flight.ts';
import type { Parts, Settings, Standing } from './services/parts.ts';
import { openPostbus } from './services/postbus.ts';
import { supervise } from './services/supervise.ts';

/** A gateway that takes berichten in. */
export interface RunningGateway {
  readonly port: number;
  /** Stops taking in, lets running work finish, leaves queued berichten for the next start. */
  close(): Promise<void>;
}

/**
 * The composition root: reads the configuration file, makes every adapter and starts the gateway. Relative paths count
 * from the file's own folder. Throws ConfigurationFault with a sentence for the operator.
 */
export async function startGateway(configPath: string): Promise<RunningGateway> {
  const files = loadConfig(configPath);
  const { file } = files;
  const clock = createSystemClock();
  const events = createPinoEvents({ level: file.logniveau ?? 'info' });
  const standing = loadStanding(files);
  const issuer = loadIssuer(files, standing, clock);
  announce(events, file);
  const parts = await openParts({ files, clock, events, standing, issuer });
  const postbus = openPostbus(parts);
  const supervision = await supervise(parts, SOFTWARE);
  const receiptKeys = issuer.chain.slice(0, 1).map(toReceiptKey);
  const ingress = await openHttpsIngress({
    api: createGatewayApi(parts, postbus, receiptKeys),
    events,
    clock,
    config: ingressConfig(files),
  });
  events.emit({ name: 'GatewayReady', port: ingress.port });
  return {
    port: ingress.port,
    async close() {
      // Nothing new comes in, then what runs is finished, then what it rests on is closed.
      await ingress.close();
      await supervision.close();
      await postbus.close();
      await parts.broker.close();
      await parts.deliverer.close();
      await parts.keys.close();
      await parts.register.close();
      events.emit({ name: 'GatewayStopped' });
    },
  };
}

interface LoadedConfig {
  readonly file: GatewayFile;
  /** An absolute path for one in the configuration. */
  readonly at: (path: string) => string;
  readonly schemas: string;
}

interface Foundation {
  readonly files: LoadedConfig;
  readonly clock: Clock;
  readonly events: Events;
  readonly standing: Standing;
  readonly issuer: ReceiptIssuer;
}

function loadConfig(configPath: string): LoadedConfig {
  const text = readText(configPath, 'De configuratie');
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- our own schema, compiled in strict mode right after
  const schema = JSON.parse(readText(join(PACKAGE_ROOT, 'schemas', 'gateway.schema.json'), 'Het schema')) as JsonObject;
  const read = readGatewayFile(text, schema);
  if (!read.ok) throw new ConfigurationFault('ERR_CONFIG_INVALID', `${configPath}: ${read.error.join('; ')}`);
  const at = (path: string): string => resolve(dirname(configPath), path);
  const file = read.value;
  return { file, at, schemas: file.schemas === undefined ? join(PACKAGE_ROOT, 'schemas') : at(file.schemas) };
}

function loadStanding({ file, at, schemas }: LoadedConfig): Standing {
  const pem = (paths: readonly string[]): string => paths.map((path) => readText(at(path), 'vertrouwen')).join('\n');
  return composeStanding({
    environment: file.omgeving,
    schemaFiles: readFolder(schemas),
    ruleFiles: readFolder(file.regels === undefined ? join(PACKAGE_ROOT, 'routing-rules') : at(file.regels)),
    rootsPem: pem(file.vertrouwen.wortels),
    intermediatesPem: pem(file.vertrouwen.tussencertificaten ?? []),
    maxBodyBytes: file.limieten?.berichtBytes ?? MAX_BODY_BYTES,
  });
}

function loadIssuer({ file, at }: LoadedConfig, standing: Standing, clock: Clock): ReceiptIssuer {
  const pair = loadPair(file.bevestigingen, at, 'bevestigingen');
  const chain = parseCertificatesPem(pair.certPem);
  const [leaf, ...offered] = chain;
  const verified =
    leaf === undefined
      ? undefined
      : verifyCertificate(leaf, { usage: 'signing', trust: standing.trust, now: clock.now(), offered });
  if (verified?.ok !== true) {
    const why = verified === undefined ? 'leeg' : verified.error;
    throw new ConfigurationFault('ERR_RECEIPT_CERTIFICATE', `bevestigingen.certificaat is niet bruikbaar: ${why}`);
  }
  return { oin: verified.value, environment: file.omgeving, privateKey: createPrivateKey(pair.keyPem), chain };
}

async function openParts({ files, clock, events, standing, issuer }: Foundation): Promise<Parts> {
  const { file, at } = files;
  const client = loadPair(file.tls.client, at, 'tls.client');
  return {
    register: await openFileRegister({
      folder: at(file.register.map),
      clock,
      environment: file.omgeving,
      checkpointSigner: loadCheckpointSigner(files),
    }),
    keys: await openKeys(files, clock),
    broker: await openBroker({ files, clock, events }),
    deliverer: createHttpsDeliverer({
      tls: { ...client, caPem: trustPem(files) },
      allowedNetworks: file.bezorging?.netwerken ?? DEFAULT_NETWORKS,
      verifyPeer: (der) => {
        const certificate = parseCertificate(der);
        if (certificate === undefined) return undefined;
        const verified = verifyCertificate(certificate, { usage: 'tls-server', trust: standing.trust, now: clock.now() });
        return verified.ok ? verified.value : undefined;
      },
    }),
    events,
    clock,
    ids: createIds(clock),
    judge: (incoming) => Promise.resolve(judge(incoming, { ...standing, now: clock.now() })),
    standing: () => standing,
    issuer,
    settings: toSettings(file),
    inFlight: createInFlight(),
    bell: createBell(clock),
  };
}

function openKeys({ file, at }: LoadedConfig, clock: Clock): TransitKeys | Promise<TransitKeys> {
  const folder = file.sleutels?.soort === 'bestand' ? file.sleutels.map : undefined;
  return folder === undefined ? createMemoryKeys() : openFileKeys({ folder: at(folder), clock });
}

async function openBroker({ files, clock, events }: Pick<Foundation, 'files' | 'clock' | 'events'>): Promise<Broker> {
  const { makelaar, limieten } = files.file;
  if (makelaar?.soort !== 'rabbitmq') return createMemoryBroker();
  const url = makelaar.url ?? readText(files.at(makelaar.urlBestand ?? ''), 'makelaar.urlBestand').trim();
  return openRabbitmqBroker({
    url,
    events,
    clock,
    maxMessageBytes: limieten?.berichtBytes ?? MAX_BODY_BYTES,
    ...(makelaar.voorvoegsel === undefined ? {} : { queuePrefix: makelaar.voorvoegsel }),
  });
}

function loadCheckpointSigner({ file, at }: LoadedConfig): CheckpointSigner {
  const pair = loadPair(file.controlepunten, at, 'controlepunten');
  const [leaf] = parseCertificatesPem(pair.certPem);
  if (leaf === undefined) throw new ConfigurationFault('ERR_CHECKPOINT_CERTIFICATE', 'controlepunten.certificaat is leeg');
  const key = createPrivateKey(pair.keyPem);
  return {
    thumbprint: leaf.thumbprint,
    certificatePem: pair.certPem,
    sign: (bytes) => sign('sha256', bytes, { key, dsaEncoding: 'ieee-p1363' }).toString('base64'),
  };
}

function ingressConfig(files: LoadedConfig): IngressConfig {
  const { file, at, schemas } = files;
  const { limieten } = file;
  return {
    host: file.luisteren.adres,
    port: file.luisteren.poort,
    tls: { ...loadPair(file.tls.server, at, 'tls.server'), caPem: [trustPem(files)] },
    schemasFolder: schemas,
    limits: {
      maxMessageBytes: limieten?.berichtBytes ?? MAX_BODY_BYTES,
      ...(limieten?.onderwegBytes === undefined ? {} : { maxBytesInFlight: limieten.onderwegBytes }),
      ...(limieten?.verbindingen === undefined ? {} : { maxConnections: limieten.verbindingen }),
    },
  };
}

function trustPem({ file, at }: LoadedConfig): string {
  const { wortels, tussencertificaten } = file.vertrouwen;
  return [...wortels, ...(tussencertificaten ?? [])].map((path) => readText(at(path), 'vertrouwen')).join('\n');
}

function loadPair(
  pair: KeyPairFiles,
  at: (path: string) => string,
  purpose: string,
): { readonly certPem: string; readonly keyPem: string } {
  return { certPem: readText(at(pair.certificaat), purpose), keyPem: readText(at(pair.sleutel), purpose) };
}

function toSettings(file: GatewayFile): Settings {
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
    prefetch: file.limieten?.tegelijkPerAansluitpunt ?? 16,
    faultsBeforePause: 5,
  };
}

function toReceiptKey(certificate: Certificate): ReceiptKey {
  return { certificatePem: certificate.x509.toString(), thumbprint: certificate.thumbprint, current: true };
}

function announce(events: Events, file: GatewayFile): void {
  const node = process.versions.node;
  events.emit({ name: 'GatewayStarted', software: SOFTWARE, environment: file.omgeving, node });
  if (Number(node.split('.')[0]) < SUPPORTED_NODE) events.emit({ name: 'RuntimeOutdated', node });
}

// The folder with package.json: two levels up from the compiled file, one from the source.
function findPackageRoot(from: string): string {
  return existsSync(join(from, 'package.json')) ? from : findPackageRoot(dirname(from));
}

const PACKAGE_ROOT = findPackageRoot(dirname(fileURLToPath(import.meta.url)));
const SOFTWARE = 'doorgeefluik 0.1.0';
const SUPPORTED_NODE = 22;
const MAX_BODY_BYTES = 35 * 1024 * 1024;
// Loopback and private networks; the public internet only when the operator names it.
const DEFAULT_NETWORKS = ['127.0.0.0/8', '::1/128', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'];
