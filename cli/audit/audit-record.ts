import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2020 } from 'ajv/dist/2020.js';

/** One line of the audit log, as `schemas/audit/regel.schema.json` allows it; the other fields depend on the kind. */
export interface AuditRecord {
  readonly seq: number;
  readonly prev: string;
  readonly at: string;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** A signed statement about every line before it. */
export interface Checkpoint extends AuditRecord {
  readonly kind: 'checkpoint';
  readonly environment: string;
  readonly covers: number;
  readonly head: string;
  readonly thumbprint: string;
  readonly signature: string;
  readonly certificates: readonly string[];
}

/** Whether the record, allowed by the schema, is a checkpoint. */
export function isCheckpoint(record: AuditRecord): record is Checkpoint {
  return record.kind === 'checkpoint';
}

/** A field as text; empty when the record has none of that name. */
export function textOf(record: AuditRecord, field: string): string {
  const value = record[field];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/** Reads one line. Undefined unless the schema allows it and its bytes are the only ones that say what it says. */
export type ParseRecord = (bytes: Buffer) => AuditRecord | undefined;

/** Yields the parser by the schema that the writer is held to as well: the one thing the two have in common. */
export function createRecordParser(): ParseRecord {
  isRecord ??= compileSchema();
  const isAllowed = isRecord;
  return (bytes) => {
    const value = parseJson(bytes);
    // White space, escapes or a doubled name would be a second way to write the same record.
    return isAllowed(value) && Buffer.from(JSON.stringify(value)).equals(bytes) ? value : undefined;
  };
}

// Compiling takes longer than verifying a small log.
let isRecord: ((value: unknown) => value is AuditRecord) | undefined;

function compileSchema(): (value: unknown) => value is AuditRecord {
  const schema: unknown = JSON.parse(readFileSync(findSchema(dirname(fileURLToPath(import.meta.url))), 'utf8'));
  if (typeof schema !== 'object' || schema === null) throw new TypeError('regel.schema.json is not a schema');
  return new Ajv2020({ discriminator: true, strict: true }).compile<AuditRecord>(schema);
}

function parseJson(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

// Source and compiled file lie at different depths.
function findSchema(from: string): string {
  const path = join(from, 'schemas', 'audit', 'regel.schema.json');
  return existsSync(path) || dirname(from) === from ? path : findSchema(dirname(from));
}
