import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { stringify } from 'yaml';

import type { IssuedCertificate } from '../../certs-dev/authority.ts';
import { until } from './http-party.ts';
import type { TestPki } from './pki.ts';
import { listPem } from './revocation.ts';

/** How a gateway under test differs from the default. */
export interface GatewaySetup {
  readonly pki: TestPki;
  /** Push port by connection point id: put into the rule set's URLs. */
  readonly pushPorts?: Readonly<Record<string, number>>;
  /** RabbitMQ URL; absent means the memory broker. */
  readonly amqpUrl?: string;
  readonly queuePrefix?: string;
  readonly fileKeys?: boolean;
  readonly environment?: string;
  readonly times?: Readonly<Record<string, number>>;
  readonly logLevel?: string;
  /** A folder with other schemas than the repository's. */
  readonly schemasFolder?: string;
  /** A folder with another rule set than the repository's. */
  readonly rulesFolder?: string;
  /** Keys of the configuration beside the usual ones, or in their place. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** NODE_OPTIONS of its process. */
  readonly nodeOptions?: string;
  /** A module that Node loads into the process before the gateway; it may answer what `ask` asks. */
  readonly preload?: string;
  /** Seconds of the revocation lists, and where they are if not in the folder. */
  readonly revocation?: { readonly alarm?: number; readonly respijt?: number; readonly verversen?: number };
  /** Changes to the texts of the rule files. */
  readonly editRules?: (name: string, text: string) => string;
}

/** A gateway as its own process, with its own folder. */
export interface GatewayUnderTest {
  readonly folder: string;
  readonly configPath: string;
  port(): number;
  pid(): number | undefined;
  isRunning(): boolean;
  /** What the preloaded module says. */
  ask(): Promise<unknown>;
  /** Everything it wrote to stdout and stderr, of all its lives. */
  output(): string;
  /** Resolves when it is ready; rejects when that takes longer, by default 30 seconds. */
  start(timeoutMs?: number): Promise<void>;
  kill(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
}

/** Writes certificates, rules and configuration into a new folder; `start` runs `dist/cli/main.js serve` on it. */
export function prepareGateway(setup: GatewaySetup): GatewayUnderTest {
  const folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-'));
  const configPath = join(folder, 'gateway.yaml');
  writeRules(folder, setup);
  writeFileSync(configPath, stringify(toConfig(folder, setup)));
  let child: ChildProcess | undefined;
  let output = '';
  let port = 0;
  return {
    folder,
    configPath,
    port: () => port,
    pid: () => child?.pid,
    isRunning: () => child?.exitCode === null && child.signalCode === null,
    ask: () =>
      new Promise((resolve, reject) => {
        child?.once('message', resolve);
        child?.send('ask', (error) => {
          if (error !== null) reject(error);
        });
      }),
    output: () => output,
    async start(timeoutMs = 90_000) {
      const from = output.length;
      const preload = setup.preload === undefined ? [] : ['--import', setup.preload];
      child = spawn(process.execPath, [...preload, 'dist/cli/main.js', 'serve', '--config', configPath], {
        stdio: ['ignore', 'pipe', 'pipe', ...(setup.preload === undefined ? [] : (['ipc'] as const))],
        env: { PATH: process.env['PATH'], HOME: folder, TMPDIR: mkdirp(join(folder, 'tmp')), ...withOptions(setup) },
      });
      child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
      const started = child;
      await until(
        () => {
          if (started.exitCode !== null) throw new Error(`the gateway stopped:\n${output.slice(from)}`);
          const ready = /"GatewayReady"[^\n]*"port":(\d+)|"port":(\d+)[^\n]*"GatewayReady"/.exec(output.slice(from));
          port = Number(ready?.[1] ?? ready?.[2] ?? 0);
          return port > 0;
        },
        timeoutMs,
        'GatewayReady',
      );
    },
    async kill(signal) {
      const running = child;
      if (running?.exitCode !== null || running.signalCode !== null) return;
      const exited = new Promise((resolve) => running.once('exit', resolve));
      running.kill(signal);
      await exited;
    },
  };
}

function toConfig(folder: string, setup: GatewaySetup): unknown {
  const { pki, amqpUrl, queuePrefix, fileKeys, environment, times, schemasFolder } = setup;
  const pair = (name: string, issued: IssuedCertificate): { certificaat: string; sleutel: string } => {
    writeFileSync(join(folder, `${name}.pem`), issued.chainPem);
    writeFileSync(join(folder, `${name}.key`), issued.privateKeyPem, { mode: 0o600 });
    return { certificaat: `${name}.pem`, sleutel: `${name}.key` };
  };
  writeFileSync(join(folder, 'root.pem'), pki.authority.rootPem);
  writeFileSync(join(folder, 'intermediate.pem'), pki.authority.intermediatePem);
  const now = performance.timeOrigin + performance.now();
  const listed = (['root', 'intermediate'] as const).map((level) => {
    writeFileSync(join(folder, `${level}.crl.pem`), listPem(pki.authority, level, { now, validMs: 30 * 86_400_000 }));
    return { uitgever: `${level}.pem`, bron: `${level}.crl.pem`, ...setup.revocation };
  });
  return {
    omgeving: environment ?? 'ontwikkeling',
    luisteren: { adres: '127.0.0.1', poort: 0 },
    tls: { server: pair('server', pki.gateway.server), client: pair('client', pki.gateway.client) },
    bevestigingen: pair('signing', pki.gateway.signing),
    controlepunten: pair('checkpoint', pki.gateway.checkpoint),
    vertrouwen: { wortels: ['root.pem'], tussencertificaten: ['intermediate.pem'], intrekking: listed },
    regels: 'regels',
    ...(schemasFolder === undefined ? {} : { schemas: schemasFolder }),
    makelaar:
      amqpUrl === undefined
        ? { soort: 'geheugen' }
        : { soort: 'rabbitmq', url: amqpUrl, voorvoegsel: queuePrefix ?? `test-${String(process.pid)}.` },
    register: { map: 'register' },
    sleutels: fileKeys === true ? { soort: 'bestand', map: 'sleutels' } : { soort: 'geheugen' },
    tijden: { wachtMinMs: 100, wachtMaxMs: 500, pollMs: 100, tikMs: 100, ...times },
    logniveau: setup.logLevel ?? 'debug',
    ...setup.config,
  };
}

function writeRules(folder: string, { pushPorts, editRules, rulesFolder = 'routing-rules' }: GatewaySetup): void {
  mkdirSync(join(folder, 'regels', 'schemas'), { recursive: true });
  for (const name of RULE_FILES) {
    const schema = `schemas/${name}.schema.json`;
    writeFileSync(join(folder, 'regels', schema), readFileSync(join(rulesFolder, schema)));
    const text = readFileSync(join(rulesFolder, `${name}.yaml`), 'utf8');
    const withPorts = name === 'aansluitpunten' ? putPorts(text, pushPorts ?? {}) : text;
    writeFileSync(join(folder, 'regels', `${name}.yaml`), editRules?.(name, withPorts) ?? withPorts);
  }
}

function putPorts(text: string, ports: Readonly<Record<string, number>>): string {
  return Object.entries(ports).reduce(
    (result, [point, port]) =>
      result.replace(
        new RegExp(`(id: ${point}\\n(?:(?!  - id)[^\\n]*\\n)*?\\s+url: https://localhost:)\\d+`),
        `$1${String(port)}`,
      ),
    text,
  );
}

function withOptions({ nodeOptions }: GatewaySetup): NodeJS.ProcessEnv {
  return nodeOptions === undefined ? {} : { NODE_OPTIONS: nodeOptions };
}

function mkdirp(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

const RULE_FILES = [
  'deelnemers',
  'aansluitpunten',
  'machtigingen',
  'berichttypen',
  'verzendmatrix',
  'doelbinding',
  'opvolging',
  'noodstop',
];
