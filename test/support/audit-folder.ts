import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@jest/globals';
import type { MessageId } from '../../gateway/domain/message.ts';
import type { Register } from '../../gateway/ports/register.ts';
import { createTestPki } from './pki.ts';
import { NOW, SENDER, someFacts, someKey, someSigner, transitionsOf } from './register.ts';

export const OCTOBER = 'audit-2026-10.jsonl';
export const NOVEMBER = 'audit-2026-11.jsonl';
export const DECEMBER = 'audit-2026-12.jsonl';

/** The PKI under which the registers of these tests sign, from before the oldest segment. */
export const pki = createTestPki(new Date('2026-10-01T00:00:00.000Z'));
export const rootsPem = pki.authority.rootPem;

/** How these tests open a register; a checkpoint every five records. */
export const base = { environment: 'ontwikkeling', checkpointSigner: someSigner(pki), checkpointEvery: 5 } as const;

/** A fresh folder for a log. */
export const newFolder = (): Promise<string> => mkdtemp(join(tmpdir(), 'audit-'));

/** Brings one bericht from beginning to end, with a record of every kind but those of a term. */
export async function playLife(register: Register, kenmerk: string): Promise<MessageId> {
  const facts = someFacts();
  const steps = transitionsOf(facts, someKey(kenmerk, `octets of ${kenmerk}`));
  const evidence = { proof: 'signed', reason: 'not-for-us', sealedEvidence: 'c2VhbGVk' } as const;
  const { received, accepted, attempted, late, noticeTaken } = steps;
  await register.record({ kind: 'started', at: NOW, software: 'doorgeefluik 1.0.0' });
  await register.record({ kind: 'rules-loaded', at: NOW, ruleSetHash: facts.ruleSetHash });
  await register.record({
    kind: 'rejected',
    at: NOW,
    code: 'ERR_BUSINESS_RULE',
    stage: 'validate',
    rule: 'CORV-A9.1',
    submittedBy: SENDER,
    messageType: 'vtoDi01',
  });
  for (const step of [received, accepted, steps.receipted('again'), attempted, steps.failed(false), attempted]) {
    expect(await register.record(step)).toMatchObject({ outcome: 'recorded' });
  }
  for (const step of [steps.ended('delivered', evidence), late, noticeTaken]) {
    expect(await register.record(step)).toMatchObject({ outcome: 'recorded' });
  }
  return facts.messageId;
}

/** Brings one bericht to its end, on which an answer is expected that doesn't come. */
export async function playTerm(register: Register, kenmerk: string): Promise<MessageId> {
  const reply = { types: ['ucobDi01'], term: { kind: 'same-day' }, reminder: undefined } as const;
  const facts = someFacts({ reply });
  const { messageId } = facts;
  const key = { ...someKey(kenmerk, `octets of ${kenmerk}`), awaited: `${facts.recipient}||${kenmerk}` };
  const steps = transitionsOf(facts, key);
  const ended = steps.ended('delivered', { reply: { remindAt: NOW + 1, dueAt: NOW + 2 } });
  const note = { kind: 'reply-noted', at: NOW + 3, messageId } as const;
  const [senderNoticeId, recipientNoticeId] = [randomUUID(), randomUUID()];
  const steady = [
    steps.received,
    steps.accepted,
    ended,
    { ...note, note: 'reminded', senderNoticeId, recipientNoticeId },
    { ...note, note: 'missed', senderNoticeId: randomUUID(), recipientNoticeId: randomUUID() },
    { kind: 'reply-notice-taken', at: NOW + 4, messageId, noticeId: recipientNoticeId },
  ] as const;
  for (const step of steady) expect(await register.record(step)).toMatchObject({ outcome: 'recorded' });
  return messageId;
}

/** The lines of a segment without their line feeds. */
export async function linesOf(folder: string, segment = NOVEMBER): Promise<string[]> {
  return (await readFile(join(folder, segment), 'utf8')).split('\n').slice(0, -1);
}

/** Writes a segment anew. */
export async function writeLines(folder: string, lines: readonly string[], segment = NOVEMBER): Promise<void> {
  await writeFile(join(folder, segment), lines.map((line) => `${line}\n`).join(''));
}
