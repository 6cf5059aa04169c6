import { isUtf8 } from 'node:buffer';
import type { Format } from '../domain/message.ts';
import { compileBusinessRules } from './business-rules.ts';
import type { BusinessRules } from './business-rules.ts';
import { findOpenPlaces } from './closed-schema.ts';
import { textAt } from './envelope-json.ts';
import { createJsonSchemaCompiler } from './json-schema.ts';
import type { JsonSchemaCompiler, JsonSchemaValidator } from './json-schema.ts';
import { objectsAt, texts } from './rule-set-rows.ts';
import { SchemaFault } from './schema-files.ts';
import type { SchemaFiles } from './schema-files.ts';
import { isJsonObject } from './strict-json.ts';
import type { JsonObject, JsonValue } from './strict-json.ts';
import { parseStrictYaml } from './strict-yaml.ts';
import { compileWrapperXsd, compileXsd } from './xsd.ts';
import type { XsdSchema } from './xsd.ts';

/** A message type in one version: what it is called and how its berichten are validated. */
export interface TypeDefinition {
  readonly type: string;
  readonly version: string;
  /** `stuf`: the document element is the bericht; `own`: `inhoud` of our wrapper or JSON. */
  readonly kind: 'stuf' | 'own';
  readonly formats: readonly Format[];
  readonly namespace: string;
  readonly element: string;
  readonly description: string;
  readonly xsd: XsdSchema | undefined;
  readonly jsonSchema: JsonSchemaValidator | undefined;
  /** Says *that* something is so and never *what* (`klasse: dat`): JSON without free text or attachment. */
  readonly factsOnly: boolean;
  /** What the type asks beside its schema; absent when nothing. */
  readonly businessRules: BusinessRules | undefined;
}

/** All message types, compiled. */
export interface Catalogue {
  /** Versions of a type, newest first. */
  readonly types: ReadonlyMap<string, readonly TypeDefinition[]>;
  /** StUF types by `namespace element`, versions newest first. */
  readonly byElement: ReadonlyMap<string, readonly TypeDefinition[]>;
  /** Local names of the StUF document elements, to tell an unknown version from an unknown type. */
  readonly elementNames: ReadonlySet<string>;
}

/**
 * Compiles every `berichten/<type>/<version>/definitie.yaml`. Throws SchemaFault that names the file: a catalogue
 * that isn't whole isn't used.
 */
export function compileCatalogue(files: SchemaFiles): Catalogue {
  const compiling: Compiling = { files, stuf: new Map() };
  const definitions = [...files.keys()]
    .filter((path) => DEFINITION.test(path))
    .map((path) => compileDefinition(compiling, path))
    .sort((a, b) => compareVersions(b.version, a.version));
  const stuf = definitions.filter((definition) => definition.kind === 'stuf');
  return {
    types: groupBy(definitions, (definition) => definition.type),
    byElement: groupBy(stuf, (definition) => elementKey(definition.namespace, definition.element)),
    elementNames: new Set(stuf.map((definition) => definition.element)),
  };
}

/** The key of `Catalogue.byElement`. */
export function elementKey(namespace: string, element: string): string {
  return `${namespace} ${element}`;
}

/** Orders versions such as `1.0.9` by their numbers. */
export function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}

interface Compiling {
  readonly files: SchemaFiles;
  /** StUF schemas by path: types of one package share the schema that declares them all. */
  readonly stuf: Map<string, XsdSchema>;
  /** Made at the first JSON type: they share one schema of `stuurgegevens`. */
  compileJson?: JsonSchemaCompiler;
}

const KEYS: ReadonlySet<string> = new Set([
  'berichttype',
  'versie',
  'vorm',
  'formaten',
  'namespace',
  'element',
  'xsd',
  'jsonSchema',
  'omschrijving',
  'klasse',
  'bedrijfsregels',
]);

const DEFINITION = /^berichten\/[^/]+\/[^/]+\/definitie\.yaml$/;

function compileDefinition(compiling: Compiling, path: string): TypeDefinition {
  const read = parseStrictYaml(readText(compiling.files, path));
  if (!read.ok) throw fault(path, read.error.map(({ place, problem }) => `${place}: ${problem}`).join('; '));
  try {
    return compileFile(compiling, read.value, path.slice(0, path.lastIndexOf('/') + 1));
  } catch (cause) {
    if (cause instanceof SchemaFault) throw cause;
    throw fault(path, String(cause));
  }
}

function compileFile(compiling: Compiling, file: JsonValue, folder: string): TypeDefinition {
  // A rule under a name that nobody reads would be a rule that nobody keeps.
  const unknown = isJsonObject(file) ? Object.keys(file).filter((name) => !KEYS.has(name)) : [];
  if (unknown.length > 0) throw new TypeError(`unknown: ${unknown.join(', ')}`);
  const need = (name: string): string => needText(file, name);
  const kind = need('vorm') === 'stuf' ? 'stuf' : 'own';
  const formats = texts(file, 'formaten').filter((format) => format === 'xml' || format === 'json');
  return {
    type: need('berichttype'),
    version: need('versie'),
    kind,
    formats,
    namespace: need('namespace'),
    element: need('element'),
    description: need('omschrijving'),
    xsd: formats.includes('xml') ? compileXml(compiling, kind, placeOf(need('xsd'), folder)) : undefined,
    jsonSchema: formats.includes('json') ? compileJson(compiling, folder + need('jsonSchema')) : undefined,
    factsOnly: readClass(compiling.files, { file, formats, folder }),
    businessRules: compileRules(file),
  };
}

/** Whether the type is of class `dat`; throws when its schema doesn't keep to that. */
function readClass(
  files: SchemaFiles,
  { file, formats, folder }: { readonly file: JsonValue; readonly formats: readonly string[]; readonly folder: string },
): boolean {
  const name = textAt(file, 'klasse') ?? 'wat';
  if (name !== 'dat' && name !== 'wat') throw new TypeError('klasse is dat or wat');
  if (name === 'wat') return false;
  if (formats.join() !== 'json') throw new TypeError('klasse dat is JSON only');
  const open = findOpenPlaces(readJson(files, folder + needText(file, 'jsonSchema')));
  if (open.length > 0) throw new TypeError(`klasse dat leaves room for free text at ${open.join(', ')}`);
  return true;
}

function compileRules(file: JsonValue): BusinessRules | undefined {
  const rules = objectsAt(file, 'bedrijfsregels');
  return rules.length === 0 ? undefined : compileBusinessRules(rules);
}

function needText(file: JsonValue, name: string): string {
  const text = textAt(file, name);
  if (text === undefined) throw new TypeError(`${name} is missing`);
  return text;
}

// With a `/` before it a path counts from the root of the schemas, without one from the folder of the definition.
function placeOf(path: string, folder: string): string {
  return path.startsWith('/') ? path.slice(1) : folder + path;
}

function compileXml({ files, stuf }: Compiling, kind: TypeDefinition['kind'], path: string): XsdSchema {
  if (kind === 'own') return compileWrapperXsd(files, 'bericht.xsd', path);
  const schema = stuf.get(path) ?? compileXsd(files, path);
  stuf.set(path, schema);
  return schema;
}

// A JSON bericht is its stuurgegevens, one schema for all types, and an inhoud with a schema of its own.
function compileJson(compiling: Compiling, path: string): JsonSchemaValidator {
  const control = readJson(compiling.files, 'stuurgegevens.schema.json');
  const content = readJson(compiling.files, path);
  compiling.compileJson ??= createJsonSchemaCompiler([control]);
  return compiling.compileJson({
    main: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      $id: `urn:doorgeefluik:schema:${path}:bericht`,
      type: 'object',
      required: ['stuurgegevens', 'inhoud'],
      additionalProperties: false,
      properties: { stuurgegevens: { $ref: control.$id }, inhoud: { $ref: content.$id } },
    },
    others: [content],
  });
}

interface IdentifiedSchema extends JsonObject {
  readonly $id: string;
}

function readJson(files: SchemaFiles, path: string): IdentifiedSchema {
  // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- own data, compiled in strict mode right after
  return JSON.parse(readText(files, path)) as IdentifiedSchema;
}

function readText(files: SchemaFiles, path: string): string {
  const bytes = files.get(path);
  if (bytes === undefined) throw fault(path, 'missing');
  if (!isUtf8(bytes)) throw fault(path, 'not UTF-8');
  return Buffer.from(bytes).toString('utf8');
}

function fault(path: string, explanation: string): SchemaFault {
  return new SchemaFault(`schemas/${path}: ${explanation}`);
}

function groupBy<T>(items: readonly T[], key: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
