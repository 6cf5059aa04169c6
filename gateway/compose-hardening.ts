import type { KeyObject } from 'node:crypto';

import type { Runtime } from '../adapters/system/index.ts';
import { loadPair } from './compose-config.ts';
import type { LoadedConfig } from './compose-config.ts';
import { readCertificates } from './compose-standing.ts';
import { findRevealing } from './domain/runtime-flags.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { Events } from './ports/events.ts';

/**
 * In productie the gateway runs in no process that shows its memory or connections to others, and signs with keys that serve nothing
 * else. Elsewhere either is told. Throws ConfigurationFault that says what to change.
 */
export function assertHardened(config: LoadedConfig, runtime: Runtime, events: Events): void {
  const revealing = [
    ...findRevealing(runtime),
    ...(runtime.isInspected ? ['debugger'] : []),
    ...(runtime.dumpsMemory ? ['coredump_filter'] : []),
  ];
  if (revealing.length > 0) events.emit({ name: 'RuntimeRevealing', settings: revealing.join(' ') });
  if (config.file.omgeving === 'productie' && revealing.length > 0)
    throw new ConfigurationFault(
      'ERR_RUNTIME_REVEALING',
      `In productie start het doorgeefluik niet zo dat geheugen of verbindingen te zien zijn: haal weg ${revealing.join(', ')}`,
    );
  assertKeysApart(config, events);
}

/** The part of it about keys, which can be replaced while the gateway runs. */
export function assertKeysApart(config: LoadedConfig, events: Events): void {
  const shared = findSharedKeys(config);
  if (shared.length > 0) events.emit({ name: 'KeysShared', keys: shared.join(', ') });
  if (config.file.omgeving === 'productie' && shared.length > 0)
    throw new ConfigurationFault(
      'ERR_KEYS_SHARED',
      `In productie heeft elk gebruik een eigen sleutel: ${shared.join(', ')} hebben dezelfde`,
    );
}

// A receipt or a checkpoint must say that the gateway meant it: a key that also signs handshakes signs what others choose.
function findSharedKeys({ file, at }: LoadedConfig): readonly string[] {
  const uses = [
    { names: ['tls.server', 'tls.client'], pairs: [file.tls.server, file.tls.client] },
    { names: ['bevestigingen'], pairs: [file.bevestigingen] },
    { names: ['controlepunten'], pairs: [file.controlepunten] },
  ].map(({ names, pairs }) => ({
    name: names.join('/'),
    keys: pairs.flatMap((pair, index) => {
      const key = names[index] ?? '';
      return publicKeyOf(loadPair(pair, at, key).certPem, `${key}.certificaat`);
    }),
  }));
  return uses.flatMap((one, index) =>
    uses
      .slice(index + 1)
      .flatMap((other) => (haveOneInCommon(one.keys, other.keys) ? [`${one.name} en ${other.name}`] : [])),
  );
}

function publicKeyOf(certPem: string, key: string): readonly KeyObject[] {
  return readCertificates(certPem, key)
    .slice(0, 1)
    .map(({ publicKey }) => publicKey);
}

function haveOneInCommon(some: readonly KeyObject[], others: readonly KeyObject[]): boolean {
  return some.some((key) => others.some((other) => key.equals(other)));
}
