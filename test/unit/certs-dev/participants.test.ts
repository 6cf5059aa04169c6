import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { PARTICIPANTS } from '../../../certs-dev/participants.ts';
import { readRuleFiles } from '../../support/standing.ts';

interface Rows {
  readonly deelnemers: readonly { readonly oin: string; readonly gemeentecode?: string }[];
}

describe('the development participants', () => {
  const { deelnemers } = parse(readRuleFiles().get('deelnemers.yaml') ?? '') as Rows;

  it('are those of the rules, each with certificates', () => {
    expect(PARTICIPANTS.map(({ oin }) => oin).sort()).toEqual(deelnemers.map(({ oin }) => oin).sort());
    expect(new Set(PARTICIPANTS.map(({ name }) => name)).size).toBe(PARTICIPANTS.length);
  });

  it('have the gemeentecode of the rules', () => {
    const codes = new Map(deelnemers.map(({ oin, gemeentecode }) => [oin, gemeentecode]));
    for (const participant of PARTICIPANTS) {
      const code = 'gemeentecode' in participant ? participant.gemeentecode : undefined;
      expect([participant.name, code]).toEqual([participant.name, codes.get(participant.oin)]);
    }
  });
});
