import { parse, stringify } from 'yaml';
import { RULE_FILES } from '../../gateway/codec/rule-set.ts';
import type { RuleFile, RuleFiles } from '../../gateway/codec/rule-set.ts';
import { readRuleFiles } from '../support/standing.ts';
import type { RuleRow } from '../support/standing.ts';

/** The rules of the repository for three types and a few parties: whole as a set, and read many times as fast. */
export function readSmallRules(): RuleFiles {
  const files = readRuleFiles();
  const edited = RULE_FILES.flatMap((name) => {
    const edit = EDITS[name];
    const rows =
      edit === undefined ? [] : (parse(String(files.get(`${name}.yaml`))) as Record<string, RuleRow[]>)[name];
    return edit === undefined ? [] : [[`${name}.yaml`, stringify({ [name]: edit(rows ?? []) })] as const];
  });
  return new Map([...files, ...edited]);
}

const TYPES = ['vtoDi01', 'notificatieDi01', 'opdrachtTb'];
const isKept = ({ berichttype }: RuleRow): boolean => [berichttype].flat().some((type) => TYPES.includes(String(type)));

const EDITS: Partial<Record<RuleFile, (rows: readonly RuleRow[]) => readonly RuleRow[]>> = {
  verzendmatrix: (rows) => rows.filter(isKept),
  berichttypen: (rows) => rows.filter(isKept),
  aansluitpunten: (rows) => rows.filter(({ berichttypen }) => berichttypen === undefined).slice(0, 6),
  doelbinding: (rows) => rows.slice(0, 3),
  machtigingen: (rows) => rows.slice(0, 2),
  deelnemers: (rows) => rows.slice(0, 12),
};
