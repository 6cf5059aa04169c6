import { describe, expect, it } from '@jest/globals';
import { parse, stringify } from 'yaml';

import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import { isOin } from '../../gateway/domain/oin.ts';
import type { Oin } from '../../gateway/domain/oin.ts';
import type { ConnectionPoint, RuleSet } from '../../gateway/domain/participants.ts';
import { findRoute } from '../../gateway/pipeline/route.ts';
import { allowedPairs, ROLES, TYPES } from '../support/allowed-pairs.ts';
import { NOW } from '../support/berichten.ts';
import { readRuleFiles } from '../support/standing.ts';

/** The repository's matrix and types, with one party and one point for each role and nobody else. */
function oneOfEachRole(): RuleSet {
  const files = new Map(readRuleFiles());
  const put = (name: string, rows: readonly object[]): void =>
    void files.set(`${name}.yaml`, stringify({ [name]: rows }));
  put(
    'deelnemers',
    ROLES.map((role, index) => ({ oin: oinOf(index), naam: role, rollen: [role], vanaf: '2026-01-01', ...EVERY_FACT })),
  );
  put(
    'aansluitpunten',
    ROLES.map((role, index) => ({
      ...{ id: `punt-${String(index)}`, ontvanger: oinOf(index), rol: role },
      ...{
        formaten: ['xml', 'json'],
        handtekeningen: ['losstaand', 'ingesloten'],
        applicatie: `applicatie-${String(index)}`,
      },
    })),
  );
  put('machtigingen', []);
  put('opvolging', []);
  files.set('noodstop.yaml', stringify({ deelnemers: [], berichttypen: [] }));
  const rules = readRuleSet(files);
  if (!rules.ok) throw new Error(JSON.stringify(rules.error));
  return rules.value;
}

/** What conditions ask of a party: they have tests of their own. */
const EVERY_FACT = {
  ...{ virToegelaten: true, convenantDatum: '2026-01-01', kanCoordineren: true, zvhPartner: true, zvhDeelnemer: true },
  ...{ aansluitverklaring: '2026-01-01', categorie: 'gemeente' },
};

function oinOf(index: number): Oin {
  const oin = `00000099${String(1 + index).padStart(12, '0')}`;
  if (!isOin(oin)) throw new Error(oin);
  return oin;
}

const rules = oneOfEachRole();
const allowed = allowedPairs();

describe('the send matrix', () => {
  it('names the types and roles of the sources and no others', () => {
    const rows = [...rules.sendRules.values()].flat();
    expect([...rules.types.keys()].sort()).toEqual([...TYPES].sort());
    const used = new Set(rows.flatMap(({ senderRole, recipientRole }) => [senderRole, recipientRole]));
    expect([...used].filter((role) => !ROLES.includes(role))).toEqual([]);
    const { deelnemers } = parse(readRuleFiles().get('deelnemers.yaml') ?? '') as {
      readonly deelnemers: readonly { readonly rollen: readonly string[] }[];
    };
    expect(deelnemers.flatMap(({ rollen }) => rollen).filter((role) => !ROLES.includes(role))).toEqual([]);
  });

  it.each(TYPES)('lets %s go between the pairs of the sources and no other, however it is addressed', (type) => {
    const typeRule = rules.types.get(type);
    if (typeRule === undefined) throw new Error('no row in berichttypen.yaml');
    const points = [...rules.points.values()];
    const wrong = ROLES.flatMap((senderRole) =>
      points.flatMap((point) =>
        addressesOf(point).flatMap((address) => findWrong({ typeRule, senderRole, point, address })),
      ),
    );
    expect(wrong).toEqual([]);
  });

  it('was asked every combination', () => {
    process.stderr.write(
      `send matrix: ${String(TYPES.length * ROLES.length ** 2)} combinations, ${String(allowed.size)} allowed\n`,
    );
    expect(allowed.size).toBeGreaterThan(300);
  });
});

type Question = Parameters<typeof findRoute>[0];

function findWrong(asked: {
  readonly typeRule: Question['typeRule'];
  readonly senderRole: string;
  readonly point: ConnectionPoint;
  readonly address: Question['address'];
}): readonly string[] {
  const { typeRule, senderRole, point, address } = asked;
  const sender = [...rules.participants.values()].find(({ roles }) => roles.includes(senderRole));
  if (sender === undefined) throw new Error(senderRole);
  const route = findRoute({ typeRule, sender, senderRoles: [senderRole], address }, rules, NOW);
  const isRight = allowed.has(`${typeRule.type} ${senderRole} ${point.role}`)
    ? route.ok && route.value.point === point
    : !route.ok && route.error.code === 'ERR_ROUTE_NONE';
  return isRight ? [] : [`${senderRole} > ${point.role} (${address.kind}): ${route.ok ? 'allowed' : route.error.code}`];
}

function addressesOf({ recipient, role, stufApplication = '' }: ConnectionPoint): readonly Question['address'][] {
  return [
    { kind: 'oin', oin: recipient, role },
    { kind: 'stuf', oin: recipient, application: stufApplication, administration: undefined },
  ];
}
