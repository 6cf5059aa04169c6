import type { ProblemBody } from '../../gateway/codec/problem.ts';
import type { StatusBody, SubmitBody } from '../../gateway/codec/status-json.ts';
import { STATE_WORDS } from '../../gateway/codec/wire-words.ts';
import type { Answered, GatewayCalls, OutgoingMessage } from './calls.ts';
import type { ReceiptTrust } from './open-receipt.ts';
import { expectAllowed } from './puller.ts';
import { verifyEndNotice, verifySubmissionReceipt } from './verify-receipts.ts';
import type { ReceiptVerdict } from './verify-receipts.ts';

/** Through whom to send, and by which roots to judge what comes back. */
export interface Sender {
  readonly calls: GatewayCalls;
  readonly trust: ReceiptTrust;
}

/** A bericht the gateway took in, with what its receipt is worth. */
export interface Submitted {
  readonly message: OutgoingMessage;
  readonly kenmerk: string;
  readonly answer: SubmitBody;
  readonly isRepeat: boolean;
  readonly verdict: ReceiptVerdict;
}

/** How a bericht ended, with what its end notice is worth. */
export interface Ended {
  readonly status: StatusBody;
  readonly notice: string;
  readonly isDelivered: boolean;
  readonly verdict: ReceiptVerdict;
}

/** Sends a bericht and checks the receipt that comes back, or gives the refusal. */
export async function submitMessage(
  sender: Sender,
  message: OutgoingMessage,
  kenmerk: string,
): Promise<Answered<Submitted>> {
  const answered = await sender.calls.submit(message);
  if (!answered.ok) return answered;
  const answer = answered.value;
  const verdict = verifySubmissionReceipt(answer.bevestiging, sender.trust, { message: message.body, kenmerk });
  return { ...answered, value: { message, kenmerk, answer, isRepeat: answered.status === 200, verdict } };
}

/** Waits for the end of a bericht and checks its notice; undefined when it hasn't come in time. */
export async function awaitEnd(
  sender: Sender,
  submitted: Submitted,
  wait: { readonly seconds: number; readonly signal?: AbortSignal },
): Promise<Ended | undefined> {
  const until = performance.now() + wait.seconds * 1_000;
  for (;;) {
    const left = Math.max(0, Math.ceil((until - performance.now()) / 1_000));
    const asked = sender.calls.status(submitted.answer.berichtId, Math.min(left, LONGEST_WAIT_SECONDS), wait.signal);
    const status = expectAllowed(await asked);
    if (status.eindbericht !== null) return toEnded(sender, submitted, { status, notice: status.eindbericht });
    if (left === 0) return undefined;
  }
}

/** What a refusal is, for a reader: code, sentence, and each place that breaks a rule. */
export function describeProblem(problem: ProblemBody): readonly string[] {
  return [
    `${problem.omschrijving} (${problem.code})`,
    ...problem.fouten.map(({ pad, regel }) => `  ${pad}: ${regel}`),
    ...(problem.kandidaten ?? []).map((candidate) => `  mogelijk bedoeld: ${candidate}`),
  ];
}

function toEnded(
  sender: Sender,
  submitted: Submitted,
  { status, notice }: { readonly status: StatusBody; readonly notice: string },
): Ended {
  const held = { message: submitted.message.body, submissions: [submitted.answer.bevestiging] };
  const verdict = verifyEndNotice(notice, sender.trust, held);
  // What the notice says counts; the status around it isn't signed.
  const isDelivered = verdict.passed && verdict.claims?.['toestand'] === STATE_WORDS.toWire('delivered');
  return { status, notice, isDelivered, verdict };
}

// The contract allows 60; a proxy on the way may not.
const LONGEST_WAIT_SECONDS = 30;
