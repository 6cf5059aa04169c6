import type { RejectionCode } from '../../gateway/domain/rejection.ts';
import type { Incoming } from '../../gateway/pipeline/receive.ts';
import { freshBericht, NOW, oinOf } from './berichten.ts';
import type { Refusal } from './refusals.ts';
import type { RuleChanges, RuleRow } from './standing.ts';
import { changeRow, dropRow, opdracht } from './workshop.ts';
import type { Workshop } from './workshop.ts';

/** A bericht that a row refuses, and the same with the one fact changed that lets it pass. */
export interface Twin extends Refusal {
  readonly place: string;
  readonly rule: string;
  readonly allowed: { readonly incoming: () => Incoming; readonly rules: RuleChanges };
}

type Row = readonly [
  what: string,
  expected: readonly [code: RejectionCode, place: string, rule: string],
  incoming: () => Incoming,
  rules: RuleChanges,
  allowed: { readonly incoming?: () => Incoming; readonly rules?: RuleChanges },
];

const RULE = { id: 'opdracht-tb-rvdk-gi' };
const RVDK = { oin: oinOf('rvdk') };
const GI = { oin: oinOf('gi-jeugdbescherming-gelderland') };
const DAY_MS = 24 * 3_600_000;
const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);

/** What the conditions of a row and the purposes refuse. */
export function conditionRefusals({ sendAs, withRules }: Workshop): readonly Twin[] {
  const row = (change: RuleRow): RuleChanges => ({ verzendmatrix: changeRow(RULE, change) });
  const where = (regel: string, demands: RuleRow): RuleChanges => row({ voorwaarden: [{ regel, ...demands }] });
  const about = (verwerking: RuleRow) => (): Incoming => sendAs(opdracht({ verwerking }));
  const plain = (): Incoming => sendAs(opdracht());
  const wrapped = (): Incoming => sendAs(freshBericht('opdrachtTb', 'xml', 'opdracht.xml'));
  const sender = (facts: RuleRow): RuleChanges => ({ deelnemers: changeRow(RVDK, facts) });
  const recipient = (facts: RuleRow): RuleChanges => ({ deelnemers: changeRow(GI, facts) });
  const admitted = where('V11', { afzender: { virToegelaten: [true] } });
  const convenant = where('V10', { afzender: { convenantDatum: 'aanwezig' } });
  const partner = where('H2', { ontvanger: { zvhPartner: [true] } });
  const kind = where('Z40', { als: { afzender: { categorie: ['raad'] } }, inhoud: { 'toezicht/soort': ['99'] } });
  const list: readonly Row[] = [
    [
      'a sender that was not admitted',
      ['ERR_SENDER_NOT_ADMITTED', '/stuurgegevens/afzender', 'V11'],
      plain,
      { ...admitted, ...sender({ virToegelaten: false }) },
      { rules: { ...admitted, ...sender({ virToegelaten: true }) } },
    ],
    [
      'a sender whose convenant is of tomorrow',
      ['ERR_SENDER_NOT_ADMITTED', '/bericht/stuurgegevens/afzender', 'V10'],
      wrapped,
      { ...convenant, ...sender({ convenantDatum: dayOf(NOW + DAY_MS) }) },
      { rules: { ...convenant, ...sender({ convenantDatum: dayOf(NOW) }) } },
    ],
    [
      'a recipient that is no partner',
      ['ERR_RECIPIENT_NOT_ADMITTED', '/stuurgegevens/ontvanger', 'H2'],
      plain,
      { ...partner, ...recipient({ zvhPartner: false }) },
      { rules: { ...partner, ...recipient({ zvhPartner: true }) } },
    ],
    [
      'a werkveld that the row does not take',
      ['ERR_PURPOSE_NOT_ALLOWED', '/stuurgegevens/verwerking/werkveld', 'V12'],
      about({ werkveld: 'JB', grondslag: 'WET' }),
      where('V12', { verwerking: { werkveld: ['JR', 'VT'] } }),
      { incoming: about({ werkveld: 'JR', grondslag: 'WET' }) },
    ],
    [
      'a werkveld that needs consent, without it',
      ['ERR_PURPOSE_NOT_ALLOWED', '/stuurgegevens/verwerking/toestemming', 'T13'],
      about({ werkveld: 'KLACHT', grondslag: 'WET', toestemming: 'nee' }),
      {},
      { incoming: about({ werkveld: 'KLACHT', grondslag: 'WET', toestemming: 'ja' }) },
    ],
    [
      'a ground that the werkveld has not',
      ['ERR_PURPOSE_NOT_ALLOWED', '/stuurgegevens/verwerking/grondslag', 'T12'],
      about({ werkveld: 'JR', grondslag: 'REDELIJK_VERMOEDEN' }),
      {},
      { rules: { doelbinding: changeRow({ werkveld: 'JR' }, { grondslagen: ['WET', 'REDELIJK_VERMOEDEN'] }) } },
    ],
    [
      'a purpose that is not known',
      ['ERR_PURPOSE_NOT_ALLOWED', '/stuurgegevens/verwerking/werkveld', 'T22'],
      about({ werkveld: 'VRIJWILLIG', grondslag: 'WET', toestemming: 'ja' }),
      {
        doelbinding: dropRow({ werkveld: 'VRIJWILLIG' }),
        verzendmatrix: (rows) => rows.filter(({ id }) => id === RULE.id),
      },
      { rules: {} },
    ],
    [
      'a purpose that is not allowed, but to whom gave the assignment',
      ['ERR_PURPOSE_NOT_ALLOWED', '/stuurgegevens/verwerking/toestemming', 'T13'],
      about({ werkveld: 'KLACHT', grondslag: 'WET', toestemming: 'nee' }),
      {},
      { rules: row({ antwoordOp: { typen: ['meldingStartTb'] }, doelbinding: 'nvt' }) },
    ],
    [
      'a content that the row does not take from this sender',
      ['ERR_CONTENT_NOT_ALLOWED', '/inhoud/toezicht/soort', 'Z40'],
      plain,
      kind,
      { rules: { ...kind, ...sender({ categorie: 'anders' }) } },
    ],
    [
      'the same content in XML',
      ['ERR_CONTENT_NOT_ALLOWED', '/bericht/inhoud/opdrachtTb/toezicht/soort', 'Z40'],
      wrapped,
      kind,
      { rules: { ...kind, ...sender({ categorie: 'anders' }) } },
    ],
  ];
  return list.map(([what, [code, place, rule], incoming, rules, allowed]) => ({
    what,
    code,
    place,
    rule,
    incoming,
    standing: () => withRules(rules),
    allowed: { incoming: allowed.incoming ?? incoming, rules: allowed.rules ?? rules },
  }));
}
