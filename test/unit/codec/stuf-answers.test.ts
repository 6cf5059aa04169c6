import { describe, expect, it } from '@jest/globals';
import { readRuleSet } from '../../../gateway/codec/rule-set.ts';
import { readRuleFiles } from '../../support/standing.ts';

describe('the answers of StUF', () => {
  const read = readRuleSet(readRuleFiles());
  const rules = read.ok ? [...read.value.sendRules.values()].flat() : [];
  const waysBack = new Map<string, string[]>();
  for (const { type, senderRole, recipientRole } of rules.filter((rule) => rule.type.endsWith('Di01'))) {
    const way = `${recipientRole} → ${senderRole}`;
    waysBack.set(way, [...(waysBack.get(way) ?? []), type].sort());
  }

  it.each(['Bv01Bericht', 'Fo01Bericht', 'Fo03Bericht'])(
    '%s goes back the way of every StUF bericht, and no other',
    (type) => {
      const answers = rules.filter((rule) => rule.type === type);
      const ways = answers.map(
        ({ senderRole, recipientRole, answersTypes = [] }) =>
          [`${senderRole} → ${recipientRole}`, [...answersTypes].sort()] as const,
      );
      expect(waysBack.size).toBeGreaterThan(17);
      expect(new Map(ways)).toEqual(waysBack);
      expect(answers).toHaveLength(waysBack.size);
    },
  );
});
