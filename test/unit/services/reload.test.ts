import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { RuleSet } from '../../../gateway/domain/participants.ts';
import { ConfigurationFault } from '../../../gateway/ports/faults.ts';
import { judge } from '../../../gateway/pipeline/judge.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { contextNow } from '../../../gateway/services/parts.ts';
import type { Parts } from '../../../gateway/services/parts.ts';
import { reloadRules } from '../../../gateway/services/reload.ts';
import type { NewRules } from '../../../gateway/services/reload.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import type { Supervision } from '../../../gateway/services/supervise.ts';
import { freshBericht, oinOf } from '../../support/berichten.ts';
import { openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';

let services: TestServices;
let parts: Parts;
let supervision: Supervision;
let rules: RuleSet;

beforeEach(async () => {
  services = await openServices();
  const { standing } = services.parts;
  rules = standing().rules;
  parts = {
    ...services.parts,
    standing: () => ({ ...standing(), rules }),
    judge: (incoming) => Promise.resolve(judge(incoming, contextNow(parts))),
  };
  supervision = await supervise(parts, 'test');
  services.effects.length = 0;
});
afterEach(async () => {
  await supervision.close();
  await services.close();
});

/** The present set under another hash, with changes. */
function changed(changes: Partial<RuleSet> = {}): NewRules {
  const next = { ...rules, hash: 'ab'.repeat(32), ...changes };
  return {
    rules: next,
    apply: () => {
      rules = next;
      return Promise.resolve();
    },
  };
}

/** Points without the one of the RvdK, or with it and another that is pushed to. */
function points(change: 'removed' | 'moved'): Partial<RuleSet> {
  const point = [...rules.points.values()].find(({ recipient }) => recipient === oinOf('rvdk'));
  if (point === undefined) throw new Error('the RvdK has no point');
  const others = [...rules.points].filter(([id]) => id !== point.id);
  const now = change === 'removed' ? [] : [{ ...point, id: 'rvdk-nieuw' }];
  return {
    points: new Map([...others, ...now.map((one) => [one.id, one] as const)]),
    pointsByRecipient: new Map([...rules.pointsByRecipient, [point.recipient, now]]),
  };
}

const offer = (): ReturnType<typeof submit> =>
  submit(parts, toSubmission(services.workshop.sendAs(freshBericht('vtoDi01', 'xml', 'minimaal.xml'))));

describe('a reload of the rules', () => {
  it('is on record before it is in force, and told', async () => {
    let onRecord: readonly string[] = [];
    const next = changed();
    const outcome = await reloadRules(parts, supervision, () =>
      Promise.resolve({
        ...next,
        apply: () => {
          onRecord = [...services.effects];
          return next.apply();
        },
      }),
    );
    expect(outcome).toBe('loaded');
    expect(onRecord).toEqual(['record rules-loaded']);
    expect(rules.hash).toBe('ab'.repeat(32));
    expect(services.events).toContainEqual({ name: 'RulesLoaded', ruleSetHash: rules.hash });
  });

  it('does nothing when the files are the same', async () => {
    expect(await reloadRules(parts, supervision, () => Promise.resolve(changed({ hash: rules.hash })))).toBe(
      'unchanged',
    );
    expect(services.effects).toEqual([]);
  });

  it('goes on where one before it stopped halfway', async () => {
    let follows = 0;
    const halting = {
      follow: (): Promise<void> => {
        follows += 1;
        return follows === 1 ? Promise.reject(new TypeError('no channel')) : supervision.follow();
      },
    };
    const next = changed(points('moved'));
    await expect(reloadRules(parts, halting, () => Promise.resolve(next))).rejects.toThrow(TypeError);
    expect(await reloadRules(parts, halting, () => Promise.resolve(next))).toBe('unchanged');
    await offer();
    await services.settle();
    expect(services.pushes).toHaveLength(1);
  });

  it('keeps the old set when the new one isn’t right, and says so', async () => {
    const before = rules;
    const outcome = await reloadRules(parts, supervision, () =>
      Promise.reject(new ConfigurationFault('ERR_RULES_INVALID', 'verzendmatrix.yaml rij 3: kapot')),
    );
    expect(outcome).toBe('refused');
    expect(rules).toBe(before);
    expect(services.effects).toEqual([]);
    expect(services.events).toContainEqual({ name: 'RulesRefused', problem: 'verzendmatrix.yaml rij 3: kapot' });
    expect((await offer()).ok).toBe(true);
  });

  it('keeps the old set when the new one can’t be put on record', async () => {
    const before = rules;
    services.breakRegister('rules-loaded');
    await expect(reloadRules(parts, supervision, () => Promise.resolve(changed(points('removed'))))).rejects.toThrow();
    expect(rules).toBe(before);
  });

  it('passes on what isn’t about the files', async () => {
    await expect(reloadRules(parts, supervision, () => Promise.reject(new TypeError('a bug')))).rejects.toThrow(
      TypeError,
    );
  });

  it('delivers to a point that came, and to none that went', async () => {
    await reloadRules(parts, supervision, () => Promise.resolve(changed(points('moved'))));
    const accepted = await offer();
    await services.settle();
    expect(accepted).toMatchObject({ ok: true, value: { entry: { facts: { connectionPoint: 'rvdk-nieuw' } } } });
    expect(services.pushes).toHaveLength(1);

    await reloadRules(parts, supervision, () =>
      Promise.resolve(changed({ ...points('removed'), hash: 'cd'.repeat(32) })),
    );
    expect(await offer()).toMatchObject({ ok: false, error: { code: 'ERR_RECIPIENT_UNKNOWN' } });
  });

  it('leaves alone what stays', async () => {
    const accepted = offer();
    await reloadRules(parts, supervision, () => Promise.resolve(changed()));
    expect((await accepted).ok).toBe(true);
    await services.settle();
    expect(services.pushes).toHaveLength(1);
  });
});
