import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ParticipantName } from '../../../certs-dev/participants.ts';
import { readCompact } from '../../../gateway/codec/compact-jws.ts';
import { readReceiptXml } from '../../../gateway/codec/receipt-xml.ts';
import { RECEIPT_TYPES } from '../../../gateway/codec/receipts.ts';
import type { JsonObject } from '../../../gateway/codec/strict-json.ts';
import type { MessageId } from '../../../gateway/domain/message.ts';
import type { Oin } from '../../../gateway/domain/oin.ts';
import type { RegisterEntry, SentMessage } from '../../../gateway/domain/register-entry.ts';
import { answerableSince } from '../../../gateway/domain/reply-terms.ts';
import type { JudgedMessage } from '../../../gateway/pipeline/judge.ts';
import type { Caller, SignedNotice, Wait } from '../../../gateway/ports/gateway-api.ts';
import { submit } from '../../../gateway/services/accept.ts';
import { findAnswered } from '../../../gateway/services/answers.ts';
import { nextNotice, takeNotice } from '../../../gateway/services/notify.ts';
import type { Register } from '../../../gateway/ports/register.ts';
import type { Parts } from '../../../gateway/services/parts.ts';
import { supervise } from '../../../gateway/services/supervise.ts';
import type { Supervision } from '../../../gateway/services/supervise.ts';
import { certificateOf, freshBericht, NOW } from '../../support/berichten.ts';
import type { Bericht } from '../../support/berichten.ts';
import { RECIPIENT, SENDER, someFacts, someId } from '../../support/register.ts';
import { confirm, openServices, toSubmission } from '../../support/services.ts';
import type { TestServices } from '../../support/services.ts';
import type { RuleChanges } from '../../support/standing.ts';
import { changeRow } from '../../support/workshop.ts';

const GI = 'gi-jeugdbescherming-gelderland';
const GI_OIN = '00000001802611266000';
const HOUR = 3_600_000;
const NOW_ONLY: Wait = { waitMs: 0, signal: new AbortController().signal };
const UNKNOWN = { ok: false, error: { code: 'ERR_REPLY_UNKNOWN' } };

describe('findAnswered', () => {
  const names = { sent: 'sent', awaited: 'awaited' };
  const facts = someFacts({ messageType: 'ucobDi01' });
  const sent: SentMessage = {
    messageId: someId(),
    messageType: 'vcobDi01',
    sender: RECIPIENT,
    recipient: SENDER,
    acceptedAt: answerableSince(NOW),
  };
  const expecting = (change: Partial<RegisterEntry['facts']> = {}): RegisterEntry =>
    ({
      facts: someFacts({
        messageId: sent.messageId,
        recipient: SENDER,
        reply: { types: ['ucobDi01'], term: { kind: 'same-day' }, reminder: undefined },
        ...change,
      }),
    }) as RegisterEntry;
  const find = (
    answer: Partial<JudgedMessage['answer']>,
    kept: { readonly sent?: SentMessage; readonly entry?: RegisterEntry; readonly awaiting?: RegisterEntry },
  ): ReturnType<typeof findAnswered> => {
    const register = {
      findSent: (_sender: string, recipient: Oin) => (kept.sent?.recipient === recipient ? kept.sent : undefined),
      find: () => kept.entry,
      findAwaiting: () => kept.awaiting,
    };
    const parts = { register, clock: { now: () => NOW } } as unknown as Parts;
    const whole = { names, requiredTypes: undefined, path: '/stuurgegevens/antwoordOp', ...answer };
    return findAnswered(parts, { facts, answer: whole } as unknown as JudgedMessage);
  };

  it('takes a bericht of a listed type, the other way between the same parties, of the last five months', () => {
    expect(find({ requiredTypes: ['vciDi01', 'vcobDi01'] }, { sent })).toEqual({ ok: true, value: undefined });
  });

  it.each<readonly [string, SentMessage | undefined]>([
    ['that nobody sent', undefined],
    ['of another type', { ...sent, messageType: 'vtoDi01' }],
    ['of another sender', { ...sent, sender: '00000001009999999000' as Oin }],
    ['to another recipient', { ...sent, recipient: '00000001009999999000' as Oin }],
    ['a millisecond older than five months', { ...sent, acceptedAt: sent.acceptedAt - 1 }],
  ])('refuses an answer to a bericht %s', (_, other) => {
    expect(find({ requiredTypes: ['vcobDi01'] }, other === undefined ? {} : { sent: other })).toMatchObject({
      ok: false,
      error: {
        code: 'ERR_REPLY_UNKNOWN',
        violations: [{ path: '/stuurgegevens/antwoordOp', rule: 'unknown' }],
      },
    });
  });

  it('refuses an answer that names nothing, and takes a bericht that need not be one', () => {
    expect(find({ names: undefined, requiredTypes: ['vcobDi01'] }, { sent })).toMatchObject(UNKNOWN);
    expect(find({ names: undefined }, { sent, entry: expecting() })).toEqual({ ok: true, value: undefined });
    expect(find({}, {})).toEqual({ ok: true, value: undefined });
  });

  it('finds what awaits it, also when it goes to another party', () => {
    expect(find({}, { sent, entry: expecting() })).toEqual({ ok: true, value: sent.messageId });
    expect(find({}, { awaiting: expecting() })).toEqual({ ok: true, value: sent.messageId });
  });

  it('stops no term of a bericht that awaits another type or went to another party', () => {
    const others = [expecting({ reply: undefined }), expecting({ recipient: '00000001009999999000' as Oin })];
    const reply = { types: ['uciDi01'], term: { kind: 'same-day' }, reminder: undefined } as const;
    for (const entry of [...others, expecting({ reply })]) {
      expect(find({}, { sent, entry, awaiting: entry })).toEqual({ ok: true, value: undefined });
    }
  });
});

describe('answers on their way', () => {
  let services: TestServices;
  let supervision: Supervision;
  const open = async (rules: RuleChanges = {}): Promise<void> => {
    services = await openServices({
      aansluitpunten: changeRow({ id: 'rvdk-verzoeken' }, { getekendeBevestiging: false }),
      ...rules,
    });
    supervision = await supervise(services.parts, 'test');
  };
  beforeEach(() => open());
  afterEach(async () => {
    await supervision.close();
    await services.close();
  });

  const callerOf = (name: ParticipantName): Caller => ({
    certificate: certificateOf(services.workshop.pki.participant(name).tls).der,
  });
  const offer = async (bericht: Bericht): ReturnType<typeof submit> => {
    const accepted = await submit(services.parts, toSubmission(services.workshop.sendAs(bericht)));
    await services.settle();
    return accepted;
  };
  const sent = async (bericht: Bericht): Promise<MessageId> => {
    const accepted = await offer(bericht);
    if (!accepted.ok) throw new Error(accepted.error.code);
    return accepted.value.receipt.messageId;
  };
  const edited = (bericht: Bericht, change: (control: Record<string, unknown>) => object): Bericht => {
    const whole = JSON.parse(bericht.text) as { readonly stuurgegevens: Record<string, unknown> };
    return { ...bericht, text: JSON.stringify({ ...whole, ...change(whole.stuurgegevens) }) };
  };
  const answering = (bericht: Bericht, kenmerk: string): Bericht =>
    edited(bericht, (control) => ({ stuurgegevens: { ...control, antwoordOp: kenmerk } }));
  const entryOf = (id: MessageId): RegisterEntry => {
    const entry = services.parts.register.find(id);
    if (entry === undefined) throw new Error('not in the register');
    return entry;
  };
  const notice = async (
    name: ParticipantName,
    receiptForm: 'jws' | 'xml' = 'jws',
  ): Promise<SignedNotice | undefined> => {
    const next = await nextNotice(services.parts, callerOf(name), { sender: undefined, receiptForm, wait: NOW_ONLY });
    if (!next.ok) throw new Error(next.error.code);
    return next.value;
  };
  const toReminder = (): Promise<void> =>
    services.clock.advance(Date.parse('2026-12-01T07:30:00Z') - services.clock.now());
  const claimsOf = (given: SignedNotice | undefined): JsonObject => {
    const read = readCompact(String(given?.signed), RECEIPT_TYPES.term);
    if (!read.ok) throw new Error('not a term notice');
    return read.value.claims;
  };

  it('C3: an answer stops the term of what it answers', async () => {
    const question = freshBericht('verzoekWijzigingTb', 'json');
    const id = await sent(question);
    expect(entryOf(id)).toMatchObject({ state: 'delivered', reply: { answeredAt: undefined } });
    const answer = answering(freshBericht('wijzigingTb', 'json'), question.kenmerk);
    const answerId = await sent(answer);
    expect(entryOf(answerId).facts.answers).toBe(id);
    expect(entryOf(id).reply?.answeredAt).toBe(entryOf(answerId).acceptedAt);
    await toReminder();
    expect(services.events.filter(({ name }) => name.startsWith('Reply'))).toEqual([]);
    // A repeat of the answer is a repeat, not a second answer.
    expect(await offer(answer)).toMatchObject({ ok: true, value: { repeat: true } });
  });

  it('B6: a repeat of an answer gets its receipt, also when what it answers is out of reach by now', async () => {
    const question = freshBericht('verzoekWijzigingTb', 'json');
    await sent(question);
    const answer = answering(freshBericht('wijzigingTb', 'json'), question.kenmerk);
    const id = await sent(answer);
    const { register } = services.parts;
    const later = { ...register, findSent: () => undefined, findAwaiting: () => undefined } satisfies Register;
    const again = await submit({ ...services.parts, register: later }, toSubmission(services.workshop.sendAs(answer)));
    expect(again).toMatchObject({ ok: true, value: { repeat: true, receipt: { messageId: id } } });
    const other = answering(freshBericht('wijzigingTb', 'json'), question.kenmerk);
    expect(
      await submit({ ...services.parts, register: later }, toSubmission(services.workshop.sendAs(other))),
    ).toMatchObject(UNKNOWN);
  });

  it('C3: an answer to nothing is refused before anything of it is on record', async () => {
    const question = freshBericht('verzoekWijzigingTb', 'json');
    const before = services.effects.length;
    const answer = answering(freshBericht('wijzigingTb', 'json'), question.kenmerk);
    expect(await offer(answer)).toMatchObject(UNKNOWN);
    expect(services.effects.slice(before)).toEqual(['record rejected']);
    const log = readdirSync(services.registerFolder)
      .filter((name) => name.endsWith('.jsonl'))
      .map((name) => readFileSync(join(services.registerFolder, name), 'utf8'))
      .join('');
    expect(log).toContain('ERR_REPLY_UNKNOWN');
    for (const kenmerk of [question.kenmerk, answer.kenmerk]) expect(log).not.toContain(kenmerk);
    await sent(question);
    expect(await offer(answer)).toMatchObject({ ok: true });
  });

  it('Z29: the next step, to another party, stops the term of the step before', async () => {
    const first = freshBericht('escalatie', 'json', 'stap-1-regisseur.json');
    const id = await sent(first);
    const step = { afzender: { oin: '00000099000000306000', rol: 'REGISSEUR' } };
    const directie = { ontvanger: { oin: '00000099000000310000', rol: 'DIRECTIE' } };
    const second = { ...freshBericht('escalatie', 'json', 'stap-1-regisseur.json'), sender: 'regisseur' as const };
    const inhoud = { ...(JSON.parse(second.text) as { inhoud: object }).inhoud, stap: 2 };
    const next = edited(second, (control) => ({
      stuurgegevens: { ...control, antwoordOp: first.kenmerk, ...step, ...directie },
      inhoud,
    }));
    const nextId = await sent(next);
    expect(entryOf(nextId).facts).toMatchObject({ ruleId: 'escalatie-regisseur-directie', answers: id });
    expect(entryOf(id).reply?.answeredAt).toBe(entryOf(nextId).acceptedAt);
  });

  it('both parties get the reminder, signed, and each takes its own', async () => {
    const id = await sent(freshBericht('verzoekWijzigingTb', 'json'));
    await toReminder();
    const end = await notice(GI);
    expect(end).toMatchObject({ kind: 'end' });
    await takeNotice(services.parts, callerOf(GI), String(end?.notice.id));
    const toSender = await notice(GI);
    const toRecipient = await notice('rvdk');
    const claims = {
      berichtId: id,
      berichttype: 'verzoekWijzigingTb',
      soort: 'herinnering',
      verwacht: ['wijzigingTb'],
      termijn: '5 werkdagen',
      afgeleverdOp: new Date(NOW).toISOString(),
      uiterlijk: '2026-12-02T22:59:59.999Z',
      vastgesteldOp: '2026-12-01T07:30:00.000Z',
    };
    expect(claimsOf(toSender)).toMatchObject({ ...claims, bij: entryOf(id).receipts });
    expect(claimsOf(toRecipient)).toMatchObject(claims);
    expect(claimsOf(toRecipient)).not.toHaveProperty('bij');
    const xml = await notice('rvdk', 'xml');
    const read = readReceiptXml(Buffer.from(String(xml?.signed)));
    expect(read.ok && read.value).toMatchObject({ kind: 'term', claims });
    // Neither takes the other's.
    const theirs = String(toSender?.notice.id);
    expect(await takeNotice(services.parts, callerOf('rvdk'), theirs)).toMatchObject({
      ok: false,
      error: { code: 'ERR_NOT_FOUND' },
    });
    expect(await takeNotice(services.parts, callerOf('rvdk'), String(toRecipient?.notice.id))).toMatchObject({
      ok: true,
    });
    expect(await notice('rvdk')).toBeUndefined();
    expect((await notice(GI))?.notice.id).toBe(theirs);
    await services.clock.advance(48 * HOUR);
    expect(claimsOf(await notice('rvdk'))).toMatchObject({ soort: 'verstreken' });
    expect(services.events.map(({ name }) => name)).toEqual(expect.arrayContaining(['ReplyReminded', 'ReplyMissed']));
  });

  it('a recipient with a bevestigingUrl gets its notices pushed', async () => {
    await supervision.close();
    await services.close();
    const url = 'https://localhost:9999/bevestigingen';
    await open({ deelnemers: changeRow({ oin: '00000002003214436001' }, { bevestigingUrl: url }) });
    services.answerWith(confirm);
    const id = await sent(freshBericht('verzoekWijzigingTb', 'json'));
    await toReminder();
    await services.clock.advance(2_000);
    const pushed = services.pushes.filter((push) => push.url === url);
    expect(pushed).toHaveLength(1);
    expect(pushed[0]?.expectedOin).toBe('00000002003214436001');
    expect(JSON.parse(Buffer.from(pushed[0]?.body ?? []).toString())).toMatchObject({
      berichtId: id,
      termijnbericht: expect.any(String),
    });
    expect(services.parts.register.pendingNotices('00000002003214436001' as Oin)).toEqual([]);
    expect(services.parts.register.pendingNotices(GI_OIN as Oin)).toHaveLength(2);
  });
});
