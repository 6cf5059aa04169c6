import { toDeliveryHeaders } from '../../gateway/codec/delivery-headers.ts';
import type { HeaderValues } from '../../gateway/codec/http-headers.ts';
import { readRoutingQuery } from '../../gateway/codec/query.ts';
import {
  toKeysBody,
  toNoticeBody,
  toRoutingBody,
  toStatusBody,
  toSubmitBody,
} from '../../gateway/codec/status-json.ts';
import { isMessageId } from '../../gateway/domain/message.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import { rejection } from '../../gateway/domain/rejection.ts';
import type { Rejection } from '../../gateway/domain/rejection.ts';
import { err, ok } from '../../gateway/domain/result.ts';
import type { Result } from '../../gateway/domain/result.ts';
import type { Accepted, ReceiptForm } from '../../gateway/ports/gateway-api.ts';
import { buildEmpty, buildJson } from './answer.ts';
import type { Answer } from './answer.ts';
import type { CallHandler } from './call.ts';

/** Takes a bericht in: 202 with the submission receipt, 200 for a repeat. */
export const submit: CallHandler = async ({ caller, headers, body, receivedAt }, { api }) => {
  const accepted = await api.submit({ caller, headers, body, receivedAt, receiptForm: receiptFormOf(headers) });
  return accepted.ok ? ok(buildAccepted(accepted.value)) : accepted;
};

/** Tells the sender what became of a bericht. */
export const showStatus: CallHandler = async ({ caller, id, wait }, { api }) =>
  withMessageId(id, async (messageId) => {
    const status = await api.status(caller, messageId, wait);
    return status.ok ? ok(buildJson(200, toStatusBody(status.value.entry, status.value.notice?.signed))) : status;
  });

/** Hands out the next bericht; its lease runs out by itself when the answer never reached the recipient. */
export const pull: CallHandler = async ({ caller, query, wait }, { api }) => {
  const next = await api.nextMessage(caller, query.get('aansluitpunt'), wait);
  if (!next.ok) return next;
  if (next.value === undefined) return ok(buildEmpty());
  const { entry, body, ...leased } = next.value;
  return ok({ status: 200, headers: toDeliveryHeaders({ facts: entry.facts, ...leased }), body });
};

/** Takes the recipient's word, or its signed receipt, that it holds the bericht. */
export const confirm: CallHandler = async ({ caller, id, body }, { api }) =>
  withMessageId(id, async (messageId) => {
    const receipt = body.length === 0 ? undefined : Buffer.from(body).toString('latin1').trim();
    return toEmpty(await api.confirm(caller, messageId, receipt));
  });

/** Takes the recipient's refusal of the bericht. */
export const refuse: CallHandler = async ({ caller, id, body }, { api }) =>
  withMessageId(id, async (messageId) => toEmpty(await api.refuse(caller, messageId, body)));

/** Hands out the oldest end notice that was not taken yet. */
export const showNotice: CallHandler = async ({ caller, headers, query, wait }, { api }) => {
  const receiptForm = receiptFormOf(headers);
  const next = await api.nextNotice(caller, { sender: query.get('afzender'), receiptForm }, wait);
  if (!next.ok) return next;
  if (next.value === undefined) return ok(buildEmpty());
  const { kind, notice, signed } = next.value;
  return ok(receiptForm === 'xml' ? buildXml(200, signed) : buildJson(200, toNoticeBody(kind, notice, signed)));
};

/** Takes note that the sender holds an end notice. */
export const takeNotice: CallHandler = async ({ caller, id }, { api }) => toEmpty(await api.takeNotice(caller, id));

/** Says where a bericht would go. */
export const showRouting: CallHandler = ({ caller, query }, { api }) => {
  const question = readRoutingQuery(query);
  if (!question.ok) return Promise.resolve(question);
  const advice = api.routing(caller, question.value);
  return Promise.resolve(advice.ok ? ok(buildJson(200, toRoutingBody(advice.value))) : advice);
};

/** Lists the certificates receipts are and were signed with. */
export const showKeys: CallHandler = ({ caller }, { api }) => {
  const keys = api.receiptKeys(caller);
  return Promise.resolve(keys.ok ? ok(buildJson(200, toKeysBody(keys.value))) : keys);
};

/** Publishes this API's own description. */
export const showOpenApi: CallHandler = (_call, { openApi }) =>
  Promise.resolve(ok({ status: 200, headers: { 'Content-Type': 'application/json' }, body: openApi }));

function buildAccepted(accepted: Accepted): Answer {
  const status = accepted.repeat ? 200 : 202;
  const location = { Location: `/v1/berichten/${accepted.receipt.messageId}` };
  return accepted.receiptForm === 'xml'
    ? buildXml(status, accepted.signed, location)
    : buildJson(status, toSubmitBody(accepted), location);
}

function buildXml(status: number, body: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers: { 'Content-Type': 'application/xml', ...headers }, body: Buffer.from(body) };
}

function receiptFormOf(headers: HeaderValues): ReceiptForm {
  const ranges = (headers.get('accept') ?? []).flatMap((value) => value.split(','));
  const isXml = ranges.some((range) => range.split(';', 1)[0]?.trim().toLowerCase() === 'application/xml');
  return isXml ? 'xml' : 'jws';
}

async function withMessageId(
  id: string,
  then: (messageId: MessageId) => Promise<Result<Answer, Rejection>>,
): Promise<Result<Answer, Rejection>> {
  return isMessageId(id) ? then(id) : err(rejection('ERR_NOT_FOUND'));
}

function toEmpty(outcome: Result<undefined, Rejection>): Result<Answer, Rejection> {
  return outcome.ok ? ok(buildEmpty()) : outcome;
}
