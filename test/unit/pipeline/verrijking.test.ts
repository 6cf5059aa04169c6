import { describe, expect, it } from '@jest/globals';
import type { ParticipantName } from '../../../certs-dev/participants.ts';
import { judge } from '../../../gateway/pipeline/judge.ts';
import { freshBericht, NOW, oinOf } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import type { RuleChanges } from '../../support/standing.ts';
import { changeRow, openWorkshop } from '../../support/workshop.ts';

const shop = openWorkshop();

interface Variation {
  readonly from?: ParticipantName;
  readonly to?: readonly [name: ParticipantName, application: string];
  readonly soort?: string;
  readonly reden?: string;
  readonly texts?: readonly (readonly [from: string | RegExp, to: string])[];
}

const GI = 'gi-jeugdbescherming-gelderland';
const VEILIG_THUIS = 'veilig-thuis-gelderland-midden';

/** An example with another sender, recipient or code. */
function vary(example: Bericht, { from, to, soort, reden, texts = [] }: Variation): Bericht {
  const changes: readonly (readonly [string | RegExp, string])[] = [
    ...(from === undefined ? [] : [[/(zender>\s*<StUF:organisatie>)\d{20}/, `$1${oinOf(from)}`] as const]),
    ...(to === undefined
      ? []
      : [
          [
            /(ontvanger>\s*<StUF:organisatie>)\d{20}(<\/StUF:organisatie>\s*<StUF:applicatie>)[^<]+/,
            `$1${oinOf(to[0])}$2${to[1]}`,
          ] as const,
        ]),
    ...(soort === undefined ? [] : [[/(soortVerzoeker>)\d\d/, `$1${soort}`] as const]),
    ...(reden === undefined ? [] : [[/(redenVerzoek>\s*<JZ:code>)\d\d/, `$1${reden}`] as const]),
    ...texts,
  ];
  const varied = changes.reduce((text, [pattern, by]) => text.replace(pattern, by), example.text);
  return { ...example, sender: from ?? example.sender, text: varied };
}

const ask = (type: 'vcobDi01' | 'vciDi01', variation: Variation = {}): Bericht =>
  vary(freshBericht(type, 'xml', 'veilig-thuis-aan-gi.xml'), variation);
const fromHouse = (reden: string): Variation => ({ from: 'procesregisseur-zvh', soort: '04', reden });
const NO_REASON = [
  /<JZ:code>\d\d<\/JZ:code>(?=\s*<\/JZ:redenVerzoek>)/,
  '<JZ:code xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"/>',
] as const;

const melding = (name: 'politie-aan-veilig-thuis' | 'gemeente-aan-zvh', variation: Variation = {}): Bericht =>
  vary(freshBericht('meldingGeneriekDi01', 'xml', `${name}.xml`), variation);
const uitkomst = (name: 'veilig-thuis-aan-politie' | 'zvh-aan-gemeente', variation: Variation = {}): Bericht =>
  vary(freshBericht('uitkomstMeldingGeneriekDi01', 'xml', `${name}.xml`), variation);
const code = (name: string, from: string, to: string): Variation => ({
  texts: [[`<JZ:${name}>${from}<`, `<JZ:${name}>${to}<`]],
});

/** `accepted`, or the code with the rule and place of each thing that is wrong. */
function outcomeOf(bericht: Bericht, rules?: RuleChanges): string {
  const standing = rules === undefined ? shop.plain : shop.withRules(rules);
  const judged = judge(shop.sendAs(bericht), { ...standing, now: NOW });
  if (judged.ok) return 'accepted';
  const { code: refusal, violations } = judged.error;
  return [refusal, ...violations.map(({ path, rule }) => `${rule} ${path}`)].join(' ');
}

type Twin = readonly [
  what: string,
  refused: Bericht,
  outcome: string,
  allowed: Bericht,
  rules?: { readonly refused?: RuleChanges; readonly allowed?: RuleChanges },
];

const CONTENT = 'ERR_CONTENT_NOT_ALLOWED';
const ARNHEM = { oin: oinOf('gemeente-arnhem') };

const TWINS: readonly Twin[] = [
  [
    'T5, T6: Veilig Thuis that asks without a melding for reason',
    ask('vcobDi01', { texts: [NO_REASON] }),
    `${CONTENT} T5 /vcobDi01/object/redenVerzoek/code`,
    ask('vcobDi01'),
  ],
  [
    'T5: Veilig Thuis that asks for the purpose of another',
    ask('vciDi01', { reden: '03' }),
    `${CONTENT} T5 /vciDi01/object/redenVerzoek/code`,
    ask('vciDi01', { reden: '01' }),
  ],
  [
    'H2: plustaken, asked by any but the procesregisseur',
    ask('vciDi01', { reden: '04' }),
    `${CONTENT} H2 /vciDi01/object/soortVerzoeker`,
    ask('vciDi01', fromHouse('04')),
  ],
  [
    'H3: radicalisering, asked by any but the procesregisseur',
    ask('vciDi01', { reden: '05' }),
    `${CONTENT} H3 /vciDi01/object/soortVerzoeker`,
    ask('vciDi01', fromHouse('05')),
  ],
  [
    'H7: an asker that calls itself another',
    ask('vcobDi01', { soort: '04' }),
    `${CONTENT} SoortVerzoeker /vcobDi01/object/soortVerzoeker`,
    ask('vcobDi01', { soort: '05' }),
  ],
  [
    'H7: the procesregisseur for the purpose of Veilig Thuis',
    ask('vcobDi01', fromHouse('01')),
    `${CONTENT} RedenCode /vcobDi01/object/redenVerzoek/code`,
    ask('vcobDi01', fromHouse('02')),
  ],
  [
    'H7: the OM for another purpose than its own decision',
    ask('vcobDi01', { from: 'om', soort: '03', reden: '01' }),
    `${CONTENT} RedenCode /vcobDi01/object/redenVerzoek/code`,
    ask('vcobDi01', { from: 'om', soort: '03', reden: '06' }),
  ],
  [
    'H4: an aanmelding of a party that is no partner',
    melding('gemeente-aan-zvh'),
    'ERR_SENDER_NOT_ADMITTED H4 /meldingGeneriekDi01/stuurgegevens/zender',
    melding('gemeente-aan-zvh'),
    { refused: { deelnemers: changeRow(ARNHEM, { zvhPartner: false }) } },
  ],
  [
    'H4: an aanmelding of a partner whose convenant is of next year',
    melding('gemeente-aan-zvh'),
    'ERR_SENDER_NOT_ADMITTED H4 /meldingGeneriekDi01/stuurgegevens/zender',
    melding('gemeente-aan-zvh'),
    {
      refused: { deelnemers: changeRow(ARNHEM, { convenantDatum: '2027-01-01' }) },
      allowed: { deelnemers: changeRow(ARNHEM, { convenantDatum: '2026-11-25' }) },
    },
  ],
  [
    'C10: a melding of another kind than its recipient takes',
    melding('politie-aan-veilig-thuis', code('soortmeldingCode', 'VT', 'ZVH')),
    `${CONTENT} SoortMelding /meldingGeneriekDi01/object/soortmeldingCode`,
    melding('politie-aan-veilig-thuis'),
  ],
  [
    'H2: an aanmelding of another kind than a zorg- en veiligheidshuis takes',
    melding('gemeente-aan-zvh', code('soortmeldingCode', 'ZVH', 'NAZ')),
    `${CONTENT} SoortMelding /meldingGeneriekDi01/object/soortmeldingCode`,
    melding('gemeente-aan-zvh'),
  ],
  [
    'H2: a zorg- en veiligheidshuis that answers with a status of Veilig Thuis',
    uitkomst('zvh-aan-gemeente', code('statuscode', 'ZVH-02', 'VT-02')),
    `${CONTENT} H2 /uitkomstMeldingGeneriekDi01/object/statuscode`,
    uitkomst('zvh-aan-gemeente', code('statuscode', 'ZVH-02', 'ZVH-01')),
  ],
  [
    'C10: Veilig Thuis that answers with a status of a zorg- en veiligheidshuis',
    uitkomst('veilig-thuis-aan-politie', code('statuscode', 'VT-01-02', 'ZVH-03')),
    `${CONTENT} StatusMelding /uitkomstMeldingGeneriekDi01/object/statuscode`,
    uitkomst('veilig-thuis-aan-politie', code('statuscode', 'VT-01-02', 'VT-99')),
  ],
  [
    'H5: a deelnemer that sends what nobody asked it',
    ask('vcobDi01', { from: 'jeugdhulpaanbieder' }),
    'ERR_ROUTE_NONE',
    vary(freshBericht('ucobDi01', 'xml', 'bekend.xml'), { from: 'jeugdhulpaanbieder' }),
  ],
];

describe('requests for verrijking and generic meldingen, one fact apart', () => {
  it.each(TWINS.map((twin) => [twin[0], twin] as const))('refuses %s, and takes its twin', (_what, twin) => {
    const [, refused, outcome, allowed, rules] = twin;
    expect(outcomeOf(refused, rules?.refused)).toBe(outcome);
    expect(outcomeOf(allowed, rules?.allowed)).toBe('accepted');
  });
});

type Party = readonly [name: ParticipantName, application: string];

const ASKERS: readonly (readonly [...Party, soort: string, reden: string])[] = [
  [VEILIG_THUIS, 'VT-applicatie', '05', '01'],
  ['zsm', 'ZSM-applicatie', '02', '06'],
  ['om', 'OM-applicatie', '03', '06'],
  ['procesregisseur-zvh', 'ZVH-applicatie', '04', '03'],
];
const PARTNERS: readonly Party[] = [
  ['gemeente-arnhem', 'jeugd-applicatie'],
  [GI, 'gi-applicatie'],
  ['rvdk', 'RvdK-applicatie'],
  ['politie', 'Politie-applicatie'],
  [VEILIG_THUIS, 'VT-applicatie'],
  ['zvh', 'ZVH-applicatie'],
  ['jeugdhulpaanbieder', 'jeugdhulp-applicatie'],
];
const pairs = ASKERS.flatMap((asker) => PARTNERS.map((partner) => [asker[0], partner[0], { asker, partner }] as const));

describe('verrijking between every asker and partner', () => {
  it.each(pairs)('goes from %s to %s, and its answer back', (_asker, _partner, { asker, partner }) => {
    const [from, application, soort, reden] = asker;
    for (const [request, answer, example] of [
      ['vcobDi01', 'ucobDi01', 'bekend.xml'],
      ['vciDi01', 'uciDi01', 'met-document.xml'],
    ] as const) {
      expect(outcomeOf(ask(request, { from, to: partner, soort, reden }))).toBe('accepted');
      const back = vary(freshBericht(answer, 'xml', example), { from: partner[0], to: [from, application] });
      expect(outcomeOf(back)).toBe('accepted');
    }
  });

  const others: readonly Party[] = [
    ['cjib', 'CJIB-applicatie'],
    ['halt', 'Halt-applicatie'],
    ['om', 'OM-applicatie'],
    ['zsm', 'ZSM-applicatie'],
    ['procesregisseur-zvh', 'ZVH-applicatie'],
    ['huisarts', 'huisarts-applicatie'],
    ['school', 'school-applicatie'],
    ['niet-acute-zorg', 'NAZ-applicatie'],
  ];
  it.each(others)('does not go to %s', (...other) => {
    expect(outcomeOf(ask('vcobDi01', { to: other }))).toBe('ERR_ROUTE_NONE');
    expect(outcomeOf(ask('vciDi01', { to: other }))).toBe('ERR_ROUTE_NONE');
  });
});
