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
import type { Step } from './scenario.ts';

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
  output.line(`    ${paint.cyan(type)}: ${step.note}  ${paint.dim(`(${facts.join(', ')})`)}`);
  for (const line of describeOutcome(played, about, paint)) output.line(`    ${line}`);
  output.line();
}

/** What the whole demonstration came to. */
export interface Totals {
  readonly sent: number;
  readonly delivered: number;
  readonly lost: number;
  readonly refused: number;
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
    refused: all.filter(({ step }) => isRefusal(step)).length,
    unexpected: all.flatMap(({ asExpected }, index) => (asExpected ? [] : [index + 1])),
  };
}

function nameOf(name: ParticipantName): string {
  return PARTICIPANTS.find((one) => one.name === name)?.organisation ?? name;
}

function isRefusal({ expected }: Step): boolean {
  return expected.kind === 'not-taken' || expected.kind === 'refused';
}

function describeOutcome(played: Played, about: { readonly isPulled: boolean }, paint: Paint): readonly string[] {
  const { submitted, asExpected } = played;
  const surprise = asExpected ? [] : [paint.red('Dit had anders moeten gaan.')];
  if (!submitted.ok) {
    const { code, omschrijving, fouten } = submitted.problem;
    const places = fouten.map(({ pad, regel }) => `${pad}: ${regel}`);
    const more = [...wrapText(omschrijving, TEXT_WIDTH), ...places].map((line) => HANGING + printable(line));
    return [row(mark(paint, asExpected), 'geweigerd', `door het doorgeefluik: ${code}`), ...more, ...surprise];
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
  return row(mark(paint, asExpected), printable(state), detail.padEnd(DETAIL_WIDTH) + time);
}

function describeReason(claims: JsonObject, isPulled: boolean): string {
  const reason = textAt(claims, 'reden');
  if (reason !== undefined) return `door de ontvanger: ${printable(reason)}`;
  const proof = textAt(claims, 'bewijs') === 'getekend' ? 'getekend door de ontvanger' : 'antwoord van de ontvanger';
  return `${isPulled ? 'opgehaald' : 'bezorgd'}, bewijs: ${proof}`;
}

function row(marked: string, word: string, detail: string): string {
  return `${marked} ${word.padEnd(WORD_WIDTH)}${detail}`;
}

const WORD_WIDTH = 'aangenomen  '.length;
const DETAIL_WIDTH = 47;
const TEXT_WIDTH = 80;
const HANGING = ' '.repeat(2 + WORD_WIDTH);
