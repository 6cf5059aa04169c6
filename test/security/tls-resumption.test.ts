import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { ok } from '../../gateway/domain/result.ts';
import type { Caller } from '../../gateway/ports/gateway-api.ts';
import { createIngressOpener } from '../support/ingress.ts';
import { needTools } from '../support/tools.ts';

const { open, arnhem, issuers } = createIngressOpener();
const VERSIONS = ['-tls1_2', '-tls1_3'] as const;
const ASK = 'GET /v1/sleutels HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

let folder = '';
let port = 0;
const callers: Caller[] = [];

beforeAll(async () => {
  needTools(['openssl']);
  folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-resumption-'));
  writeFileSync(at('client.pem'), arnhem.tls.chainPem);
  writeFileSync(at('client.key'), arnhem.tls.privateKeyPem);
  writeFileSync(at('ca.pem'), issuers.join('\n'));
  ({ port } = await open({
    receiptKeys: (caller) => {
      callers.push(caller);
      return ok([]);
    },
  }));
});

afterAll(async () => {
  await open.closeAll();
  rmSync(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const WITH_CERTIFICATE = (): readonly string[] => ['-cert', at('client.pem'), '-key', at('client.key')];

/** OpenSSL's own client: what it is given to send goes out a moment after the connection stands. */
function connect(args: readonly string[], send: readonly string[] = [ASK]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('openssl', [
      ...['s_client', '-connect', `127.0.0.1:${String(port)}`, '-CAfile', at('ca.pem'), '-verify_return_error'],
      ...args,
    ]);
    let output = '';
    const left = [...send];
    const collect = (chunk: Buffer): void => {
      output += chunk.toString('latin1');
      // It says so when the handshake is done on its side.
      if (!/---\n(?:[^]*)(?:Verify return code|Verification)/.test(output) && left.length === send.length) return;
      const next = left.shift();
      if (next !== undefined) setTimeout(() => child.stdin.write(next), 100);
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('latin1')));
    child.stdin.on('error', () => undefined);
    child.once('error', reject);
    child.once('close', () => {
      resolve(output);
    });
  });
}

describe.each(VERSIONS)('a session of OpenSSL (%s)', (version) => {
  const session = `session${version}`;

  beforeAll(async () => {
    const first = await connect([version, ...WITH_CERTIFICATE(), '-sess_out', at(session)]);
    expect(first).toContain('HTTP/1.1 200');
    expect(first).toMatch(/^New, /m);
  });

  it('is made anew for a client that offers it again', async () => {
    expect(existsSync(at(session))).toBe(true);
    const again = await connect([version, ...WITH_CERTIFICATE(), '-sess_in', at(session)]);
    expect(again).toContain('HTTP/1.1 200');
    expect(again).toMatch(/^New, /m);
    expect(again).not.toMatch(/^Reused, /m);
  });

  it('gives nothing to who offers it without the certificate', async () => {
    const before = callers.length;
    const stolen = await connect([version, '-sess_in', at(session)]);
    expect(stolen).not.toContain('HTTP/1.1');
    expect(stolen).toMatch(/alert (?:certificate required|handshake failure)/);
    expect(callers).toHaveLength(before);
  });

  it('is not compressed, and takes no early data', async () => {
    const output = await connect([version, ...WITH_CERTIFICATE()]);
    expect(output).toContain('Compression: NONE');
    if (version === '-tls1_3') {
      expect(output).toContain('Max Early Data: 0');
      writeFileSync(at('early'), ASK);
      const early = await connect([
        version,
        ...WITH_CERTIFICATE(),
        '-sess_in',
        at(session),
        '-early_data',
        at('early'),
      ]);
      expect(early).not.toContain('Early data was accepted');
    }
  });
});

it('a session of TLS 1.2 has no ticket', async () => {
  const output = await connect(['-tls1_2', ...WITH_CERTIFICATE()]);
  expect(output).toContain('HTTP/1.1 200');
  expect(output).not.toContain('TLS session ticket');
});

it.each([
  ['with its certificate', true],
  ['without', false],
])('no client of OpenSSL renegotiates, %s', async (_how, shows) => {
  const before = callers.length;
  // A line with R alone asks for it.
  const output = await connect(['-tls1_2', ...(shows ? WITH_CERTIFICATE() : [])], ['R\n']);
  expect(output).toMatch(shows ? /RENEGOTIATING[^]*no renegotiation/ : /alert handshake failure/);
  expect(callers).toHaveLength(before);
});
