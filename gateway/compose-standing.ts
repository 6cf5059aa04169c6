import { compileCatalogue } from './codec/catalogue.ts';
import type { Catalogue } from './codec/catalogue.ts';
import { parseCertificatesPem } from './codec/certificate.ts';
import type { Certificate, TrustStore } from './codec/certificate.ts';
import { readCrl } from './codec/crl.ts';
import type { RevocationList } from './codec/crl.ts';
import type { Revocation } from './codec/revocation.ts';
import { readRuleSet } from './codec/rule-set.ts';
import { explainSchemaFault } from './codec/schema-files.ts';
import { layerSchemas } from './codec/stuf-layers.ts';
import type { SchemaLayers } from './codec/stuf-layers.ts';
import type { Environment, Instant } from './domain/message.ts';
import type { RuleSet } from './domain/participants.ts';
import { ConfigurationFault } from './ports/faults.ts';
import type { Standing } from './services/parts.ts';

/** What the stages look at, as it lies in files. Plain data, so that another thread can compile the same. */
export interface StandingSource extends TrustSource {
  readonly schemaFiles: ReadonlyMap<string, Uint8Array>;
  readonly ruleFiles: ReadonlyMap<string, Uint8Array>;
  readonly maxBodyBytes: number;
}

/** Whom to trust, as it lies in files. */
export interface TrustSource {
  readonly environment: Environment;
  readonly rootsPem: string;
  readonly intermediatesPem: string;
  /** Absent where nobody's revocation is judged. */
  readonly revocation?: RevocationSource;
}

/** The revocation lists in force, as octets. */
export interface RevocationSource {
  readonly isRequired: boolean;
  readonly authorities: readonly {
    readonly certificatePem: string;
    readonly graceMs: number;
    readonly held: { readonly octets: Uint8Array; readonly readAt: Instant } | undefined;
  }[];
}

/** Compiles schemas, rules and trust. Throws ConfigurationFault that says what is wrong, for the operator. */
export function composeStanding(source: StandingSource): Standing {
  return {
    environment: source.environment,
    catalogue: composeCatalogue(source.schemaFiles),
    rules: composeRules(source.ruleFiles),
    trust: composeTrust(source),
    limits: { maxBodyBytes: source.maxBodyBytes },
  };
}

/** The schemas that the gateway goes by. Throws ConfigurationFault when the imported package can't be laid over ours. */
export function composeSchemaFiles(layers: SchemaLayers): ReadonlyMap<string, Uint8Array> {
  try {
    return layerSchemas(layers);
  } catch (cause) {
    throw schemasInvalid(cause);
  }
}

/**
 * In productie the rules may name no type that has no schema: its berichten would all be refused as unknown, and nobody would know
 * that the official package isn't there, or isn't whole. Throws ConfigurationFault with the names.
 */
export function assertTypesLive({
  environment,
  catalogue,
  rules,
}: Pick<Standing, 'environment' | 'catalogue' | 'rules'>): void {
  const absent = [...rules.types.keys()].filter((type) => !catalogue.types.has(type));
  if (environment !== 'productie' || absent.length === 0) return;
  throw new ConfigurationFault(
    'ERR_STUF_PACKAGE_INCOMPLETE',
    `De regels noemen berichttypen zonder schema: ${absent.join(', ')}. In productie komen StUF-typen alleen uit het officiële pakket: ` +
      'neem het over met doorgeefluik schemas import en zet de map bij stufpakket, of haal deze typen uit de regels',
  );
}

function composeCatalogue(files: ReadonlyMap<string, Uint8Array>): Catalogue {
  try {
    return compileCatalogue(files);
  } catch (cause) {
    throw schemasInvalid(cause);
  }
}

function schemasInvalid(cause: unknown): ConfigurationFault {
  const explanation = explainSchemaFault(cause);
  return new ConfigurationFault('ERR_SCHEMAS_INVALID', `De schema's kloppen niet: ${explanation}`, { cause });
}

/** The rule set in these files. Throws ConfigurationFault with everything that is wrong in it. */
export function composeRules(files: ReadonlyMap<string, Uint8Array>): RuleSet {
  const texts = new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes).toString('utf8')]));
  const rules = readRuleSet(texts);
  if (rules.ok) return rules.value;
  const lines = rules.error.map(({ file, row, problem }) => `${file} ${row}: ${problem}`);
  throw new ConfigurationFault('ERR_RULES_INVALID', `De regels kloppen niet:\n  ${lines.join('\n  ')}`);
}

/** Roots, intermediates and lists. Throws ConfigurationFault when there is no root. */
export function composeTrust(source: TrustSource): TrustStore {
  const { environment, revocation } = source;
  const roots = readCertificates(source.rootsPem, 'vertrouwen.wortels');
  if (roots.length === 0) throw new ConfigurationFault('ERR_TRUST_EMPTY', 'vertrouwen.wortels bevat geen certificaat');
  const intermediates = readCertificates(source.intermediatesPem, 'vertrouwen.tussencertificaten');
  const trust = { environment, roots, intermediates };
  return revocation === undefined ? trust : { ...trust, revocation: composeRevocation(revocation) };
}

/** The certificates of a PEM text. Throws ConfigurationFault that names the key it is of. */
export function readCertificates(pem: string, key: string): readonly Certificate[] {
  try {
    return parseCertificatesPem(pem);
  } catch (cause) {
    throw new ConfigurationFault('ERR_CERTIFICATE_UNREADABLE', `${key} bevat iets dat geen certificaat is`, { cause });
  }
}

function composeRevocation({ isRequired, authorities }: RevocationSource): Revocation {
  const rows = authorities.flatMap(({ certificatePem, graceMs, held }) =>
    parseCertificatesPem(certificatePem).map(
      (issuer) => [issuer.authority, { graceMs, list: held && composeList(issuer, held) }] as const,
    ),
  );
  return { isRequired, authorities: new Map(rows) };
}

// Read once before, at that instant, and found right.
function composeList(
  issuer: Certificate,
  { octets, readAt }: { readonly octets: Uint8Array; readonly readAt: Instant },
): RevocationList | undefined {
  const read = readCrl(octets, { issuer, now: readAt, inForce: undefined });
  return read.ok ? read.value : undefined;
}
