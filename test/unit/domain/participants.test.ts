import { describe, expect, it } from '@jest/globals';
import { hasMandate, isInForce, mayServe, rolesOf } from '../../../gateway/domain/participants.ts';
import type {
  ConnectionPoint,
  Mandate,
  MandateTask,
  Participant,
  RuleSet,
} from '../../../gateway/domain/participants.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';

const HOLDER = '00000099000000001000' as Oin;
const GRANTOR = '00000001001825112000' as Oin;
const AT = Date.UTC(2026, 10, 25);

const mandate = (given: Partial<Mandate> = {}): Pick<RuleSet, 'mandates'> => ({
  mandates: [{ holder: HOLDER, grantor: GRANTOR, tasks: ['submit'], types: [], from: AT, until: AT + 10, ...given }],
});
const ask = (task: MandateTask, type?: string): Parameters<typeof hasMandate>[1] => ({
  holder: HOLDER,
  grantor: GRANTOR,
  task,
  ...(type === undefined ? {} : { type }),
});

describe('isInForce', () => {
  it('holds from its first instant up to, not at, its last', () => {
    const period = { from: 10, until: 20 };
    expect([9, 10, 19, 20].map((at) => isInForce(period, at))).toEqual([false, true, true, false]);
  });

  it('holds for good without an end', () => {
    expect(isInForce({ from: 10, until: undefined }, Number.MAX_SAFE_INTEGER)).toBe(true);
  });
});

describe('hasMandate', () => {
  it('holds for its own holder, grantor, task and time', () => {
    expect(hasMandate(mandate(), ask('submit', 'vtoDi01'), AT)).toBe(true);
    expect(hasMandate(mandate(), ask('sign', 'vtoDi01'), AT)).toBe(false);
    expect(hasMandate(mandate(), ask('submit'), AT + 10)).toBe(false);
    expect(hasMandate(mandate(), { ...ask('submit'), holder: GRANTOR, grantor: HOLDER }, AT)).toBe(false);
    expect(hasMandate(mandate(), { ...ask('submit'), grantor: HOLDER }, AT)).toBe(false);
    expect(hasMandate({ mandates: [] }, ask('submit'), AT)).toBe(false);
  });

  it('covers the types it names, and all when it names none', () => {
    const named = mandate({ types: ['vtoDi01'] });
    expect(hasMandate(named, ask('submit', 'vtoDi01'), AT)).toBe(true);
    expect(hasMandate(named, ask('submit', 'opdrachtTb'), AT)).toBe(false);
    expect(hasMandate(named, ask('submit'), AT)).toBe(true);
  });

  it('does not add up two mandates that each lack something', () => {
    const [one] = mandate({ tasks: ['sign'] }).mandates;
    const [other] = mandate({ tasks: ['submit'], types: ['opdrachtTb'] }).mandates;
    const rules = { mandates: [one, other].filter((row) => row !== undefined) };
    expect(hasMandate(rules, ask('submit', 'vtoDi01'), AT)).toBe(false);
  });
});

describe('mayServe', () => {
  const party = (oin: Oin, until?: number): Participant =>
    ({ oin, roles: [], from: 0, until, pins: [] }) as unknown as Participant;
  const point = (owner: Oin): ConnectionPoint => ({ recipient: GRANTOR, owner }) as unknown as ConnectionPoint;
  const rules = (parties: readonly Participant[], mandates: RuleSet['mandates'] = []): RuleSet =>
    ({ participants: new Map(parties.map((one) => [one.oin, one])), mandates }) as unknown as RuleSet;

  it('lets a recipient serve its own point while it is connected', () => {
    expect(mayServe(rules([party(GRANTOR)]), point(GRANTOR), AT)).toBe(true);
    expect(mayServe(rules([party(GRANTOR, AT)]), point(GRANTOR), AT)).toBe(false);
    expect(mayServe(rules([]), point(GRANTOR), AT)).toBe(false);
  });

  it('lets another serve it only with a mandate to receive', () => {
    const { mandates } = mandate({ tasks: ['receive'] });
    const both = [party(HOLDER), party(GRANTOR)];
    expect(mayServe(rules(both, mandates), point(HOLDER), AT)).toBe(true);
    expect(mayServe(rules(both, mandates), point(HOLDER), AT + 10)).toBe(false);
    expect(mayServe(rules(both, mandate({ tasks: ['submit'] }).mandates), point(HOLDER), AT)).toBe(false);
  });

  it('lets nobody serve the point of a recipient that ended, nor a point that ended', () => {
    const { mandates } = mandate({ tasks: ['receive'] });
    expect(mayServe(rules([party(HOLDER)], mandates), point(HOLDER), AT)).toBe(false);
    expect(mayServe(rules([party(HOLDER), party(GRANTOR, AT)], mandates), point(HOLDER), AT)).toBe(false);
    expect(mayServe(rules([party(GRANTOR)]), { ...point(GRANTOR), until: AT + 1 }, AT)).toBe(true);
    expect(mayServe(rules([party(GRANTOR)]), { ...point(GRANTOR), until: AT }, AT)).toBe(false);
  });
});

describe('rolesOf', () => {
  const party = { roles: ['GEMEENTE', 'JGZ'] } as unknown as Participant;

  it('are those of the party, or the one it claims and has', () => {
    expect(rolesOf(party, undefined)).toEqual(['GEMEENTE', 'JGZ']);
    expect(rolesOf(party, 'JGZ')).toEqual(['JGZ']);
    expect(rolesOf(party, 'RVDK')).toEqual([]);
  });
});
