import { textAt } from '../../gateway/codec/envelope-json.ts';
import { isJsonArray } from '../../gateway/codec/strict-json.ts';
import type { JsonObject, JsonValue } from '../../gateway/codec/strict-json.ts';
import { toLocalTime } from '../show.ts';

/** What a receipt says of the bericht, its parties, its times and its end, by wire name; its other claims are left out. */
export function selectFacts(claims: JsonObject): JsonObject {
  return Object.fromEntries(
    NAMES.flatMap((name) => {
      const value = claims[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
}

/** The facts as pairs of a Dutch label and text for a reader, times as people here read them. */
export function describeFacts(facts: JsonObject): readonly (readonly [string, string])[] {
  const text = (name: string): string => textAt(facts, name) ?? '';
  const time = (name: string): string => (text(name) === '' ? '' : toLocalTime(text(name)));
  const proof = text('bewijs');
  const reason = text('reden');
  const pairs: readonly (readonly [string, string])[] = [
    ['toestand', reason === '' ? text('toestand') : `${text('toestand')}, reden ${reason}`],
    ['antwoord', describeReply(text, facts['verwacht'])],
    ['Bericht-Id', text('berichtId')],
    ['eerder', text('eerder')],
    ['bericht', `${text('berichttype')} ${text('versie')}`.trim()],
    ['kenmerk', text('kenmerk')],
    ['van → aan', describeParties(text)],
    ['ontvangen', time('ontvangenOp')],
    ['geaccepteerd', time('geaccepteerdOp')],
    ['afgeleverd', time('afgeleverdOp')],
    ['uiterlijk', time('uiterlijk')],
    ['vastgesteld', time('vastgesteldOp')],
    ['geëindigd', time('eindtijd')],
    ['bewijs', PROOFS.get(proof) ?? proof],
    ['let op', facts['mogelijkOntvangen'] === true ? 'mogelijk toch ontvangen' : ''],
    ['omgeving', text('omgeving')],
  ];
  return pairs.filter(([, value]) => value !== '');
}

function describeReply(text: (name: string) => string, expected: JsonValue | undefined): string {
  if (text('soort') === '') return '';
  const types =
    expected !== undefined && isJsonArray(expected) ? expected.filter((type) => typeof type === 'string') : [];
  return `${text('soort')}: ${types.join(' of ')} binnen ${text('termijn')}`;
}

function describeParties(text: (name: string) => string): string {
  const [sender, by, recipient] = [text('afzenderOin'), text('ingediendDoorOin'), text('ontvangerOin')];
  if (sender === '') return recipient === '' ? '' : `→ ${recipient}`;
  const behalf = by === '' || by === sender ? '' : ` (ingediend door ${by})`;
  return `${sender}${behalf} → ${recipient}`;
}

const NAMES = [
  'soort',
  'verwacht',
  'termijn',
  'afgeleverdOp',
  'vastgesteldOp',
  'toestand',
  'reden',
  'mogelijkOntvangen',
  'bewijs',
  'berichtId',
  'eerder',
  'berichttype',
  'versie',
  'kenmerk',
  'afzenderOin',
  'ingediendDoorOin',
  'ontvangerOin',
  'ontvangenOp',
  'geaccepteerdOp',
  'uiterlijk',
  'eindtijd',
  'omgeving',
] as const;
const PROOFS: ReadonlyMap<string, string> = new Map([
  ['getekend', 'getekend door de ontvanger'],
  ['verbinding', 'antwoord van de ontvanger op zijn beveiligde verbinding'],
]);
