import { json, oinOf, purpose, to, xml } from './twin.ts';
import type { Twin } from './twin.ts';

const TO_WHO_ASKED: readonly (readonly [RegExp, string])[] = [
  [/(ontvanger>\s*<\w+:organisatie>)\d{20}/, `$1${oinOf('procesregisseur-zvh')}`],
  [/(ontvanger>\s*<\w+:organisatie>\d{20}<\/\w+:organisatie>\s*<\w+:applicatie>)[^<]*/, '$1ZVH-applicatie'],
];

/** The zorg- en veiligheidshuis. */
export const ZORG_EN_VEILIGHEIDSHUIS: readonly Twin[] = [
  {
    id: 'H2',
    says: 'plustaken are asked for by the procesregisseur',
    right: xml('vciDi01', 'procesregisseur-plustaken-aan-gi'),
    wrong: xml('vciDi01', 'procesregisseur-plustaken-aan-gi', [/(soortVerzoeker>)04/, '$105']),
    code: 'ERR_CONTENT_NOT_ALLOWED',
  },
  {
    id: 'H3',
    says: 'Nazorg has no code here; radicalisering has one of its own',
    right: xml('vciDi01', 'procesregisseur-plustaken-aan-gi', [/(<JZ:code>)04/, '$105']),
    wrong: xml('vciDi01', 'procesregisseur-plustaken-aan-gi', [/(<JZ:code>)04/, '$107']),
    code: 'ERR_SCHEMA_INVALID',
  },
  {
    id: 'H4',
    says: 'only a partner brings a case in',
    right: xml('meldingGeneriekDi01', 'gemeente-aan-zvh'),
    wrong: xml('meldingGeneriekDi01', 'gemeente-aan-zvh', [
      /(zender>\s*<\w+:organisatie>)\d{20}/,
      `$1${oinOf('gemeente-nijmegen')}`,
    ]),
    code: 'ERR_SENDER_NOT_ADMITTED',
    rule: 'H4',
  },
  {
    id: 'H7',
    says: 'the parties of the house are asked; a rechtbank isn’t one',
    right: xml('vcobDi01', 'procesregisseur-aan-gi'),
    wrong: xml('vcobDi01', 'procesregisseur-aan-gi', [
      /(ontvanger>\s*<\w+:organisatie>)\d{20}/,
      `$1${oinOf('rechtbank-gelderland')}`,
    ]),
    code: 'ERR_RECIPIENT_UNKNOWN',
  },
  {
    id: 'H1',
    says: 'the house shares by the handvat: by law, or with consent',
    right: json('zvhAfschaling', 'doelen-bereikt', purpose({ grondslag: 'TOESTEMMING', toestemming: 'ja' })),
    wrong: json('zvhAfschaling', 'doelen-bereikt', purpose({ grondslag: 'TOESTEMMING', toestemming: 'nee' })),
    code: 'ERR_PURPOSE_NOT_ALLOWED',
    rule: 'H1',
  },
  {
    id: 'H6',
    says: 'the end of a case is told to partners',
    right: json('zvhAfschaling', 'overgedragen'),
    wrong: json('zvhAfschaling', 'overgedragen', to('gemeente-nijmegen', 'GEMEENTE')),
    code: 'ERR_RECIPIENT_NOT_ADMITTED',
    rule: 'H4',
  },
  {
    id: 'H5',
    says: 'a deelnemer answers when asked and sends nothing unasked',
    first: xml('vcobDi01', 'procesregisseur-aan-gi'),
    right: xml('ucobDi01', 'bekend', ...TO_WHO_ASKED),
    wrong: xml('ucobDi01', 'bekend', ...TO_WHO_ASKED, [/(crossRefnummer>)[^<]*/, '$1ongevraagd']),
    code: 'ERR_REPLY_UNKNOWN',
  },
];
