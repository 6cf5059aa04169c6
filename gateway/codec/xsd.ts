import type { Violation } from '../domain/rejection.ts';
import { validateDocument } from './libxml2-validation.ts';
import { compileSchema, readTargetNamespace } from './schema-files.ts';
import type { SchemaFiles } from './schema-files.ts';
import type { XmlMessage } from './xml-document.ts';
import { describeViolation } from './xsd-violations.ts';

/** A compiled schema in libxml2's memory. */
export interface XsdSchema {
  /** What the document breaks, at most 20, each once; none when it is valid. */
  validate(message: XmlMessage): readonly Violation[];
  dispose(): void;
}

/** Compiles a schema; includes and imports come out of `files` only. Throws SchemaFault that names the file. */
export function compileXsd(files: SchemaFiles, entry: string): XsdSchema {
  const schema = compileSchema(files, entry);
  return {
    validate: ({ document }) => {
      const violations = new Map<string, Violation>();
      validateDocument(schema.validator, document, (error) => {
        if (violations.size === MAX_VIOLATIONS) return;
        const violation = describeViolation(error, schema.names);
        violations.set(`${violation.path} ${violation.rule}`, violation);
      });
      return [...violations.values()];
    },
    dispose: () => {
      schema.dispose();
    },
  };
}

/**
 * Compiles the wrapper together with the schema of the document it holds, so that a strict wildcard in the wrapper takes
 * the elements of that schema. Throws SchemaFault that names the file.
 */
export function compileWrapperXsd(files: SchemaFiles, wrapper: string, inner: string): XsdSchema {
  const imports = [wrapper, inner].map(
    (path) => `<xs:import namespace="${readTargetNamespace(files, path)}" schemaLocation="/${path}"/>`,
  );
  const driver = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">${imports.join('')}</xs:schema>`;
  const entry = `${inner} in ${wrapper}`;
  return compileXsd(new Map([...files, [entry, Buffer.from(driver)]]), entry);
}

const MAX_VIOLATIONS = 20;
