import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';

import { emptyDumps, forbidsDumps, readRuntime } from '../../../adapters/system/index.ts';
import type { Runtime } from '../../../adapters/system/index.ts';
import { loadConfig } from '../../../gateway/compose-config.ts';
import type { LoadedConfig } from '../../../gateway/compose-config.ts';
import { assertHardened } from '../../../gateway/compose-hardening.ts';
import type { GatewayEvent } from '../../../gateway/ports/events.ts';
import { prepareGateway } from '../../support/gateway-process.ts';
import { createTestPki } from '../../support/pki.ts';

const gateway = prepareGateway({ pki: createTestPki() });
const written = parse(readFileSync(gateway.configPath, 'utf8')) as Record<string, Record<string, unknown>>;
const folder = mkdtempSync(join(tmpdir(), 'hardening-'));

afterAll(() => {
  for (const each of [gateway.folder, folder]) rmSync(each, { recursive: true, force: true });
});

const QUIET: Runtime = { flags: ['--disable-sigusr1'], environment: {}, isInspected: false, dumpsMemory: false };

function configured(changes: Record<string, unknown>): LoadedConfig {
  const path = join(gateway.folder, 'anders.yaml');
  writeFileSync(path, stringify({ ...written, ...changes }, { aliasDuplicateObjects: false }));
  return loadConfig(path);
}

/** What the gateway says of itself, or why it does not start. */
function judge(changes: Record<string, unknown>, runtime: Runtime): readonly GatewayEvent[] | string {
  const events: GatewayEvent[] = [];
  try {
    assertHardened(configured(changes), runtime, { emit: (event) => void events.push(event) });
    return events;
  } catch (fault) {
    return `${(fault as { code: string }).code} ${(fault as { explanation: string }).explanation}`;
  }
}

describe('a process that can be looked into', () => {
  it.each<[string, Partial<Runtime>, string]>([
    ['a flag', { flags: ['--heapsnapshot-signal=SIGUSR2'] }, '--heapsnapshot-signal'],
    ['a variable', { environment: { NODE_DEBUG: 'tls' } }, 'NODE_DEBUG'],
    ['a debugger that listens', { isInspected: true }, 'debugger'],
    ['cores with memory in them', { dumpsMemory: true }, 'coredump_filter'],
  ])('by %s is refused in productie, and told elsewhere', (_what, change, name) => {
    const runtime = { ...QUIET, ...change };
    expect(judge({ omgeving: 'productie' }, runtime)).toBe(
      `ERR_RUNTIME_REVEALING In productie start het doorgeefluik niet zo dat geheugen of verbindingen te zien zijn: haal weg ${name}`,
    );
    expect(judge({}, runtime)).toEqual([{ name: 'RuntimeRevealing', settings: name }]);
  });

  it('is not one without any of these', () => {
    expect(judge({ omgeving: 'productie' }, QUIET)).toEqual([]);
  });
});

describe('one key for several uses', () => {
  const tls = written['tls'] as Record<'server' | 'client', unknown>;
  it.each<[string, Record<string, unknown>, string]>([
    ['TLS and receipts', { bevestigingen: tls.server }, 'tls.server/tls.client en bevestigingen'],
    ['TLS and checkpoints', { controlepunten: tls.client }, 'tls.server/tls.client en controlepunten'],
    ['receipts and checkpoints', { controlepunten: written['bevestigingen'] }, 'bevestigingen en controlepunten'],
  ])('%s is refused in productie, and told elsewhere', (_what, changes, keys) => {
    expect(judge({ ...changes, omgeving: 'productie' }, QUIET)).toBe(
      `ERR_KEYS_SHARED In productie heeft elk gebruik een eigen sleutel: ${keys} hebben dezelfde`,
    );
    expect(judge(changes, QUIET)).toEqual([{ name: 'KeysShared', keys }]);
  });

  it('may listen and knock', () => {
    expect(judge({ omgeving: 'productie', tls: { server: tls.server, client: tls.server } }, QUIET)).toEqual([]);
  });
});

describe('this process', () => {
  it('is read with the flags of its command line and of NODE_OPTIONS', () => {
    const runtime = readRuntime({ NODE_OPTIONS: ' --inspect=1  -r x', HOME: '/' });
    expect(runtime.flags).toEqual([...process.execArgv, '--inspect=1', '-r', 'x']);
    expect(readRuntime({}).flags).toEqual(process.execArgv);
    expect(runtime.isInspected).toBe(false);
    if (existsSync('/proc/self/coredump_filter')) {
      expect(readFileSync('/proc/self/coredump_filter', 'utf8').trim()).toBe('00000000');
      expect(runtime.dumpsMemory).toBe(false);
    }
  });

  it('is known to dump when the kernel takes no filter and the limit isn’t 0', () => {
    const path = join(folder, 'filter');
    writeFileSync(path, '33');
    expect([emptyDumps(path), emptyDumps(folder), emptyDumps(join(folder, 'weg', 'filter'))]).toEqual([
      true,
      false,
      false,
    ]);
    const limits = join(folder, 'limits');
    const line = (soft: string): string =>
      `Max stack size            8388608   unlimited  bytes\nMax core file size        ${soft}         unlimited  bytes\n`;
    writeFileSync(limits, line('0 '));
    expect(forbidsDumps(limits)).toBe(true);
    writeFileSync(limits, line('unlimited'));
    expect([forbidsDumps(limits), forbidsDumps(join(folder, 'weg'))]).toEqual([false, false]);
  });
});
