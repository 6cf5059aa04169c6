import { awaitedKey, sentKey, toAnswerClaim } from '../codec/answer-claim.ts';
import type { AnswerClaim } from '../codec/answer-claim.ts';
import type { XmlMessage } from '../codec/xml-document.ts';
import type { MessageFacts, RepeatKey } from '../domain/register-entry.ts';
import type { Rejection } from '../domain/rejection.ts';
import { expectedReply } from '../domain/reply-terms.ts';
import { ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { authenticate } from './authenticate.ts';
import { authorise } from './authorise.ts';
import type { StageContext } from './context.ts';
import { parse } from './parse.ts';
import { receive } from './receive.ts';
import type { Incoming } from './receive.ts';
import { route } from './route.ts';
import type { RoutedMessage } from './route.ts';
import type { SealedContent } from './seal.ts';
import { validate } from './validate.ts';
import { verifySignature } from './verify-signature.ts';
import type { VerifiedMessage } from './verify-signature.ts';

/** A bericht that may go, as plain values: what to seal, what to record, what to say in the receipt. */
export interface JudgedMessage {
  readonly facts: Omit<MessageFacts, 'messageId'>;
  readonly repeatKey: RepeatKey;
  readonly kenmerk: string;
  readonly answer: AnswerClaim;
  readonly content: SealedContent;
}

/** Every judgement on one bericht, in order. The first stage that refuses decides. */
export function judge(incoming: Incoming, base: Omit<StageContext, 'own'>): Result<JudgedMessage, Rejection> {
  const opened: XmlMessage[] = [];
  const ctx: StageContext = { ...base, own: (message) => void opened.push(message) };
  try {
    const received = receive(incoming, ctx);
    if (!received.ok) return received;
    const authenticated = authenticate(received.value, ctx);
    if (!authenticated.ok) return authenticated;
    const verified = verifySignature(authenticated.value, ctx);
    if (!verified.ok) return verified;
    const parsed = parse(verified.value, ctx);
    if (!parsed.ok) return parsed;
    const validated = validate(parsed.value);
    if (!validated.ok) return validated;
    const authorised = authorise(validated.value, ctx);
    if (!authorised.ok) return authorised;
    const routed = route(authorised.value, ctx);
    return routed.ok ? ok(toJudged(routed.value, ctx)) : routed;
  } finally {
    for (const message of opened) message.dispose();
  }
}

function toJudged(routed: RoutedMessage, ctx: StageContext): JudgedMessage {
  const { validated, sender, typeRule } = routed.authorised;
  const { verified, envelope, definition } = validated;
  const { received, transport } = verified.authenticated;
  const { recipient } = routed.point;
  const reply = expectedReply(routed.rule.reply ?? typeRule.reply, envelope.urgency === 'ja');
  return {
    facts: {
      environment: ctx.environment,
      messageType: definition.type,
      version: definition.version,
      sender: sender.oin,
      senderRole: routed.rule.senderRole,
      submittedBy: transport.oin,
      signedBy: verified.signer,
      signer: verified.signerCertificate.thumbprint,
      addressed: routed.addressed,
      recipient,
      recipientRole: routed.point.role,
      connectionPoint: routed.point.id,
      ruleId: routed.rule.id,
      ruleSetHash: ctx.rules.hash,
      sizeKb: Math.ceil(received.body.byteLength / 1024),
      receivedAt: received.receivedAt,
      deadline: routed.deadline,
      reply,
    },
    repeatKey: {
      sender: sentKey(sender.oin, envelope.sender.system, envelope.kenmerk),
      octets: verified.octets,
      awaited: reply === undefined ? undefined : awaitedKey(recipient, envelope.kenmerk),
    },
    kenmerk: envelope.kenmerk,
    answer: toAnswerClaim(envelope, { sender: sender.oin, recipient }, routed.rule.answersTypes),
    content: toContent(verified),
  };
}

function toContent({ authenticated, digest }: VerifiedMessage): SealedContent {
  const { contentType, payloadSignature, body } = authenticated.received;
  return { contentType, payloadSignature, digest, body };
}
