import type { HttpsIngress } from '../adapters/https-ingress/index.ts';
import type { HttpsDeliverer } from '../adapters/https-delivery/index.ts';
import { loadConfig, loadEarlier, loadIssuer, loadPair, loadTrustSource, trustPem } from './compose-config.ts';
import type { LoadedConfig } from './compose-config.ts';
import { assertKeysApart } from './compose-hardening.ts';
import type { Judging } from './compose-judging.ts';
import type { Receipts } from './compose-receipts.ts';
import { composeTrust } from './compose-standing.ts';
import { loadAuthorities } from './compose-trust.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { Events } from './ports/events.ts';
import type { Clock } from './ports/system.ts';
import type { RevocationWatch } from './services/watch-revocation.ts';

/** What runs on certificates. */
export interface Certified {
  readonly files: LoadedConfig;
  readonly clock: Clock;
  readonly events: Events;
  readonly judging: Pick<Judging, 'standing' | 'useTrust'>;
  readonly receipts: Receipts;
  readonly watch: Pick<RevocationWatch, 'follow'>;
  readonly ingress: Pick<HttpsIngress, 'prepare'>;
  readonly deliverer: Pick<HttpsDeliverer, 'prepare'>;
}

/**
 * Reads the configuration anew for its certificates: roots and intermediates, the listener's, the deliverer's, that of the receipts and the
 * places of revocation lists, which are fetched. All are found usable before one is used; with a mistake in any, the old ones stay.
 */
export async function reloadCertificates(configPath: string, parts: Certified): Promise<'loaded' | 'refused'> {
  try {
    const files = loadConfig(configPath);
    if (files.file.omgeving !== parts.files.file.omgeving)
      throw new ConfigurationFault('ERR_CONFIG_INVALID', 'omgeving verandert niet zonder herstart');
    assertKeysApart(files, parts.events);
    await useAll(files, parts);
    parts.events.emit({ name: 'CertificatesLoaded' });
    return 'loaded';
  } catch (fault) {
    if (!(fault instanceof ConfigurationFault)) throw fault;
    parts.events.emit({ name: 'CertificatesRefused', problem: fault.explanation });
    return 'refused';
  }
}

async function useAll(files: LoadedConfig, parts: Certified): Promise<void> {
  const { file, at } = files;
  const { clock, judging } = parts;
  const source = loadTrustSource(files);
  const { revocation, ...trust } = { ...judging.standing().trust, ...composeTrust(source) };
  const authorities = loadAuthorities(files, trust);
  const judged = revocation === undefined ? trust : { ...trust, revocation };
  const issuer = loadIssuer(files, judged, clock);
  const tls = (pair: 'server' | 'client') => ({
    ...loadPair(file.tls[pair], at, `tls.${pair}`),
    caPem: [trustPem(source)],
  });
  const [server, client] = [tls('server'), tls('client')];
  const uses = [
    parts.receipts.prepare(issuer, loadEarlier(files)),
    parts.ingress.prepare(server),
    parts.deliverer.prepare(client),
  ];
  for (const use of uses) use();
  await judging.useTrust(source);
  await parts.watch.follow(authorities);
}
