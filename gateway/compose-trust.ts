import { createListSource } from '../adapters/crl-source/index.ts';
import { readText } from '../adapters/files/index.ts';
import { createNetworkGuard } from '../adapters/https-delivery/index.ts';
import type { Certificate, TrustStore } from './codec/certificate.ts';
import { MAX_CRL_BYTES } from './codec/crl.ts';
import { DEFAULT_REVOCATION_SECONDS } from './codec/gateway-config.ts';
import type { RevocationFile } from './codec/gateway-config.ts';
import { DEFAULT_NETWORKS } from './compose-config.ts';
import type { LoadedConfig } from './compose-config.ts';
import { readCertificates } from './compose-standing.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { WatchedAuthority } from './services/watch-revocation.ts';

/**
 * The authorities whose lists are to be kept fresh. Throws ConfigurationFault when a certificate isn't that of one authority, one stands
 * twice, or in productie one that is trusted is left out: what it revokes would never be known.
 */
export function loadAuthorities(config: LoadedConfig, trust: TrustStore): readonly WatchedAuthority[] {
  const { vertrouwen, omgeving } = config.file;
  const authorities = (vertrouwen.intrekking ?? []).map((row) => loadAuthority(config, row));
  const known = new Set(authorities.map(({ certificate }) => certificate.authority));
  if (known.size < authorities.length)
    throw new ConfigurationFault('ERR_REVOCATION_TWICE', 'vertrouwen.intrekking noemt een uitgever twee keer');
  const absent = [...trust.roots, ...trust.intermediates].filter(({ authority }) => !known.has(authority));
  if (omgeving !== 'productie' || absent.length === 0) return authorities;
  throw new ConfigurationFault(
    'ERR_REVOCATION_MISSING',
    `vertrouwen.intrekking noemt geen intrekkingslijst van ${absent.map(nameOf).join(', ')}. In productie heeft elke wortel en elk ` +
      'tussencertificaat er een: anders blijft onbekend welke certificaten zijn ingetrokken',
  );
}

function loadAuthority({ at, file }: LoadedConfig, row: RevocationFile): WatchedAuthority {
  const { verversen, alarm, respijt } = { ...DEFAULT_REVOCATION_SECONDS, ...row };
  const key = 'vertrouwen.intrekking.uitgever';
  const [certificate, ...others] = readCertificates(readText(at(row.uitgever), key), key);
  if (certificate === undefined || others.length > 0)
    throw new ConfigurationFault('ERR_REVOCATION_ISSUER', `${key}: ${row.uitgever} bevat niet precies één certificaat`);
  const guard = createNetworkGuard(file.vertrouwen.netwerken ?? DEFAULT_NETWORKS);
  return {
    certificate,
    source: createListSource(isAddress(row.bron) ? row.bron : at(row.bron), { guard, maxBytes: MAX_CRL_BYTES }),
    refreshMs: verversen * 1000,
    alarmMs: alarm * 1000,
    graceMs: respijt * 1000,
  };
}

const isAddress = (place: string): boolean => /^https?:\/\//.test(place);

const nameOf = ({ commonNames, fingerprint }: Certificate): string => commonNames[0] ?? fingerprint;
