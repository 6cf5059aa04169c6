import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RULE_FILES } from '../../gateway/codec/rule-set.ts';
import type { RuleFile } from '../../gateway/codec/rule-set.ts';
import { judge } from '../../gateway/pipeline/judge.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import type { Standing } from '../../gateway/services/parts.ts';
import { PARTICIPANTS } from '../../certs-dev/participants.ts';
import { freshBericht, freshBerichten, NOW } from '../support/berichten.ts';
import type { Bericht } from '../support/berichten.ts';
import type { RuleChanges, RuleRow } from '../support/standing.ts';
import { openWorkshop } from '../support/workshop.ts';

const shop = openWorkshop();

/** Texts that would lead elsewhere if anything in the content were taken for an address, and any other. */
const tempting = fc.oneof(
  fc.constantFrom<string>(...PARTICIPANTS.map(({ oin }) => oin)),
  fc.constantFrom(
    '0202',
    '0268',
    '0282',
    'AST095',
    'RC0329',
    'RVDK',
    'GI',
    'GEMEENTE',
    'vtoDi01',
    'crisis',
    'productie',
  ),
  fc.string({ unit: 'grapheme', maxLength: 30 }),
);

describe('a value in the content of a bericht', () => {
  const berichten = [
    freshBericht('opdrachtTb', 'json', 'opdracht.json'),
    freshBericht('opdrachtTb', 'xml', 'opdracht.xml'),
    freshBericht('meldingStartTb', 'json', 'melding-start.json'),
    freshBericht('vtoDi01', 'xml', 'uitgebreid.xml'),
    freshBericht('vtMeldingDi01'),
  ];

  it.each(berichten)('never changes where $type $name goes', (bericht) => {
    const expected = routeOf(shop.sendAs(bericht));
    const places = placesIn(bericht);
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.nat(places.length - 1), tempting, (index, value) => {
        const outcome = routeOf(shop.sendAs({ ...bericht, text: replaceAt(bericht, places[index] ?? [0, 0], value) }));
        seen.add(outcome);
        return outcome === expected || REFUSED.has(outcome);
      }),
      { numRuns: 150 },
    );
    // Both happen, so neither half of the property is empty.
    expect([...seen]).toEqual(expect.arrayContaining([expected, 'ERR_SCHEMA_INVALID']));
  });

  function routeOf(incoming: Incoming): string {
    const judged = judge(incoming, { ...shop.plain, now: NOW });
    if (!judged.ok) return judged.error.code;
    const { connectionPoint, ruleId, recipient, addressed, sender, deadline } = judged.value.facts;
    return JSON.stringify({ connectionPoint, ruleId, recipient, addressed, sender, deadline });
  }
});

/** What a value may do: have its bericht refused. */
const REFUSED: ReadonlySet<string> = new Set(['ERR_SCHEMA_INVALID', 'ERR_BUSINESS_RULE', 'ERR_CONTENT_NOT_ALLOWED']);

describe('the order of the rules', () => {
  it('never changes a route', () => {
    const incoming = freshBerichten().map((bericht) => shop.sendAs(bericht));
    const expected = incoming.map((one) => factsUnder(shop.plain, one));
    const files = RULE_FILES.filter((name) => name !== 'noodstop');
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: files.length, maxLength: files.length }), (seeds) => {
        const changes: RuleChanges = Object.fromEntries(
          files.map((name: RuleFile, index) => [name, (rows: readonly RuleRow[]) => shuffle(rows, seeds[index] ?? 0)]),
        );
        const standing = shop.withRules(changes);
        expect(incoming.map((one) => factsUnder(standing, one))).toEqual(expected);
      }),
      { numRuns: 8 },
    );
  });

  function factsUnder(standing: Standing, incoming: Incoming): unknown {
    const judged = judge(incoming, { ...standing, now: NOW });
    return judged.ok ? { ...judged.value.facts, ruleSetHash: '' } : judged.error;
  }

  function shuffle<T>(items: readonly T[], seed: number): readonly T[] {
    const keyed = items.map((item, index) => ({ item, key: Math.imul(index + 1, (seed << 1) | 1) }));
    return keyed.sort((a, b) => a.key - b.key).map(({ item }) => item);
  }
});

type Place = readonly [from: number, to: number];

/** Where the values of the content stand: never those of stuurgegevens. */
function placesIn({ format, text }: Bericht): readonly Place[] {
  const content =
    format === 'json' ? text.indexOf('"inhoud"') + 8 : text.indexOf('stuurgegevens>', text.indexOf('</')) + 14;
  const values = format === 'json' ? /(?<=: )(?:"[^"]*"|\d+)/g : /(?<=>)[^<>\s][^<>]*(?=<\/)/g;
  return [...text.matchAll(values)]
    .filter(({ index }) => index > content)
    .map((match) => [match.index, match.index + match[0].length]);
}

function replaceAt({ format, text }: Bericht, [from, to]: Place, value: string): string {
  const written =
    format === 'json'
      ? JSON.stringify(value)
      : value.replace(/[&<>]/g, (found) => `&#${String(found.charCodeAt(0))};`).replace(/[^\P{C}\n]/gu, '');
  return text.slice(0, from) + written + text.slice(to);
}
