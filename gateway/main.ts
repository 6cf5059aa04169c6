import { createHttpsDeliverer } from '../adapters/https-delivery/index.ts';
import type { HttpsDeliverer } from '../adapters/https-delivery/index.ts';
import { openHttpsIngress } from '../adapters/https-ingress/index.ts';
import type { IngressConfig } from '../adapters/https-ingress/index.ts';
import { readText } from '../adapters/files/index.ts';
import { openFileKeys } from '../adapters/keys-file/index.ts';
import { createMemoryBroker } from '../adapters/memory/broker.ts';
import { createMemoryKeys } from '../adapters/memory/transit-keys.ts';
import { createPinoEvents } from '../adapters/pino-events/index.ts';
import { openRabbitmqBroker } from '../adapters/rabbitmq/index.ts';
import { openFileRegister } from '../adapters/register-file/index.ts';
import { createIds, createSystemClock, readRuntime } from '../adapters/system/index.ts';
import { parseCertificate, verifyCertificate } from './codec/certificate.ts';
import type { GatewayFile } from './codec/gateway-config.ts';
import {
  DEFAULT_NETWORKS,
  loadCheckpointSigner,
  loadConfig,
  loadEarlier,
  loadIssuer,
  loadPair,
  loadRuleFiles,
  loadStandingSource,
  loadTrustSource,
  MAX_BODY_BYTES,
  toSettings,
  trustPem,
} from './compose-config.ts';
import type { LoadedConfig } from './compose-config.ts';
import { createApprover } from './compose-approval.ts';
import { assertHardened } from './compose-hardening.ts';
import { createJudging } from './compose-judging.ts';
import { createReceipts } from './compose-receipts.ts';
import type { Receipts } from './compose-receipts.ts';
import { reloadCertificates } from './compose-reload.ts';
import type { Certified } from './compose-reload.ts';
import { assertTypesLive } from './compose-standing.ts';
import { loadAuthorities } from './compose-trust.ts';
import type { Broker } from './ports/broker.ts';
import type { Deliverer } from './ports/deliverer.ts';
import type { Events } from './ports/events.ts';
import type { Clock } from './ports/system.ts';
import type { TransitKeys } from './ports/transit-keys.ts';
import { createBell } from './services/bell.ts';
import { createGatewayApi } from './services/gateway.ts';
import { createInFlight } from './services/in-flight.ts';
import type { JudgeRunner, Parts, Standing } from './services/parts.ts';
import { createLeases } from './services/leases.ts';
import { reloadRules } from './services/reload.ts';
import type { ReloadOutcome } from './services/reload.ts';
import { supervise } from './services/supervise.ts';
import { watchRevocation } from './services/watch-revocation.ts';

/** A gateway that takes berichten in. */
export interface RunningGateway {
  readonly port: number;
  /** Reads the rule files again and goes on under them; a set that isn't right changes nothing. */
  reload(): Promise<ReloadOutcome>;
  /** Reads certificates and keys again, fetches revocation lists, and goes on with them; a mistake in one changes nothing. */
  reloadCertificates(): Promise<'loaded' | 'refused'>;
  /** Stops taking in, lets running work finish, leaves queued berichten for the next start. */
  close(): Promise<void>;
}

/**
 * The composition root: reads the configuration file, makes every adapter and starts the gateway. Relative paths count
 * from the file's own folder. Throws ConfigurationFault with a sentence for the operator.
 */
export async function startGateway(configPath: string): Promise<RunningGateway> {
  const opened = createOpened();
  try {
    return await start(configPath, opened);
  } catch (cause) {
    // What was opened before the fault would go on by itself: deliver, connect again, keep the process alive.
    await opened.close().catch(() => undefined);
    throw cause;
  }
}

async function start(configPath: string, opened: Opened): Promise<RunningGateway> {
  const files = loadConfig(configPath);
  const clock = createSystemClock();
  const events = createPinoEvents({ level: files.file.logniveau ?? 'info' });
  assertHardened(files, readRuntime(process.env), events);
  const source = loadStandingSource(files);
  const judging = opened.keep(createJudging(source, clock));
  const { standing } = judging;
  assertTypesLive(standing());
  const approve = createApprover(files, clock);
  const authorities = loadAuthorities(files, standing().trust);
  announce(events, files.file);
  const watch = opened.keep(await watchRevocation({ clock, events, apply: judging.useLists }, authorities));
  const receipts = createReceipts(loadIssuer(files, standing().trust, clock), loadEarlier(files));
  const foundation = { files, clock, events, standing, receipts, judge: judging.judge };
  const deliverer = opened.keep(openDeliverer(foundation));
  const parts = await openParts({ ...foundation, deliverer }, opened);
  const approval = approve(source.ruleFiles, parts.register.rulesInForce());
  const leases = opened.keep(createLeases(parts));
  const supervision = opened.keep(await supervise(parts, SOFTWARE, approval));
  const api = createGatewayApi(parts, { parts, leases }, receipts.keys);
  const ingress = opened.keep(await openHttpsIngress({ api, events, clock, config: ingressConfig(files) }));
  events.emit({ name: 'GatewayReady', port: ingress.port });
  const certified: Certified = { files, clock, events, judging, receipts, watch, ingress, deliverer };
  return {
    port: ingress.port,
    reload: oneAtATime(() =>
      reloadRules(parts, supervision, async () => {
        const ruleFiles = loadRuleFiles(files);
        const signed = approve(ruleFiles, parts.register.rulesInForce());
        return { ...(await judging.read(ruleFiles)), approval: signed };
      }),
    ),
    reloadCertificates: oneAtATime(() => reloadCertificates(configPath, certified)),
    async close() {
      await opened.close();
      events.emit({ name: 'GatewayStopped' });
    },
  };
}

/** Two at a time would each compare with a set that the other is replacing. */
function oneAtATime<T>(run: () => Promise<T>): () => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return () => {
    const next = last.then(run, run);
    last = next;
    return next;
  };
}

interface Closable {
  close(): Promise<void>;
}

/** What was opened so far. */
interface Opened extends Closable {
  readonly keep: <T extends Closable>(one: T) => T;
}

function createOpened(): Opened {
  const opened: Closable[] = [];
  return {
    keep: (one) => {
      opened.push(one);
      return one;
    },
    // The last first: nothing new comes in, then what runs is finished, then what it rests on is closed, whether or not
    // one of them fails in it.
    async close() {
      const faults: unknown[] = [];
      for (const one of opened.splice(0).reverse())
        await one.close().catch((fault: unknown) => void faults.push(fault));
      if (faults.length > 0) throw new AggregateError(faults);
    },
  };
}

interface Foundation {
  readonly files: LoadedConfig;
  readonly clock: Clock;
  readonly events: Events;
  readonly standing: () => Standing;
  readonly receipts: Receipts;
  readonly judge: JudgeRunner;
}

async function openParts(foundation: Foundation & { readonly deliverer: Deliverer }, { keep }: Opened): Promise<Parts> {
  const { files, clock, events, standing, receipts, deliverer, judge: judgeRunner } = foundation;
  const { file, at } = files;
  return {
    register: keep(
      await openFileRegister({
        folder: at(file.register.map),
        clock,
        environment: file.omgeving,
        checkpointSigner: loadCheckpointSigner(files),
      }),
    ),
    keys: keep(await openKeys(files, clock)),
    broker: keep(await openBroker({ files, clock, events })),
    deliverer,
    events,
    clock,
    ids: createIds(clock),
    judge: judgeRunner,
    standing,
    get issuer() {
      return receipts.issuer();
    },
    formatReceiptXml: receipts.formatXml,
    settings: toSettings(file),
    inFlight: createInFlight(),
    bell: createBell(clock),
  };
}

function openDeliverer({ files, clock, standing }: Foundation): HttpsDeliverer {
  const { file, at } = files;
  const client = loadPair(file.tls.client, at, 'tls.client');
  return createHttpsDeliverer({
    tls: { ...client, caPem: [trustPem(loadTrustSource(files))] },
    allowedNetworks: file.bezorging?.netwerken ?? DEFAULT_NETWORKS,
    verifyPeer: (der) => {
      const certificate = parseCertificate(der);
      if (certificate === undefined) return undefined;
      const { trust } = standing();
      const verified = verifyCertificate(certificate, { usage: 'tls-server', trust, now: clock.now() });
      return verified.ok ? verified.value : undefined;
    },
  });
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

function ingressConfig(files: LoadedConfig): IngressConfig {
  const { file, at, schemas } = files;
  const { limieten } = file;
  return {
    host: file.luisteren.adres,
    port: file.luisteren.poort,
    tls: { ...loadPair(file.tls.server, at, 'tls.server'), caPem: [trustPem(loadTrustSource(files))] },
    schemasFolder: schemas,
    limits: {
      maxMessageBytes: limieten?.berichtBytes ?? MAX_BODY_BYTES,
      ...(limieten?.onderwegBytes === undefined ? {} : { maxBytesInFlight: limieten.onderwegBytes }),
      ...(limieten?.verbindingen === undefined ? {} : { maxConnections: limieten.verbindingen }),
    },
  };
}

function announce(events: Events, file: GatewayFile): void {
  const node = process.versions.node;
  events.emit({ name: 'GatewayStarted', software: SOFTWARE, environment: file.omgeving, node });
  if (Number(node.split('.')[0]) < SUPPORTED_NODE) events.emit({ name: 'RuntimeOutdated', node });
}

const SOFTWARE = 'doorgeefluik 0.1.0';
const SUPPORTED_NODE = 22;
