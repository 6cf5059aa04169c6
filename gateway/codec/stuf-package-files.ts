import { createHash } from 'node:crypto';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { textAt } from './envelope-json.ts';
import { objectsAt } from './rule-set-rows.ts';
import type { SchemaFiles } from './schema-files.ts';
import { parseStrictJson } from './strict-json.ts';
import type { StufPackage, StufPackageType } from './stuf-package.ts';
import type { StufRepair } from './stuf-repairs.ts';

/** A published zip, read and found right. */
export interface StufSource {
  /** Name of the zip, for people. */
  readonly name: string;
  readonly sha256: string;
  readonly content: StufPackage;
}

/** What an imported package says of itself (`pakket.json`). */
export interface StufManifest {
  /** SHA-256 of each zip that it was made of. */
  readonly sources: readonly string[];
}

/** The files of an imported package, and which zip each of its types came from. */
export interface BuiltPackage {
  readonly files: SchemaFiles;
  readonly types: readonly BuiltType[];
}

/** A type of an imported package; `alsoIn` names the zips that have it as well and were not used for it. */
export interface BuiltType extends Pick<StufPackageType, 'type' | 'version'> {
  readonly from: string;
  readonly alsoIn: readonly string[];
}

/** The file that says what an imported package is made of. */
export const MANIFEST = 'pakket.json';

/**
 * Lays out a package as the gateway reads it: a definition for each type and version, the schemas of each zip in a folder of
 * their own, and what it all came from. Where several zips have a type in one version, the first counts.
 */
export function buildPackage(sources: readonly StufSource[], importedAt: string): BuiltPackage {
  const chosen = chooseTypes(sources);
  const files = new Map<string, Uint8Array>();
  for (const { source, type } of chosen) files.set(definitionPath(type), toDefinition(type, folderOf(source)));
  for (const source of sources) {
    for (const [path, bytes] of source.content.files) {
      if (INSTALLED.test(path)) files.set(`${folderOf(source)}/${path}`, bytes);
    }
  }
  const types = chosen.map(({ source, type, others }) => ({
    type: type.type,
    version: type.version,
    from: source.name,
    alsoIn: others.map(({ name }) => name),
  }));
  return { types, files: new Map([...files, [MANIFEST, toManifest(sources, { files, importedAt })]]) };
}

/** Holds the files of an imported package against what it says of itself. On failure: Dutch, for the operator. */
export function verifyPackage(files: SchemaFiles): Result<StufManifest, string> {
  const bytes = files.get(MANIFEST);
  if (bytes === undefined) return err(`${MANIFEST} ontbreekt`);
  const manifest = parseStrictJson(bytes);
  if (!manifest.ok) return err(`${MANIFEST} is niet te lezen`);
  const listed = new Map(
    objectsAt(manifest.value, 'bestanden').map((row) => [textAt(row, 'pad') ?? NAMELESS, textAt(row, 'sha256')]),
  );
  for (const [path, content] of files) {
    if (path !== MANIFEST && !listed.has(path)) return err(`${path} hoort niet bij het pakket`);
    if (path !== MANIFEST && listed.get(path) !== sha256(content)) return err(`${path} is veranderd na het importeren`);
  }
  const absent = [...listed.keys()].find((path) => !files.has(path));
  if (absent !== undefined) return err(`${absent} ontbreekt`);
  return ok({ sources: objectsAt(manifest.value, 'bronnen').flatMap((source) => textAt(source, 'sha256') ?? []) });
}

interface Choice {
  readonly source: StufSource;
  readonly type: StufPackageType;
  readonly others: readonly StufSource[];
}

function chooseTypes(sources: readonly StufSource[]): readonly Choice[] {
  const all = sources.flatMap((source) => source.content.types.map((type) => ({ source, type })));
  return all.flatMap(({ source, type }, index) => {
    const same = all.filter((one) => definitionPath(one.type) === definitionPath(type));
    if (same[0] !== all[index]) return [];
    return [{ source, type, others: same.slice(1).map((one) => one.source) }];
  });
}

function definitionPath({ type, version }: Pick<StufPackageType, 'type' | 'version'>): string {
  return `berichten/${type}/${version}/definitie.yaml`;
}

function folderOf({ sha256: hash }: StufSource): string {
  return `officieel/${hash.slice(0, FOLDER_NAME_LENGTH)}`;
}

// Each value as JSON, which YAML reads as the same value.
function toDefinition({ type, version, namespace, entry }: StufPackageType, folder: string): Uint8Array {
  const rows = {
    berichttype: type,
    versie: version,
    vorm: 'stuf',
    formaten: ['xml'],
    namespace,
    element: type,
    xsd: `/${folder}/${entry}`,
    omschrijving: `${type} volgens het officiële pakket.`,
  };
  const lines = Object.entries(rows).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  return Buffer.from(lines.join(''));
}

function toManifest(
  sources: readonly StufSource[],
  { files, importedAt }: { readonly files: SchemaFiles; readonly importedAt: string },
): Uint8Array {
  const manifest = {
    geimporteerdOp: importedAt,
    bronnen: sources.map((source) => ({
      zip: source.name,
      sha256: source.sha256,
      map: folderOf(source),
      versies: [...new Set(source.content.types.map(({ version }) => version))],
      herstel: source.content.repairs.map((repair) => ({
        bestand: repair.file,
        schemaLocation: repair.location,
        wat: REPAIR_WORDS[repair.kind],
      })),
    })),
    bestanden: [...files].map(([path, bytes]) => ({ pad: path, sha256: sha256(bytes) })),
  };
  return Buffer.from(`${JSON.stringify(manifest, undefined, 2)}\n`);
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** What was repaired, in Dutch. */
export const REPAIR_WORDS: Readonly<Record<StufRepair['kind'], string>> = {
  slashes: 'backslash in schemaLocation vervangen',
  include: 'ontbrekende include toegevoegd',
};

const NAMELESS = 'een bestand zonder naam';
const FOLDER_NAME_LENGTH = 12;
// Schemas, and the WSDLs that go with them; nothing of what else a zip may hold.
const INSTALLED = /\.(?:xsd|wsdl)$/;
