import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { startGateway } from '../../gateway/main.ts';
import { prepareGateway } from '../support/gateway-process.ts';
import { createTestPki } from '../support/pki.ts';

const rival = createServer();

beforeEach(async () => {
  await new Promise<void>((resolve) => rival.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  await new Promise((resolve) => rival.close(resolve));
});

/** A gateway whose port is taken by the rival. */
function prepareBlocked(): { readonly configPath: string; readonly folder: string } {
  const { configPath, folder } = prepareGateway({ pki: createTestPki(), fileKeys: true });
  const { port } = rival.address() as AddressInfo;
  const text = readFileSync(configPath, 'utf8').replace('poort: 0', `poort: ${String(port)}`);
  writeFileSync(configPath, text.replace('logniveau: debug', 'logniveau: silent'));
  return { configPath, folder };
}

describe('a gateway that can’t start', () => {
  it('closes what it had opened, so that nothing goes on without an entrance', async () => {
    const { configPath, folder } = prepareBlocked();

    await expect(startGateway(configPath)).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' });

    // Held folders are let go at the very end of closing.
    expect(existsSync(join(folder, 'register', 'in-use.lock'))).toBe(false);
    expect(existsSync(join(folder, 'sleutels', 'in-use.lock'))).toBe(false);
    await expect(startGateway(configPath)).rejects.toMatchObject({ code: 'ERR_CONFIG_INVALID' });
  });
});
