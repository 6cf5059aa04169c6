import type { Environment } from '../domain/message.ts';
import { compareVersions } from './catalogue.ts';
import { SchemaFault } from './schema-files.ts';
import type { SchemaFiles } from './schema-files.ts';
import { isJsonArray } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { parseStrictYaml } from './strict-yaml.ts';

/** The schemas that come with the gateway, and the official package where one was imported. */
export interface SchemaLayers {
  readonly shipped: SchemaFiles;
  readonly imported: SchemaFiles | undefined;
  readonly environment: Environment;
}

/**
 * Lays the imported package over the shipped schemas. An imported StUF type takes the place of the shipped one of the same version, but
 * what ours says beside its schema (its business rules) stays in force. In productie no shipped StUF type is left: those are for trying
 * out. Throws SchemaFault for a package that holds anything but StUF types.
 */
export function layerSchemas({ shipped, imported = new Map(), environment }: SchemaLayers): SchemaFiles {
  const stuf = readDefinitions(shipped).filter(({ file }) => file['vorm'] === 'stuf');
  const own = new Set(environment === 'productie' ? stuf.map(({ path }) => path) : []);
  const definitions = readDefinitions(imported);
  const foreign = definitions.find(({ file }) => file['vorm'] !== 'stuf');
  if (foreign !== undefined) throw new SchemaFault(`stufpakket/${foreign.path}: geen StUF-type`);
  return new Map([
    ...[...shipped].filter(([path]) => !own.has(path)),
    ...[...imported].filter(([path]) => INSTALLED.test(path)),
    ...definitions.map(({ path, file }) => [path, toBytes({ ...findOwn(stuf, { path, file }), ...file })] as const),
  ]);
}

interface Definition {
  readonly path: string;
  readonly file: JsonObject;
}

function readDefinitions(files: SchemaFiles): readonly Definition[] {
  return [...files].flatMap(([path, bytes]) => {
    if (!DEFINITION.test(path)) return [];
    const read = parseStrictYaml(Buffer.from(bytes).toString('utf8'));
    // A definition that can't be read is left to whoever compiles it, and says so.
    return read.ok && isObject(read.value) ? [{ path, file: read.value }] : [];
  });
}

// Rules of the koppelvlak that hold for one patch of it hold for its neighbours: without our own of this version the newest speaks.
function findOwn(stuf: readonly Definition[], { path, file }: Definition): JsonObject {
  const sameType = stuf.filter((one) => one.file['berichttype'] === file['berichttype']);
  const newest = [...sameType].sort((a, b) => compareVersions(a.path, b.path)).at(-1);
  return (sameType.find((one) => one.path === path) ?? newest)?.file ?? {};
}

// JSON is YAML as well.
function toBytes(file: JsonObject): Uint8Array {
  return Buffer.from(JSON.stringify(file));
}

function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value);
}

const DEFINITION = /^berichten\/[^/]+\/[^/]+\/definitie\.yaml$/;
const INSTALLED = /^(?:officieel\/.*|berichten\/[^/]+\/[^/]+\/definitie\.yaml)$/;
