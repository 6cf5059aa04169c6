import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readTrustedRoots } from '../client/trust.ts';
import { GATEWAY } from '../../certs-dev/participants.ts';
import type { ParticipantName } from '../../certs-dev/participants.ts';
import { digestHeaderOf } from '../../gateway/codec/detached-signature.ts';
import type { ProblemBody } from '../../gateway/codec/problem.ts';
import type { Instant } from '../../gateway/domain/message.ts';
import { createCalls } from '../client/calls.ts';
import { allPassed } from '../client/checks.ts';
import type { Answered, OutgoingMessage } from '../client/calls.ts';
import { createHttpsClient } from '../client/https-client.ts';
import type { HttpsClient } from '../client/https-client.ts';
import { readRoots, readSigningIdentity, readTlsIdentity } from '../client/identity.ts';
import { readMessageUnverified } from '../client/read-message.ts';
import { signMessage } from '../client/sign-message.ts';
import { awaitEnd, submitMessage } from '../client/submit.ts';
import type { Ended, Sender, Submitted } from '../client/submit.ts';
import { composeMessage } from './compose-message.ts';
import type { Composing } from './compose-message.ts';
import type { DemoFolder } from './folder.ts';
import type { Holding } from './recipients.ts';
import type { Step } from './scenario.ts';

/** What happened in a step. */
export interface Played {
  readonly step: Step;
  readonly bytes: number;
  readonly isEnveloped: boolean;
  /** Taken in, or refused by the gateway. */
  readonly submitted: Answered<Submitted>;
  /** Undefined when there was nothing to wait for, or it didn't come in time. */
  readonly ended: Ended | undefined;
  /** From the first byte sent to the end notice verified. */
  readonly ms: number;
  readonly message: OutgoingMessage;
  readonly asExpected: boolean;
}

/** Plays steps, one after the other, each as its sender. */
export interface Player {
  play(step: Step, number: number): Promise<Played>;
  close(): void;
}

/** What the player needs. */
export interface PlayerOptions {
  readonly folder: DemoFolder;
  readonly gatewayUrl: string;
  readonly held: ReadonlyMap<string, Holding>;
  readonly composing: Omit<Composing, 'now'>;
  readonly now: () => Instant;
}

/** Makes a player; it keeps one connection for each sender. */
export function createPlayer(options: PlayerOptions): Player {
  const clients = new Map<ParticipantName, HttpsClient>();
  const played = new Map<number, Played>();
  const clientOf = (name: ParticipantName): HttpsClient => {
    const known = clients.get(name);
    if (known !== undefined) return known;
    const client = createHttpsClient(options.gatewayUrl, readTlsIdentity({ profile: profileOf(options, name) }));
    clients.set(name, client);
    return client;
  };
  return {
    async play(step, number) {
      const earlier = step.expected.kind === 'repeat' ? played.get(step.expected.of) : undefined;
      const message = earlier?.message ?? compose(step, options);
      const trust = {
        roots: readTrustedRoots(readRoots({ profile: profileOf(options, step.from) })),
        issuer: GATEWAY.oin,
      };
      const sender = { calls: createCalls(clientOf(step.from)), trust };
      const result = await send(sender, step, message);
      keepReceipts(options.folder, number, result);
      const whole = { ...result, asExpected: isAsExpected(result, { earlier, held: options.held }) };
      played.set(number, whole);
      return whole;
    },
    close() {
      for (const client of clients.values()) client.close();
    },
  };
}

/** Whether the recipient holds exactly the bytes that were sent, once. */
export function isHeld(
  { submitted, message }: Pick<Played, 'submitted' | 'message'>,
  held: ReadonlyMap<string, Holding>,
): boolean {
  if (!submitted.ok) return false;
  const holding = held.get(submitted.value.answer.berichtId);
  return holding?.digest === digestHeaderOf(message.body) && holding.deliveries === 1;
}

function profileOf({ folder }: PlayerOptions, name: ParticipantName): string {
  return join(folder.certificates, name);
}

function compose(step: Step, options: PlayerOptions): OutgoingMessage {
  const now = options.now();
  const bytes = composeMessage(step, { ...options.composing, now });
  return signMessage(bytes, {
    identity: readSigningIdentity({ profile: profileOf(options, step.from) }),
    signedAt: now,
  });
}

async function send(sender: Sender, step: Step, message: OutgoingMessage): Promise<Omit<Played, 'asExpected'>> {
  const { kenmerk, isWrapper } = readMessageUnverified(message.body);
  const startedAt = performance.now();
  const submitted = await submitMessage(sender, message, kenmerk);
  const ended = submitted.ok ? await awaitEnd(sender, submitted.value, { seconds: END_SECONDS }) : undefined;
  const ms = Math.round(performance.now() - startedAt);
  return { step, message, bytes: message.body.length, isEnveloped: isWrapper, submitted, ended, ms };
}

function keepReceipts(
  { receipts }: DemoFolder,
  number: number,
  { submitted, ended }: Omit<Played, 'asExpected'>,
): void {
  if (!submitted.ok) return;
  const name = join(receipts, String(number).padStart(2, '0'));
  writeFileSync(`${name}-ontvangst.jws`, submitted.value.answer.bevestiging);
  if (ended !== undefined) writeFileSync(`${name}-eind.jws`, ended.notice);
}

function isAsExpected(
  played: Omit<Played, 'asExpected'>,
  { earlier, held }: { readonly earlier: Played | undefined; readonly held: ReadonlyMap<string, Holding> },
): boolean {
  const { step, submitted, ended } = played;
  const { expected } = step;
  if (expected.kind === 'not-taken') return codeOf(submitted) === expected.code;
  if (!submitted.ok || ended === undefined) return false;
  if (!allPassed([...submitted.value.verdict.checks, ...ended.verdict.checks])) return false;
  if (expected.kind === 'refused') return ended.verdict.claims?.['reden'] === expected.code;
  return (
    ended.isDelivered && isHeld(played, held) && (expected.kind === 'delivered' || isRepeatOf(submitted.value, earlier))
  );
}

function isRepeatOf(submitted: Submitted, earlier: Played | undefined): boolean {
  return (
    submitted.isRepeat &&
    earlier?.submitted.ok === true &&
    earlier.submitted.value.answer.berichtId === submitted.answer.berichtId
  );
}

function codeOf(answered: Answered<unknown>): ProblemBody['code'] | undefined {
  return answered.ok ? undefined : answered.problem.code;
}

const END_SECONDS = 10;
