import { GATEWAY, PARTICIPANTS } from '../../certs-dev/participants.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { describeProblem } from '../client/submit.ts';
import { printable } from '../output.ts';
import type { Output, Paint } from '../output.ts';
import { mark } from '../show.ts';
import { isHeld } from './play.ts';
import type { Played } from './play.ts';
import type { Holding } from './recipients.ts';
import type { Step } from './scenario.ts';

/** The name of the gateway's own organisation. */
export const GATEWAY_NAME = GATEWAY.organisation;

/** Prints a step: who to whom, what, what came of it. */
export function showStep(output: Output, played: Played, number: number): void {
  const { step, isEnveloped, bytes } = played;
  const [type = ''] = step.example.split('/', 1);
  const format = step.example.endsWith('.json') ? 'JSON' : 'XML';
  const form = isEnveloped ? 'ingesloten' : 'losstaand';
  const { paint } = output;
  output.line(
    `${String(number).padStart(2)}  ${paint.bold(`${nameOf(step.from)} → ${nameOf(step.to)}`)}${paint.dim(`  ${step.note}`)}`,
  );
  output.line(`    ${paint.cyan(type)}  ${format}, ${(bytes / 1024).toFixed(1).replace('.', ',')} kB, handtekening ${form}`);
  for (const line of describeOutcome(played, paint)) output.line(`    ${line}`);
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

function describeOutcome(played: Played, paint: Paint): readonly string[] {
  const { submitted, asExpected } = played;
  const surprise = asExpected ? [] : [paint.red('✗ Dit had anders moeten gaan.')];
  if (!submitted.ok) {
    const [sentence = '', ...places] = describeProblem(submitted.problem).map(printable);
    return [`${mark(paint, asExpected)} niet aangenomen   ${sentence}`, ...places.map((place) => `                   ${place}`), ...surprise];
  }
  const { isRepeat, verdict } = submitted.value;
  const taken = isRepeat ? 'zelfde Bericht-Id als toen, niet nog eens bezorgd' : `bevestiging klopt (${verdict.checks.map(({ name }) => name).join(', ')})`;
  const failed = verdict.checks.find(({ passed }) => !passed);
  return [
    `${mark(paint, verdict.passed)} aangenomen   ${failed === undefined ? taken : `${failed.name}: ${failed.detail}`}`,
    describeEnd(played, paint),
    ...surprise,
  ];
}

function describeEnd({ ended, ms, asExpected }: Played, paint: Paint): string {
  if (ended === undefined) return `${mark(paint, false)} geen eindbericht binnen tien seconden`;
  const { claims, checks } = ended.verdict;
  const failed = checks.find(({ passed }) => !passed);
  const proof = claims?.['bewijs'] === 'getekend' ? 'getekend door de ontvanger' : 'bevestigd door de ontvanger op zijn verbinding';
  const reason = typeof claims?.['reden'] === 'string' ? `de ontvanger zegt ${claims['reden']}` : proof;
  const detail = failed === undefined ? reason : `${failed.name}: ${failed.detail}`;
  const state = typeof claims?.['toestand'] === 'string' ? claims['toestand'] : 'ongeldig';
  return `${mark(paint, asExpected)} ${state.padEnd(10)}   ${printable(detail)}${paint.dim(`  ${String(ms)} ms`)}`;
}
