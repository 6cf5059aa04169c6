import type { MessageId } from '../domain/message.ts';
import type { RegisterEntry, SentMessage } from '../domain/register-entry.ts';
import { rejection } from '../domain/rejection.ts';
import type { Rejection } from '../domain/rejection.ts';
import { answerableSince } from '../domain/reply-terms.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import type { JudgedMessage } from '../pipeline/judge.ts';
import type { Parts } from './parts.ts';

/**
 * The bericht that awaits this one as its answer, if any does. A rule may ask that an answer names a bericht of certain
 * types which went the other way between the same two parties in the last five months; then anything else is refused.
 */
export function findAnswered(
  parts: Pick<Parts, 'register' | 'clock'>,
  judged: JudgedMessage,
): Result<MessageId | undefined, Rejection> {
  const { names, requiredTypes } = judged.answer;
  const sent = names === undefined ? undefined : findSent(parts, judged, names.sent);
  if (requiredTypes !== undefined && !requiredTypes.includes(sent?.messageType ?? '')) {
    return err(rejection('ERR_REPLY_UNKNOWN', [{ path: judged.answer.path, rule: 'unknown' }]));
  }
  if (names === undefined) return ok(undefined);
  const named = sent === undefined ? undefined : parts.register.find(sent.messageId);
  // What is awaited may go to another party than it came from: a step further in the chain.
  const awaiting = [named, parts.register.findAwaiting(names.awaited)].find((entry) => isAwaiting(entry, judged));
  return ok(awaiting?.facts.messageId);
}

function findSent(
  { register, clock }: Pick<Parts, 'register' | 'clock'>,
  { facts }: JudgedMessage,
  kenmerk: string,
): SentMessage | undefined {
  const sent = register.findSent(kenmerk, facts.sender);
  return sent?.sender === facts.recipient && sent.acceptedAt >= answerableSince(clock.now()) ? sent : undefined;
}

function isAwaiting(entry: RegisterEntry | undefined, { facts }: JudgedMessage): boolean {
  return entry?.facts.recipient === facts.sender && entry.facts.reply?.types.includes(facts.messageType) === true;
}
