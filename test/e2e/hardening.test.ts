import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';

import { afterAll, describe, expect, it } from '@jest/globals';

import { prepareGateway } from '../support/gateway-process.ts';
import type { GatewayUnderTest } from '../support/gateway-process.ts';
import { call } from '../support/http-party.ts';
import { createTestPki } from '../support/pki.ts';

const pki = createTestPki();
const gateways: GatewayUnderTest[] = [];

afterAll(async () => {
  for (const gateway of gateways) {
    await gateway.kill('SIGKILL');
    rmSync(gateway.folder, { recursive: true, force: true });
  }
});

function prepare(setup: Omit<Parameters<typeof prepareGateway>[0], 'pki'> = {}): GatewayUnderTest {
  const gateway = prepareGateway({ pki, ...setup });
  gateways.push(gateway);
  return gateway;
}

/** What a gateway in productie says when it is started with these flags. */
function startInProduction(
  flags: readonly string[],
  env: NodeJS.ProcessEnv = {},
): { code: number | null; said: string } {
  const { configPath, folder } = production;
  const { status, stderr } = spawnSync(
    process.execPath,
    [...flags, 'dist/cli/main.js', 'serve', '--config', configPath],
    {
      cwd: process.cwd(),
      env: { PATH: process.env['PATH'], HOME: folder, ...env },
      encoding: 'utf8',
    },
  );
  return { code: status, said: stderr };
}

const production = prepare({ environment: 'productie' });

describe('a gateway in productie', () => {
  it.each([
    ['--heapsnapshot-signal=SIGUSR2'],
    ['--heapsnapshot-near-heap-limit=2'],
    ['--report-on-fatalerror'],
    ['--report-uncaught-exception'],
    ['--report-on-signal'],
    ['--abort-on-uncaught-exception'],
    ['--inspect=127.0.0.1:0'],
  ])('does not start with %s, as flag or in NODE_OPTIONS', (flag) => {
    const name = flag.split('=')[0];
    const refusal = new RegExp(
      `doorgeefluik: In productie start het doorgeefluik niet zo dat .*haal weg ${String(name)}`,
    );
    expect(startInProduction([flag])).toEqual({ code: 2, said: expect.stringMatching(refusal) });
    expect(startInProduction([], { NODE_OPTIONS: flag }).said).toMatch(refusal);
  });

  it('does not start on a receipt key that also serves its connections', () => {
    const shared = prepare({
      environment: 'productie',
      config: { bevestigingen: { certificaat: 'server.pem', sleutel: 'server.key' } },
    });
    const text = readFileSync(shared.configPath, 'utf8');
    const before = readFileSync(production.configPath, 'utf8');
    writeFileSync(production.configPath, text.replaceAll('server.pem', `${shared.folder}/server.pem`));
    expect(startInProduction([]).said).toMatch(
      /elk gebruik een eigen sleutel: tls\.server\/tls\.client en bevestigingen/,
    );
    writeFileSync(production.configPath, before);
  });
});

describe('a running gateway', () => {
  it('opens no debugger when it is signalled, dumps no memory, and goes on', async () => {
    const gateway = prepare();
    await gateway.start();
    const pid = Number(gateway.pid());
    if (existsSync('/proc/self/coredump_filter'))
      expect(readFileSync(`/proc/${String(pid)}/coredump_filter`, 'utf8').trim()).toBe('00000000');
    process.kill(pid, 'SIGUSR1');
    process.kill(pid, 'SIGUSR1');
    const { tls } = pki.participant('rvdk');
    const ca = pki.authority.rootPem + pki.authority.intermediatePem;
    for (let count = 0; count < 5; count += 1)
      expect((await call({ tls, ca }, { port: gateway.port(), path: '/v1/sleutels' })).status).toBe(200);
    expect(gateway.output()).not.toMatch(/[Dd]ebugger/);
    expect(gateway.output()).not.toContain('RuntimeRevealing');
    expect(await isListening(9229)).toBe(false);
  });

  it('says outside productie that it can be looked into', async () => {
    const gateway = prepare({ nodeOptions: '--heapsnapshot-signal=SIGUSR2 --report-on-fatalerror' });
    await gateway.start();
    expect(gateway.output()).toMatch(
      /"level":"warn"[^\n]*"RuntimeRevealing"[^\n]*"--heapsnapshot-signal --report-on-fatalerror"/,
    );
    expect(readdirSync(process.cwd()).filter((name) => /\.heapsnapshot$|^report\./.test(name))).toEqual([]);
  });
});

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}
