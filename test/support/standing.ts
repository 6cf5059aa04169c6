import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { expandSendRow } from '../../gateway/codec/rule-set-expand.ts';
import type { RuleFile, RuleFiles } from '../../gateway/codec/rule-set.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';
import { composeStanding } from '../../gateway/compose-standing.ts';
import type { Environment, Instant } from '../../gateway/domain/message.ts';
import type { StageContext } from '../../gateway/pipeline/context.ts';
import type { Standing } from '../../gateway/services/parts.ts';

/** A row of a YAML file of the rules, by its own names. */
export type RuleRow = Readonly<Record<string, unknown>>;

/** Changes to the rules of the repository: what becomes of the rows of a file, or of the lists of `noodstop`. */
export type RuleChanges = Readonly<Partial<Record<RuleFile, (rows: readonly RuleRow[]) => readonly unknown[]>>> & {
  readonly stop?: { readonly deelnemers?: readonly string[]; readonly berichttypen?: readonly string[] };
};

/** Whom the stages trust, in PEM. */
export interface TestTrust {
  readonly rootPem: string;
  readonly intermediatePem: string;
}

/** What the stages look at: real schemas, the rules of the repository with changes, and the roots of a test PKI. */
export function composeTestStanding(
  trust: TestTrust,
  options: { readonly environment?: Environment; readonly rules?: RuleChanges; readonly maxBodyBytes?: number } = {},
): Standing {
  const { environment = 'ontwikkeling', rules = {}, maxBodyBytes = 1024 * 1024 } = options;
  const texts = changeRules(readRuleFiles(), rules);
  return {
    ...composeStanding({
      environment,
      schemaFiles: new Map(),
      ruleFiles: new Map([...texts].map(([name, text]) => [name, Buffer.from(text)])),
      rootsPem: trust.rootPem,
      intermediatesPem: trust.intermediatePem,
      maxBodyBytes,
    }),
    catalogue: (catalogue ??= composeCatalogue(trust)),
  };
}

/** The context of a judgement at an instant; what the stages open stays open until the process ends. */
export function contextAt(standing: Standing, now: Instant): StageContext {
  return { ...standing, now, own: () => undefined };
}

/** The files of `routing-rules/`, by their path inside it. */
export function readRuleFiles(): RuleFiles {
  return new Map([...readFolder('routing-rules')].map(([name, bytes]) => [name, bytes.toString('utf8')]));
}

/** The files of `schemas/`, by their path inside it. */
export function readSchemaFiles(): ReadonlyMap<string, Buffer> {
  return readFolder('schemas');
}

/** The rules with changes made to their rows. */
export function changeRules(files: RuleFiles, changes: RuleChanges): RuleFiles {
  const { stop = {}, ...rows } = changes;
  const changed = new Map(files);
  for (const [name, change] of Object.entries(rows)) {
    const before = parse(files.get(`${name}.yaml`) ?? '') as Readonly<Record<string, readonly RuleRow[]>>;
    const rows = (before[name] ?? []).flatMap((row) => (name === 'verzendmatrix' ? eachPair(row) : [row]));
    changed.set(`${name}.yaml`, stringify({ [name]: change(rows) }, { aliasDuplicateObjects: false }));
  }
  changed.set('noodstop.yaml', stringify({ deelnemers: [], berichttypen: [], ...stop }));
  return changed;
}

/** A row of the send matrix for each type and pair of roles that it lists. */
function eachPair(row: RuleRow): readonly RuleRow[] {
  return expandSendRow(row as JsonObject);
}

function readFolder(folder: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path)];
    }),
  );
}

// Compiled once for all tests of a file: the schemas are the same for every set of rules.
let catalogue: Standing['catalogue'] | undefined;

function composeCatalogue(trust: TestTrust): Standing['catalogue'] {
  const ruleFiles = new Map([...readRuleFiles()].map(([name, text]) => [name, Buffer.from(text)]));
  return composeStanding({
    environment: 'ontwikkeling',
    schemaFiles: readSchemaFiles(),
    ruleFiles,
    rootsPem: trust.rootPem,
    intermediatesPem: trust.intermediatePem,
    maxBodyBytes: 1,
  }).catalogue;
}
