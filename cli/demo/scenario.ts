import type { ParticipantName } from '../../certs-dev/participants.ts';

/** How a step is to end. */
export type Expected =
  | { readonly kind: 'delivered' }
  /** The same bericht as an earlier step: the same answer, no second delivery. */
  | { readonly kind: 'repeat'; readonly of: number }
  | { readonly kind: 'not-taken'; readonly code: string }
  | { readonly kind: 'refused'; readonly code: string };

/** One bericht of the demonstration. */
export interface Step {
  /** Begins a part of the demonstration under this title. */
  readonly title?: string;
  readonly from: ParticipantName;
  readonly to: ParticipantName;
  /** What is special, for the reader. */
  readonly note: string;
  /** The example it is made from, inside `schemas/berichten/`. */
  readonly example: string;
  /** Texts of the example that are replaced; each must occur. */
  readonly changes?: readonly (readonly [string, string])[];
  readonly expected: Expected;
}

const DELIVERED: Expected = { kind: 'delivered' };

/** The case the gecertificeerde instelling doesn't know, and refuses. */
export const UNKNOWN_CASE = 'TB-2026-999999';

const OIN = {
  arnhem: '00000001001825112000',
  nijmegen: '00000001001479179000',
  politie: '00000001816076790000',
} as const;

/** Every type, format, form and way of delivery once, then what must not get through. */
export const STEPS: readonly Step[] = [
  {
    title: 'Berichten',
    from: 'gemeente-arnhem',
    to: 'rvdk',
    note: 'verzoek tot onderzoek',
    example: 'vtoDi01/1.0.9/voorbeelden/geldig/minimaal.xml',
    expected: DELIVERED,
  },
  {
    from: 'leverancier',
    to: 'rvdk',
    note: 'voor Gemeente Nijmegen, met machtiging',
    example: 'vtoDi01/1.0.9/voorbeelden/geldig/uitgebreid.xml',
    changes: [[OIN.arnhem, OIN.nijmegen]],
    expected: DELIVERED,
  },
  {
    from: 'rvdk',
    to: 'gemeente-arnhem',
    note: 'intake afgerond',
    example: 'notificatieDi01/1.0.9/voorbeelden/geldig/intake-afgerond.xml',
    expected: DELIVERED,
  },
  {
    from: 'rvdk',
    to: 'gemeente-nijmegen',
    note: 'maatregel opgelegd; haar leverancier ontvangt',
    example: 'notificatieDi01/1.0.9/voorbeelden/geldig/maatregel-opgelegd.xml',
    changes: [[OIN.arnhem, OIN.nijmegen]],
    expected: DELIVERED,
  },
  {
    from: 'cjib',
    to: 'gemeente-arnhem',
    note: 'start toezicht',
    example: 'notificatiejrDi01/1.0.9/voorbeelden/geldig/start-toezicht.xml',
    expected: DELIVERED,
  },
  {
    from: 'politie',
    to: 'veilig-thuis-gelderland-midden',
    note: 'melding',
    example: 'vtMeldingDi01/1.0.9/voorbeelden/geldig/melding-politie.xml',
    expected: DELIVERED,
  },
  {
    from: 'rvdk',
    to: 'gi-jeugdbescherming-gelderland',
    note: 'opdracht',
    example: 'opdrachtTb/1.0/voorbeelden/geldig/opdracht.json',
    expected: DELIVERED,
  },
  {
    from: 'rvdk',
    to: 'gi-jeugdbescherming-gelderland',
    note: 'opdracht, op instantiecode AST095',
    example: 'opdrachtTb/1.0/voorbeelden/geldig/opdracht-minimaal-op-instantiecode.xml',
    changes: [['</t:skn>', '</t:skn><t:geslachtsnaam>Bultenaar</t:geslachtsnaam>']],
    expected: DELIVERED,
  },
  {
    from: 'gi-jeugdbescherming-gelderland',
    to: 'rvdk',
    note: 'opdracht gestart',
    example: 'meldingStartTb/1.0/voorbeelden/geldig/melding-start.json',
    expected: DELIVERED,
  },
  {
    from: 'gi-jeugdbescherming-gelderland',
    to: 'rvdk',
    note: 'opdracht gestart',
    example: 'meldingStartTb/1.0/voorbeelden/geldig/melding-start.xml',
    expected: DELIVERED,
  },
  {
    from: 'gemeente-arnhem',
    to: 'rvdk',
    note: 'bericht 1 nog eens, alsof het antwoord niet aankwam',
    example: 'vtoDi01/1.0.9/voorbeelden/geldig/minimaal.xml',
    expected: { kind: 'repeat', of: 1 },
  },
  {
    title: 'Wat niet door mag komen',
    from: 'rvdk',
    to: 'gi-jeugdbescherming-gelderland',
    note: 'opdracht met een fout erin',
    example: 'opdrachtTb/1.0/voorbeelden/ongeldig/parketnummer-verkeerde-vorm.json',
    expected: { kind: 'not-taken', code: 'ERR_SCHEMA_INVALID' },
  },
  {
    from: 'politie',
    to: 'rvdk',
    note: 'verzoek dat de politie niet mag doen',
    example: 'vtoDi01/1.0.9/voorbeelden/geldig/minimaal.xml',
    changes: [[OIN.arnhem, OIN.politie]],
    expected: { kind: 'not-taken', code: 'ERR_ROUTE_NONE' },
  },
  {
    from: 'rvdk',
    to: 'gi-jeugdbescherming-gelderland',
    note: 'opdracht in een zaak die daar niemand kent',
    example: 'opdrachtTb/1.0/voorbeelden/geldig/opdracht.json',
    changes: [['TB-2026-000123', UNKNOWN_CASE]],
    expected: { kind: 'refused', code: 'ZAAK_ONBEKEND' },
  },
];
