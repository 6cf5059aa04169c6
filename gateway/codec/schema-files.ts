import { XMLParser } from 'fast-xml-parser';
import {
  closeBuffer,
  openBuffer,
  ParseOption,
  readBuffer,
  XmlDocument,
  xmlRegisterInputProvider,
  XsdValidator,
} from 'libxml2-wasm';

/** Schema files by their path relative to `schemas/`. */
export type SchemaFiles = ReadonlyMap<string, Uint8Array>;

/** A schema can't be used; `explanation` names the file and says why, for the operator. Holds nothing of a bericht. */
export class SchemaFault extends Error {
  readonly code = 'ERR_SCHEMAS_INVALID';
  readonly explanation: string;

  constructor(explanation: string) {
    super('ERR_SCHEMAS_INVALID');
    this.name = 'SchemaFault';
    this.explanation = explanation;
  }
}

/** What a fault in the schemas says, for the operator. */
export function explainSchemaFault(cause: unknown): string {
  return cause instanceof SchemaFault ? cause.explanation : String(cause);
}

/** A schema in libxml2's memory. */
export interface CompiledSchema {
  readonly validator: XsdValidator;
  /** Local names of all elements and attributes that its files declare or refer to. */
  readonly names: ReadonlySet<string>;
  dispose(): void;
}

/**
 * Compiles the schema of `entry`. Whatever it includes or imports comes out of `files`, nothing from disk or network.
 * Throws SchemaFault that names the entry and what is wrong.
 */
export function compileSchema(files: SchemaFiles, entry: string): CompiledSchema {
  const document = parseSchema(files, entry);
  const reading: Reading = { files, opened: [entry], problems: [] };
  const validator = compileDocument(document, reading);
  // An import that can't be opened is but a warning to libxml2, and the schema would lack a part.
  if (validator === undefined || reading.problems.length > 0) {
    validator?.dispose();
    document.dispose();
    throw fault(entry, reading.problems.join('; '));
  }
  return {
    validator,
    names: new Set(reading.opened.flatMap((path) => readNames(files, path))),
    dispose: () => {
      validator.dispose();
      document.dispose();
    },
  };
}

/** The target namespace of a schema file. Throws SchemaFault that names the file. */
export function readTargetNamespace(files: SchemaFiles, path: string): string {
  const document = parseSchema(files, path);
  const namespace = document.root.attr('targetNamespace')?.value;
  document.dispose();
  if (namespace === undefined) throw fault(path, 'no targetNamespace');
  return namespace;
}

interface Reading {
  readonly files: SchemaFiles;
  readonly opened: string[];
  readonly problems: string[];
}

function compileDocument(document: XmlDocument, reading: Reading): XsdValidator | undefined {
  current = reading;
  try {
    return XsdValidator.fromDoc(document);
  } catch (error) {
    reading.problems.push(String(error));
    return undefined;
  } finally {
    current = undefined;
  }
}

function bytesOf(files: SchemaFiles, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw fault(path, 'missing');
  return bytes;
}

function parseSchema(files: SchemaFiles, path: string): XmlDocument {
  const bytes = bytesOf(files, path);
  try {
    return XmlDocument.fromBuffer(bytes, { url: ADDRESS + path, option: OPTIONS });
  } catch (cause) {
    throw fault(path, String(cause));
  }
}

// The schemas compiled already: this only lists what they declare or refer to, without their prefixes.
function readNames(files: SchemaFiles, path: string): readonly string[] {
  const bytes = bytesOf(files, path);
  const names = NAMES.get(bytes) ?? collectNames(READER.parse(Buffer.from(bytes).toString('utf8')), '');
  NAMES.set(bytes, names);
  return names;
}

function collectNames(node: unknown, kind: string): readonly string[] {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, child]: [string, unknown]) => {
    const isName = DECLARATIONS.has(kind) && (key === '@name' || key === '@ref');
    // Elements that repeat come as an array, its positions as keys.
    return isName ? [String(child).replace(/^.*:/, '')] : collectNames(child, Array.isArray(node) ? kind : key);
  });
}

function fault(path: string, explanation: string): SchemaFault {
  return new SchemaFault(`schemas/${path}: ${explanation.trim()}`);
}

/** Opens a file for libxml2; undefined, and a problem noted, for any address that isn't one of the files. */
function openFile(address: string): number | undefined {
  const path = address.startsWith(ADDRESS) ? address.slice(ADDRESS.length) : address;
  const bytes = current?.files.get(path);
  if (bytes === undefined) {
    current?.problems.push(`missing ${path}`);
    return undefined;
  }
  current?.opened.push(path);
  return openBuffer(bytes);
}

const OPTIONS: ParseOption =
  ParseOption.XML_PARSE_NONET | ParseOption.XML_PARSE_NO_XXE | ParseOption.XML_PARSE_NO_SYS_CATALOG;
// No scheme that libxml2 or anything else could resolve.
const ADDRESS = 'doorgeefluik://schemas/';
const READER = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', removeNSPrefix: true });
// The StUF types share most of their files.
const NAMES = new WeakMap<Uint8Array, readonly string[]>();
const DECLARATIONS: ReadonlySet<string> = new Set(['element', 'attribute']);

// Compilation is synchronous, so there is one reading at a time. Taking every address keeps libxml2 from its own means.
let current: Reading | undefined;
xmlRegisterInputProvider({
  match: () => true,
  open: openFile,
  read: readBuffer,
  close: (descriptor) => {
    closeBuffer(descriptor);
    return true;
  },
});
