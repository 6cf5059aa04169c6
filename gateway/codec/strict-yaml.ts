import { parseDocument } from 'yaml';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { JsonValue } from './strict-json.ts';

/** Where a YAML text can't be read, in the operator's words (such as `regel 3`), and why. */
export interface YamlProblem {
  readonly place: string;
  readonly problem: string;
}

/**
 * Reads one YAML 1.2 document. Double keys, unknown tags, a second document and aliases are refused: a row that says
 * something else than it seems to say would be a rule nobody wrote.
 */
export function parseStrictYaml(text: string): Result<JsonValue, readonly YamlProblem[]> {
  const document = parseDocument(text, { uniqueKeys: true, strict: true, stringKeys: true });
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return err(
      faults.map(({ linePos }) => ({ place: `regel ${String(linePos?.[0].line)}`, problem: 'geen geldige YAML' })),
    );
  }
  try {
    // eslint-disable-next-line @typescript-eslint/no-unsafe-type-assertion -- the core schema of YAML 1.2 gives what JSON holds
    return ok(document.toJS({ maxAliasCount: 0 }) as JsonValue);
  } catch {
    // A document without faults holds nothing else that toJS could stop at.
    return err([{ place: 'alias', problem: 'een alias is niet toegestaan' }]);
  }
}
