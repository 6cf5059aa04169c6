import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AuditLine } from './audit-line.ts';

/** Tells whether a parsed line is one of the closed list, by `schemas/audit/regel.schema.json`. */
export type IsAuditLine = (value: unknown) => value is AuditLine;

/** Compiles the schema of the lines. */
export function loadLineSchema(): IsAuditLine {
  const schema: unknown = JSON.parse(readFileSync(findSchema(dirname(fileURLToPath(import.meta.url))), 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new TypeError('regel.schema.json is not a schema');
  return new Ajv2020({ discriminator: true, strict: true }).compile<AuditLine>(schema);
}

// Source and compiled file lie at different depths.
function findSchema(from: string): string {
  const path = join(from, 'schemas', 'audit', 'regel.schema.json');
  return existsSync(path) || dirname(from) === from ? path : findSchema(dirname(from));
}
