import {
  closeBuffer,
  openBuffer,
  ParseOption,
  readBuffer,
  XmlDocument,
  xmlRegisterInputProvider,
  XmlXPath,
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

function parseSchema(files: SchemaFiles, path: string): XmlDocument {
  const bytes = files.get(path);
  if (bytes === undefined) throw fault(path, 'missing');
  try {
    return XmlDocument.fromBuffer(bytes, { url: ADDRESS + path, option: OPTIONS });
  } catch (cause) {
    throw fault(path, String(cause));
  }
}

function readNames(files: SchemaFiles, path: string): readonly string[] {
  const document = parseSchema(files, path);
  const names = document.find(NAMES).map((node) => node.content.replace(/^.*:/, ''));
  document.dispose();
  return names;
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
const NAMES = XmlXPath.compile('//xs:element/@name | //xs:element/@ref | //xs:attribute/@name | //xs:attribute/@ref', {
  xs: 'http://www.w3.org/2001/XMLSchema',
});

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
