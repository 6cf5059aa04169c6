import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseDocument, stringify } from 'yaml';
import { hasCurrentPki, writeDevelopmentPki } from '../../certs-dev/generate.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import { CommandFault } from '../fault.ts';

/** Where a demonstration keeps everything. */
export interface DemoFolder {
  readonly path: string;
  readonly certificates: string;
  readonly rules: string;
  readonly register: string;
  readonly receipts: string;
  readonly config: string;
  readonly log: string;
}

/** Makes the folder ready: certificates (kept when they are still good), no register or receipts of an earlier run. */
export function prepareFolder(path: string, now: Instant): DemoFolder {
  claim(path);
  const folder: DemoFolder = {
    path,
    certificates: join(path, 'certificaten'),
    rules: join(path, 'regels'),
    register: join(path, 'register'),
    receipts: join(path, 'bevestigingen'),
    config: join(path, 'gateway.yaml'),
    log: join(path, 'doorgeefluik.log'),
  };
  for (const old of [folder.rules, folder.register, folder.receipts, folder.log, `${folder.log}.meldingen`])
    rmSync(old, { recursive: true, force: true });
  for (const fresh of [folder.register, folder.receipts]) mkdirSync(fresh, { mode: 0o700 });
  const asked = { now: new Date(now) };
  if (!hasCurrentPki(folder.certificates, asked)) writeDevelopmentPki(folder.certificates, asked);
  return folder;
}

/** Copies the rules of the product, with the push addresses of this run. */
export function writeRules(from: string, folder: DemoFolder, urls: ReadonlyMap<string, string>): void {
  cpSync(from, folder.rules, { recursive: true });
  const path = join(folder.rules, 'aansluitpunten.yaml');
  const document = parseDocument(readFileSync(path, 'utf8'));
  const points: unknown = document.toJS();
  for (const [index, id] of idsOf(points).entries()) {
    const url = urls.get(id);
    if (url !== undefined) document.setIn(['aansluitpunten', index, 'url'], url);
  }
  writeFileSync(path, document.toString());
}

/** Writes the configuration of the gateway: everything embedded, or a broker at `amqpUrl`. */
export function writeConfig(folder: DemoFolder, amqpUrl: string | undefined): void {
  const pair = (name: string): object => ({
    certificaat: `certificaten/gateway/${name}.pem`,
    sleutel: `certificaten/gateway/${name}.key`,
  });
  const config = {
    omgeving: 'ontwikkeling',
    luisteren: { adres: '127.0.0.1', poort: 0 },
    tls: { server: pair('server'), client: pair('client') },
    bevestigingen: pair('signing'),
    controlepunten: pair('checkpoint'),
    vertrouwen: {
      wortels: ['certificaten/ca/root.pem'],
      tussencertificaten: ['certificaten/ca/intermediate.pem'],
      intrekking: ['root', 'intermediate'].map((level) => ({
        uitgever: `certificaten/ca/${level}.pem`,
        bron: `certificaten/ca/${level}.crl.pem`,
      })),
    },
    regels: 'regels',
    makelaar: amqpUrl === undefined ? { soort: 'geheugen' } : writeBroker(folder, amqpUrl),
    register: { map: 'register' },
    // A stock RabbitMQ 4 takes no more than 16 MiB.
    limieten: { berichtBytes: 10_000_000 },
    tijden: { pollMs: 100 },
  };
  writeFileSync(folder.config, stringify(config), { mode: 0o600 });
}

// The address may hold a password, so it stands in a file of its own, and two demonstrations on one broker must not
// take each other's berichten.
function writeBroker(folder: DemoFolder, amqpUrl: string): object {
  writeFileSync(join(folder.path, BROKER_FILE), amqpUrl, { mode: 0o600 });
  const name = createHash('sha256').update(resolve(folder.path)).digest('hex').slice(0, 8);
  return { soort: 'rabbitmq', urlBestand: BROKER_FILE, voorvoegsel: `demo-${name}.` };
}

// Whatever stands in a folder that isn't a demonstration's is somebody's, and stays.
function claim(path: string): void {
  const marker = join(path, MARKER);
  if (existsSync(path) && readdirSync(path).length > 0 && !existsSync(marker)) {
    throw new CommandFault(`${path} is niet leeg en niet van een demo: geef met --folder een andere map.`);
  }
  mkdirSync(path, { recursive: true, mode: 0o700 });
  writeFileSync(marker, 'Deze map is van npm run demo: de inhoud wordt bij elke demo vervangen.\n');
}

function idsOf(file: unknown): readonly string[] {
  if (typeof file !== 'object' || file === null || !('aansluitpunten' in file)) return [];
  const rows: unknown = file.aansluitpunten;
  if (!isList(rows)) return [];
  return rows.map((row) => (typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : ''));
}

// Array.isArray forgets what is in it.
function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

const MARKER = '.doorgeefluik-demo';
const BROKER_FILE = 'makelaar-url';
