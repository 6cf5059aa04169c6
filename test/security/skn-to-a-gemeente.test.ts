import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { readRuleSet } from '../../gateway/codec/rule-set.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import { NOW, oinOf } from '../support/berichten.ts';
import { readTypeFolders, SCHEMA_ROOT } from '../support/schema-folder.ts';
import { readRuleFiles } from '../support/standing.ts';
import { openWorkshop, opdracht } from '../support/workshop.ts';

/** Roles of a gemeente, or of who works there. */
const MUNICIPAL = /^(GEMEENTE|REGISSEUR|WETHOUDER|PORTEFEUILLEHOUDER)/;

/** Types whose berichten can hold the number of a person in the justice chain, by their own schemas. */
const withSkn = readTypeFolders()
  .filter(({ folder, definition: { xsd, jsonSchema } }) =>
    [xsd, jsonSchema].some(
      (file) => file !== undefined && /"skn"/i.test(readFileSync(`${SCHEMA_ROOT}/${folder}/${file}`, 'utf8')),
    ),
  )
  .map(({ definition }) => definition.berichttype);

// The strafrechtsketennummer stays in the justice chain: it may not be given to a gemeente.
describe('an SKN', () => {
  const shop = openWorkshop();

  it('is in berichten that no row of the send matrix brings to a gemeente', () => {
    const read = readRuleSet(readRuleFiles());
    const rows = read.ok ? withSkn.flatMap((type) => read.value.sendRules.get(type) ?? []) : [];
    expect(new Set(withSkn)).toContain('opdrachtTb');
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter(({ recipientRole }) => MUNICIPAL.test(recipientRole)).map(({ id }) => id)).toEqual([]);
  });

  it('goes to a GI, and with the one fact changed that a gemeente is addressed it is refused', () => {
    const to = (ontvanger: Readonly<Record<string, string>>): ReturnType<typeof judge> =>
      judge(shop.sendAs(opdracht({ ontvanger })), { ...shop.plain, now: NOW });
    expect(to({ oin: oinOf('gi-jeugdbescherming-gelderland'), rol: 'GI' })).toMatchObject({ ok: true });
    expect(to({ oin: oinOf('gemeente-arnhem'), rol: 'GEMEENTE' })).toMatchObject({ error: { code: 'ERR_ROUTE_NONE' } });
    expect(to({ gemeentecode: '0202', rol: 'GEMEENTE' })).toMatchObject({ error: { code: 'ERR_ROUTE_NONE' } });
  });
});
