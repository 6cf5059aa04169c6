import type { Environment } from '../domain/message.ts';
import { err, ok } from '../domain/result.ts';
import type { Violation } from '../domain/rejection.ts';
import type { Result } from '../domain/result.ts';
import { compileJsonSchema } from './json-schema.ts';
import type { JsonSchemaValidator } from './json-schema.ts';
import type { JsonObject } from './strict-json.ts';
import { parseStrictYaml } from './strict-yaml.ts';

/** A certificate (chain, leaf first) and its private key, as paths of PEM files. */
export interface KeyPairFiles {
  readonly certificaat: string;
  readonly sleutel: string;
}

/** Where the revocation list of one authority is published, and how fresh it must be; times in seconds. */
export interface RevocationFile {
  readonly uitgever: string;
  readonly bron: string;
  readonly verversen?: number;
  readonly alarm?: number;
  readonly respijt?: number;
}

/** The configuration file as its schema allows it (`schemas/gateway.schema.json`); keys are the operator's words. */
export interface GatewayFile {
  readonly omgeving: Environment;
  readonly luisteren: { readonly adres: string; readonly poort: number };
  readonly tls: { readonly server: KeyPairFiles; readonly client: KeyPairFiles };
  readonly bevestigingen: KeyPairFiles & { readonly eerdere?: readonly string[] };
  readonly controlepunten: KeyPairFiles;
  readonly vertrouwen: {
    readonly wortels: readonly string[];
    readonly tussencertificaten?: readonly string[];
    readonly intrekking?: readonly RevocationFile[];
    readonly netwerken?: readonly string[];
  };
  readonly regels?: string;
  readonly regelondertekening?: {
    readonly personen: readonly { readonly naam: string; readonly certificaten: readonly string[] }[];
  };
  readonly schemas?: string;
  readonly stufpakket?: string;
  readonly makelaar?: {
    readonly soort: 'geheugen' | 'rabbitmq';
    readonly url?: string;
    readonly urlBestand?: string;
    readonly voorvoegsel?: string;
  };
  readonly register: { readonly map: string };
  readonly sleutels?: { readonly soort: 'geheugen' | 'bestand'; readonly map?: string };
  readonly bezorging?: { readonly netwerken?: readonly string[] };
  readonly limieten?: {
    readonly berichtBytes?: number;
    readonly onderwegBytes?: number;
    readonly verbindingen?: number;
    readonly tegelijkPerAansluitpunt?: number;
  };
  readonly tijden?: Readonly<Partial<Record<keyof typeof DEFAULT_TIMES_MS, number>>>;
  readonly logniveau?: 'debug' | 'info' | 'warn' | 'error' | 'silent';
}

/** Seconds of a revocation list, where the configuration gives none. */
export const DEFAULT_REVOCATION_SECONDS = { verversen: 3600, alarm: 21_600, respijt: 0 } as const;

/** Times in milliseconds, where the configuration gives none. */
export const DEFAULT_TIMES_MS = {
  publicatieMs: 10_000,
  bezorgpogingMs: 60_000,
  leaseMs: 60_000,
  pollMs: 1_000,
  tikMs: 1_000,
  nietGeaccepteerdMs: 15 * 60_000,
  wachtMinMs: 1_000,
  wachtMaxMs: 15 * 60_000,
  afmakenMs: 10_000,
} as const;

/** Reads the configuration file; on failure the keys that are wrong, and how. */
export function readGatewayFile(text: string, schema: JsonObject): Result<GatewayFile, readonly string[]> {
  const read = parseStrictYaml(text);
  if (!read.ok) return err(read.error.map(({ place, problem }) => `${place}: ${problem}`));
  const violations = compileOnce(schema).validate(read.value);
  const file: unknown = read.value;
  if (!isAccepted(file, violations)) return err(violations.map(({ path, rule }) => `${path}: ${rule}`));
  const missing = findMissing(file);
  return missing.length > 0 ? err(missing) : ok(file);
}

// Compiling takes a thousand times as long as judging.
function compileOnce(schema: JsonObject): JsonSchemaValidator {
  const compiled = COMPILED.get(schema) ?? compileJsonSchema({ main: schema });
  COMPILED.set(schema, compiled);
  return compiled;
}

const COMPILED = new WeakMap<JsonObject, JsonSchemaValidator>();

// What the schema accepts is of this type: it is the same statement in two languages.
function isAccepted(_file: unknown, violations: readonly Violation[]): _file is GatewayFile {
  return violations.length === 0;
}

// What one key demands of another, said by the key that is missing.
function findMissing(file: GatewayFile): readonly string[] {
  const { makelaar, sleutels } = file;
  return [
    ...(makelaar?.soort === 'rabbitmq' && makelaar.url === undefined && makelaar.urlBestand === undefined
      ? ['/makelaar/url: required bij soort rabbitmq (of urlBestand)']
      : []),
    ...(sleutels?.soort === 'bestand' && sleutels.map === undefined
      ? ['/sleutels/map: required bij soort bestand']
      : []),
  ];
}
