import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';
import { parse } from 'yaml';

/** `definitie.yaml` of one type and version, as it stands in the file. */
export interface Definition {
  readonly berichttype: string;
  readonly versie: string;
  readonly vorm: 'stuf' | 'eigen';
  readonly klasse?: 'dat' | 'wat';
  readonly formaten: readonly ('xml' | 'json')[];
  readonly namespace: string;
  readonly element: string;
  readonly xsd?: string;
  readonly jsonSchema?: string;
  readonly omschrijving: string;
}

/** One example file: a whole bericht. */
export interface Example {
  readonly name: string;
  readonly format: 'xml' | 'json';
  readonly bytes: Buffer;
}

/** One folder `schemas/berichten/<berichttype>/<versie>`. */
export interface TypeFolder {
  readonly label: string;
  /** Path under `schemas/`, with `/`. */
  readonly folder: string;
  readonly definition: Definition;
  readonly valid: readonly Example[];
  readonly invalid: readonly Example[];
  /** `ongeldig/verwacht.yaml`: file name to what is wrong. */
  readonly expected: Readonly<Record<string, string>>;
}

/** The folder `schemas/` of the repository. */
export const SCHEMA_ROOT = path.resolve('schemas');

/** Every type and version under `schemas/berichten`, found by looking. */
export function readTypeFolders(): readonly TypeFolder[] {
  return readdirSync(path.join(SCHEMA_ROOT, 'berichten')).flatMap((type) =>
    readdirSync(path.join(SCHEMA_ROOT, 'berichten', type)).map((version) => readTypeFolder(type, version)),
  );
}

/** A JSON Schema of `schemas/`, by its path there. */
export function readJsonSchema(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(path.join(SCHEMA_ROOT, file), 'utf8')) as Record<string, unknown>;
}

/** An XSD of `schemas/` compiled with what it includes; the caller disposes. */
export function openXsd(file: string): XsdValidator {
  return compileXsd(`schemas/${file}`, readFileSync(path.join(SCHEMA_ROOT, file)), readXsdFiles());
}

/** The schema of a whole XML bericht of the type: its own XSD for StUF, else the wrapper and the inhoud together; the caller disposes. */
export function openTypeXsd(type: TypeFolder): XsdValidator {
  if (type.definition.vorm === 'stuf') return openXsd(`${type.folder}/${String(type.definition.xsd)}`);
  const driver = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
    <xs:import namespace="urn:doorgeefluik:bericht:1" schemaLocation="bericht.xsd"/>
    <xs:import namespace="${type.definition.namespace}" schemaLocation="${type.folder}/${String(type.definition.xsd)}"/>
  </xs:schema>`;
  return compileXsd('schemas/driver.xsd', Buffer.from(driver), readXsdFiles());
}

/** Compiles the entry; imports and includes are found among `files` only, by path relative to the entry's. */
export function compileXsd(entry: string, bytes: Uint8Array, files: ReadonlyMap<string, Uint8Array>): XsdValidator {
  for (const [name, content] of files) provider.addBuffer(name, content);
  const document = XmlDocument.fromBuffer(bytes, { url: entry });
  try {
    return XsdValidator.fromDoc(document);
  } finally {
    document.dispose();
    for (const name of files.keys()) provider.removeBuffer(name);
  }
}

/** Whether the XSD accepts the document; throws when it is no well-formed XML. */
export function isAcceptedBy(validator: XsdValidator, bytes: Uint8Array): boolean {
  const document = XmlDocument.fromBuffer(bytes);
  try {
    validator.validate(document);
    return true;
  } catch (error) {
    if (error instanceof XmlValidateError) return false;
    throw error;
  } finally {
    document.dispose();
  }
}

function readTypeFolder(type: string, version: string): TypeFolder {
  const folder = `berichten/${type}/${version}`;
  const definition = parse(readFileSync(path.join(SCHEMA_ROOT, folder, 'definitie.yaml'), 'utf8')) as Definition;
  const expected = parse(
    readFileSync(path.join(SCHEMA_ROOT, folder, 'voorbeelden/ongeldig/verwacht.yaml'), 'utf8'),
  ) as Record<string, string>;
  return {
    label: `${type} ${version}`,
    folder,
    definition,
    valid: readExamples(`${folder}/voorbeelden/geldig`),
    invalid: readExamples(`${folder}/voorbeelden/ongeldig`),
    expected,
  };
}

function readExamples(folder: string): readonly Example[] {
  const directory = path.join(SCHEMA_ROOT, folder);
  return readdirSync(directory).flatMap((name) => {
    const format = path.extname(name).slice(1);
    if (format !== 'xml' && format !== 'json') return [];
    return [{ name, format, bytes: readFileSync(path.join(directory, name)) }];
  });
}

/** Every XSD under `schemas/`, by its path from the root of the repository. */
export function readXsdFiles(): ReadonlyMap<string, Buffer> {
  const names = readdirSync(SCHEMA_ROOT, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.xsd'));
  return new Map(
    names.map((name) => [`schemas/${name.split(path.sep).join('/')}`, readFileSync(path.join(SCHEMA_ROOT, name))]),
  );
}

const provider = new XmlBufferInputProvider({});
xmlRegisterInputProvider(provider);
