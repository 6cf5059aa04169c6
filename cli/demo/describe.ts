import { PARTICIPANTS } from '../../certs-dev/participants.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { textAt } from '../../gateway/codec/envelope-json.ts';
import type { JsonObject } from '../../gateway/codec/strict-json.ts';
import type { Submitted } from '../client/submit.ts';
import { printable, wrapText } from '../output.ts';
import type { Output, Paint } from '../output.ts';
import { mark } from '../show.ts';
import { isHeld } from './play.ts';
import type { Played } from './play.ts';
import type { Holding } from './recipients.ts';

/** Prints a step: who to whom, what, what came of it. */
export function showStep(
  output: Output,
  played: Played,
  about: { readonly number: number; readonly isPulled: boolean },
): void {
  const { step, isEnveloped, bytes } = played;
  const { paint } = output;
  const [type = ''] = step.example.split('/', 1);
  const format = step.example.endsWith('.json') ? 'JSON' : 'XML';
  const size = `${(bytes / 1024).toFixed(1).replace('.', ',')} kB`;
  const facts = [format, size, `handtekening ${isEnveloped ? 'ingesloten' : 'losstaand'}`];
  if (step.title !== undefined) output.line(paint.bold(`${step.title}\n`));
  output.line(`${String(about.number).padStart(2)}  ${paint.bold(`${nameOf(step.from)} → ${nameOf(step.to)}`)}`);
  for (const line of wrapText(`${type}: ${step.note}`, output.width - INDENT.length)) {
    output.line(INDENT + line.replace(`${type}:`, `${paint.cyan(type)}:`));
  }
  output.line(INDENT + paint.dim(`(${facts.join(', ')})`));
  for (const line of describeOutcome(played, about, output)) output.line(INDENT + line);
  output.line();
}

/** What the whole demonstration came to. */
export interface Totals {
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  readonly refused: number;
  /** Berichten that were offered again, and taken once. */
  readonly repeated: number;
  readonly unexpected: readonly number[];
}

/** Counts from what senders hold (their notices) and what recipients hold (the berichten). */
export function countTotals(all: readonly Played[], held: ReadonlyMap<string, Holding>): Totals {
  const meant = all.filter(({ step, submitted }) => step.expected.kind === 'delivered' && submitted.ok);
  const inHand = meant.filter((played) => isHeld(played, held));
  return {
    sent: meant.length,
    delivered: inHand.filter(({ ended }) => ended?.isDelivered === true).length,
    lost: meant.length - inHand.length,
    refused: all.filter(isRefused).length,
    repeated: all.filter(({ submitted }) => submitted.ok && submitted.value.isRepeat).length,
    unexpected: all.flatMap(({ asExpected }, index) => (asExpected ? [] : [index + 1])),
  };
}

function nameOf(name: ParticipantName): string {
  return PARTICIPANTS.find((one) => one.name === name)?.organisation ?? name;
}

function isRefused({ submitted, ended }: Played): boolean {
  return !submitted.ok || textAt(ended?.verdict.claims ?? {}, 'toestand') === 'geweigerd';
}

function describeOutcome(
  played: Played,
  about: { readonly isPulled: boolean },
  { paint, width }: Output,
): readonly string[] {
  const { submitted, asExpected } = played;
  const textWidth = width - INDENT.length - HANGING.length;
  const surprise = asExpected ? [] : [paint.red('Dit had anders moeten gaan.')];
  if (!submitted.ok) {
    const { code, omschrijving, fouten } = submitted.problem;
    const places = fouten.map(({ pad, regel }) => `${pad}: ${regel}`);
    const more = [...wrapText(omschrijving, textWidth), ...places].map((line) => HANGING + printable(line));
    return [
      row(mark(paint, asExpected), refusedWord(asExpected), `door het doorgeefluik: ${code}`),
      ...more,
      ...surprise,
    ];
  }
  return [describeTaken(submitted.value, paint), describeEnd(played, about, paint), ...surprise];
}

function describeTaken({ isRepeat, verdict }: Submitted, paint: Paint): string {
  const failed = verdict.checks.find(({ passed }) => !passed);
  const receipt = `ontvangstbevestiging gecontroleerd op ${String(verdict.checks.length)} punten`;
  const taken = isRepeat ? 'zelfde Bericht-Id als toen, niet nog eens bezorgd' : receipt;
  return row(
    mark(paint, verdict.passed),
    'aangenomen',
    failed === undefined ? taken : `${failed.name}: ${failed.detail}`,
  );
}

function describeEnd(
  { ended, ms, asExpected }: Played,
  { isPulled }: { readonly isPulled: boolean },
  paint: Paint,
): string {
  if (ended === undefined) return row(mark(paint, false), 'onderweg', 'geen eindbericht binnen tien seconden');
  const { claims, checks } = ended.verdict;
  const failed = checks.find(({ passed }) => !passed);
  const detail =
    failed === undefined ? describeReason(claims ?? {}, isPulled) : printable(`${failed.name}: ${failed.detail}`);
  const state = textAt(claims ?? {}, 'toestand') ?? 'ongeldig';
  const time = paint.dim(`${String(ms).padStart(5)} ms`);
  const word = state === 'geweigerd' ? refusedWord(asExpected) : printable(state);
  const room = DETAIL_WIDTH - Math.max(0, word.length + 2 - WORD_WIDTH);
  return row(mark(paint, asExpected), word, detail.padEnd(room) + time);
}

function describeReason(claims: JsonObject, isPulled: boolean): string {
  const reason = textAt(claims, 'reden');
  if (reason !== undefined) return `door de ontvanger: ${printable(reason)}`;
  const proof = textAt(claims, 'bewijs') === 'getekend' ? 'getekend door de ontvanger' : 'antwoord van de ontvanger';
  return `${isPulled ? 'opgehaald' : 'bezorgd'}, bewijs: ${proof}`;
}

// A tick beside a refusal reads as a mistake unless it says that this is what had to happen.
function refusedWord(asExpected: boolean): string {
  return asExpected ? 'zoals bedoeld geweigerd' : 'geweigerd';
}

function row(marked: string, word: string, detail: string): string {
  return `${marked} ${`${word}  `.padEnd(WORD_WIDTH)}${detail}`;
}

const WORD_WIDTH = 'aangenomen  '.length;
const DETAIL_WIDTH = 47;
const INDENT = ' '.repeat(4);
const HANGING = ' '.repeat(2 + WORD_WIDTH);
