import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { openFileRegister } from '../../adapters/register-file/index.ts';
import type { FileRegisterOptions } from '../../adapters/register-file/index.ts';
import { verifyAuditFolder } from '../../cli/audit/verify-audit-log.ts';
import type { Register } from '../../gateway/ports/register.ts';
import {
  base,
  DECEMBER,
  linesOf,
  newFolder,
  NOVEMBER,
  playLife,
  playTerm,
  rootsPem,
  writeLines,
} from '../support/audit-folder.ts';
import { faultyDisk } from '../support/faulty-disk.ts';
import { createTestClock, HOUR, NOW, SENDER, someFacts, someKey, transitionsOf } from '../support/register.ts';
import { eventually } from './broker-contract.ts';

describe('the audit log in files', () => {
  let folder: string;
  let register: Register;
  const clock = createTestClock();
  const openRegister = async (options: Partial<FileRegisterOptions> = {}): Promise<Register> => {
    register = await openFileRegister({ folder, clock, ...base, ...options });
    return register;
  };

  beforeEach(async () => {
    clock.moveTo(NOW);
    folder = await newFolder();
  });
  afterEach(async () => {
    await register.close();
    await rm(folder, { recursive: true });
  });

  it('writes lines that its schema allows, of every kind it has', async () => {
    await openRegister();
    await playTerm(register, 'K0');
    await playLife(register, 'K1');
    await register.close();
    await truncate(join(folder, NOVEMBER), (await stat(join(folder, NOVEMBER))).size - 10);
    await openRegister();
    await register.close();
    const schema = JSON.parse(await readFile('schemas/audit/regel.schema.json', 'utf8')) as {
      readonly oneOf: readonly { readonly properties: { readonly kind: { readonly const: string } } }[];
    };
    const isAllowed = new Ajv2020({ discriminator: true, allErrors: true }).compile(schema);
    const records = (await linesOf(folder)).map((line) => JSON.parse(line) as { readonly kind: string });
    for (const record of records) expect([record, isAllowed(record), isAllowed.errors]).toEqual([record, true, null]);
    const kinds = schema.oneOf.map(({ properties }) => properties.kind.const);
    expect([...new Set(records.map(({ kind }) => kind))].sort()).toEqual([...kinds].sort());
  });

  it('holds neither kenmerk nor octets, in no form that can be found without the key', async () => {
    await openRegister();
    await playLife(register, 'KENMERK-4711');
    await playTerm(register, 'KENMERK-4711 of a term');
    const { sender, octets } = someKey('KENMERK-4711', 'octets of KENMERK-4711');
    await register.close();
    const files = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name), 'utf8')));
    const forms = ['KENMERK-4711', sender, octets].flatMap((text) => {
      const hash = createHash('sha256').update(text);
      const bytes = Buffer.from(text);
      const plain = Buffer.from(text, 'base64');
      return [
        text,
        ...([bytes, plain, hash.digest()] as const).flatMap((form) => [
          form.toString('hex'),
          form.toString('base64'),
          form.toString('base64url'),
        ]),
      ];
    });
    // A fragment found in base64 at any of its three alignments would be a find too.
    const fragments = [0, 1, 2].map((shift) =>
      Buffer.from(`${'x'.repeat(shift)}KENMERK-4711`)
        .toString('base64')
        .slice(4, 12),
    );
    for (const form of [...forms, ...fragments].filter((text) => text.length > 6)) {
      expect(files.filter((text) => text.includes(form)).map(() => form)).toEqual([]);
    }
    expect(files.join('')).toContain('"senderHmac"');
    expect(files.join('')).toContain('"awaitedHmac"');
  });

  it('writes nothing that isn’t named, whatever is handed to it', async () => {
    await openRegister();
    const facts = { ...someFacts(), naam: 'CANARY-1' };
    const steps = transitionsOf(facts);
    await register.record({ ...steps.received, bsn: 'CANARY-2' } as typeof steps.received);
    await register.record({ ...steps.accepted, inhoud: 'CANARY-3' } as typeof steps.accepted);
    await register.record({ ...steps.ended('refused', { tekst: 'CANARY-4' } as object) });
    expect(await readFile(join(folder, NOVEMBER), 'utf8')).not.toContain('CANARY');
    expect(await linesOf(folder)).toHaveLength(4);
  });

  it('refuses free text where a word of a closed list belongs', async () => {
    await openRegister();
    const facts = someFacts();
    await register.record(transitionsOf(facts).received);
    const free = {
      ...transitionsOf(facts).ended('not-accepted'),
      end: { ...transitionsOf(facts).ended('not-accepted').end, reason: 'Jan Jansen woont hier' },
    };
    await expect(register.record(free)).rejects.toMatchObject({
      name: 'RegisterFault',
      code: 'ERR_REGISTER_RECORD_INVALID',
    });
    expect(register.find(facts.messageId)?.state).toBe('received');
    expect(register.isHealthy()).toBe(true);
  });

  it('can be read by its owner alone, in files a month each', async () => {
    await openRegister();
    await playLife(register, 'K1');
    clock.moveTo(Date.parse('2026-12-01T00:00:00.000Z'));
    await playLife(register, 'K2');
    await register.close();
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
    const names = (await readdir(folder)).sort();
    expect(names).toEqual([NOVEMBER, DECEMBER, 'sleutels-2026-11.json', 'sleutels-2026-12.json']);
    for (const name of names) expect((await stat(join(folder, name))).mode & 0o777).toBe(0o600);
    expect(JSON.parse((await linesOf(folder, DECEMBER))[0] ?? '')).toMatchObject({ kind: 'checkpoint' });
    expect(await verifyAuditFolder(folder, { rootsPem })).toMatchObject({ ok: true, segments: 2, unsigned: 0 });
  });

  it('goes on in the month it is in when the clock is set back', async () => {
    clock.moveTo(Date.parse('2026-12-01T00:00:00.000Z'));
    await openRegister();
    clock.moveTo(NOW);
    await playLife(register, 'K1');
    await register.close();
    await openRegister();
    await playLife(register, 'K2');
    await register.close();
    expect((await readdir(folder)).filter((name) => name.startsWith('audit'))).toEqual([DECEMBER]);
    expect(await verifyAuditFolder(folder)).toMatchObject({ ok: true });
  });

  it('cuts off an unfinished last line and puts that on record', async () => {
    await openRegister();
    const facts = someFacts();
    await register.record(transitionsOf(facts).received);
    const crashed = await newFolder();
    await cp(folder, crashed, { recursive: true });
    await rm(join(crashed, 'in-use.lock'));
    await truncate(join(crashed, NOVEMBER), (await stat(join(crashed, NOVEMBER))).size - 40);
    const again = await openFileRegister({ folder: crashed, clock, ...base });
    expect(again.find(facts.messageId)).toBeUndefined();
    expect(await again.record(transitionsOf(facts).received)).toMatchObject({ outcome: 'recorded' });
    await again.close();
    const kinds = (await linesOf(crashed)).map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
    expect(kinds).toEqual(['checkpoint', 'repaired', 'received', 'checkpoint']);
    expect(await verifyAuditFolder(crashed, { rootsPem })).toMatchObject({ ok: true, unsigned: 0 });
    await rm(crashed, { recursive: true });
  });

  it('cuts off a last line that a crash left as zeros', async () => {
    await openRegister();
    await playLife(register, 'K1');
    await register.close();
    const path = join(folder, NOVEMBER);
    const good = await readFile(path);
    await writeFile(path, Buffer.concat([good, Buffer.alloc(300)]));
    await openRegister();
    await register.close();
    expect((await linesOf(folder)).at(-2)).toContain('"kind":"repaired"');
    expect((await linesOf(folder)).at(-2)).toContain('"removedBytes":300');
  });

  it('refuses to open a log in which any one line was changed, taken out, doubled or moved', async () => {
    await openRegister();
    await playLife(register, 'K1');
    await register.close();
    const lines = await linesOf(folder);
    const refused = { name: 'ConfigurationFault', code: 'ERR_REGISTER_CORRUPT' };
    for (const [index, line] of lines.slice(0, -1).entries()) {
      const changes = [
        lines.with(index, line.replace(/"at":"2026/, '"at":"2025')),
        lines.with(index, line.slice(0, -1)),
        lines.toSpliced(index, 1),
        lines.toSpliced(index, 0, line),
        lines.with(index, lines[index + 1] ?? '').with(index + 1, line),
      ];
      for (const changed of changes) {
        await writeLines(folder, changed);
        await expect(openRegister()).rejects.toMatchObject(refused);
      }
    }
    await writeLines(folder, lines);
    await openRegister();
  });

  it('names segment and line of what it can’t open', async () => {
    await openRegister();
    await playLife(register, 'K1');
    await register.close();
    const lines = await linesOf(folder);
    await writeLines(folder, lines.with(3, '{"kind":'));
    await expect(openRegister()).rejects.toMatchObject({ explanation: expect.stringContaining(`${NOVEMBER}, line 4`) });
    await writeLines(folder, lines);
    await openRegister();
  });

  it('refuses to open a month whose key is gone, for it would deliver repeats a second time', async () => {
    await openRegister();
    await playLife(register, 'K1');
    await register.close();
    const path = join(folder, 'sleutels-2026-11.json');
    const key = await readFile(path);
    await rm(path);
    await expect(openRegister()).rejects.toMatchObject({ code: 'ERR_REGISTER_CORRUPT' });
    await writeFile(path, key.subarray(0, 20));
    await expect(openRegister()).rejects.toMatchObject({ code: 'ERR_REGISTER_CORRUPT' });
    await writeFile(path, key);
    await openRegister();
  });

  it('refuses to open a log of another environment', async () => {
    await openRegister();
    await register.close();
    await expect(openRegister({ environment: 'productie' })).rejects.toMatchObject({
      code: 'ERR_REGISTER_ENVIRONMENT',
    });
  });

  it('belongs to one process at a time', async () => {
    await openRegister();
    await expect(openFileRegister({ folder, clock, ...base })).rejects.toMatchObject({ code: 'ERR_FOLDER_LOCKED' });
  });

  it('tells how far it has read', async () => {
    await openRegister();
    await Promise.all(
      Array.from({ length: 10_000 }, () => register.record({ kind: 'started', at: NOW, software: 'x' })),
    );
    await register.close();
    const told: number[] = [];
    await openRegister({ onProgress: (records) => told.push(records) });
    expect(told).toEqual([10_000]);
  });

  it('forgets in memory what ended long ago and was taken, and nothing else', async () => {
    await openRegister();
    const taken = await playLife(register, 'K1');
    const waiting = someFacts();
    const steps = transitionsOf(waiting);
    for (const step of [steps.received, steps.accepted, steps.ended('expired')]) await register.record(step);
    await register.close();
    clock.moveTo(NOW + HOUR + 30 * 24 * HOUR);
    await openRegister();
    expect(register.find(taken)).toBeDefined();
    await register.close();
    clock.moveTo(clock.now() + 1);
    await openRegister();
    expect(register.find(taken)).toBeUndefined();
    expect(register.find(waiting.messageId)).toBeDefined();
    expect(register.pendingNotices(SENDER)).toHaveLength(1);
  });

  describe('on a disk that fails', () => {
    it.each([
      ['write', 'ENOSPC'],
      ['sync', 'EIO'],
    ] as const)(
      'records nothing of a batch whose %s fails with %s, and goes on when it works again',
      async (call, code) => {
        const disk = faultyDisk();
        await openRegister({ operations: disk.operations });
        const kept = someFacts();
        await register.record(transitionsOf(kept).received);
        disk.fail(call, code);
        const lost = Array.from({ length: 5 }, () => someFacts());
        const outcomes = await Promise.allSettled([
          ...lost.map((facts) => register.record(transitionsOf(facts).received)),
          register.record(transitionsOf(kept).accepted),
        ]);
        for (const outcome of outcomes) {
          expect(outcome).toMatchObject({
            status: 'rejected',
            reason: { name: 'RegisterFault', code: 'ERR_REGISTER_WRITE' },
          });
        }
        expect(register.isHealthy()).toBe(false);
        expect(register.open().map(({ state }) => state)).toEqual(['received']);
        expect(await register.record(transitionsOf(kept).accepted)).toMatchObject({ outcome: 'recorded' });
        expect(register.isHealthy()).toBe(true);
        await register.close();
        await openRegister();
        expect(register.open().map(({ facts }) => facts.messageId)).toEqual([kept.messageId]);
        await register.close();
        expect(await verifyAuditFolder(folder, { rootsPem })).toMatchObject({ ok: true, unsigned: 0 });
      },
    );

    it('answers a racing repeat only once it is known whether the first was recorded', async () => {
      const disk = faultyDisk();
      await openRegister({ operations: disk.operations });
      disk.fail('sync', 'EIO');
      const repeat = (): ReturnType<Register['record']> =>
        register.record(transitionsOf(someFacts(), someKey('K1')).received);
      const [first, second, third] = await Promise.allSettled([repeat(), repeat(), repeat()]);
      expect(first).toMatchObject({ status: 'rejected' });
      expect(second).toMatchObject({ value: { outcome: 'recorded' } });
      expect(third).toMatchObject({ value: { outcome: 'duplicate' } });
    });

    it('finds out by itself that a disk takes writes again, also after it could not even be cut back', async () => {
      const disk = faultyDisk();
      await openRegister({ operations: disk.operations });
      await playLife(register, 'K1');
      disk.fail('sync', 'EIO', Infinity);
      disk.fail('truncate', 'EIO', Infinity);
      const lost = someFacts();
      await expect(register.record(transitionsOf(lost).received)).rejects.toMatchObject({ name: 'RegisterFault' });
      clock.moveTo(clock.now() + 5_000);
      await expect(register.record(transitionsOf(lost).received)).rejects.toMatchObject({ name: 'RegisterFault' });
      expect(register.isHealthy()).toBe(false);
      disk.mend();
      await eventually(() => {
        clock.moveTo(clock.now() + 5_000);
        return register.isHealthy();
      });
      await playLife(register, 'K2');
      await register.close();
      expect(await verifyAuditFolder(folder, { rootsPem })).toMatchObject({ ok: true, unsigned: 0 });
      await openRegister();
      expect(register.find(lost.messageId)).toBeUndefined();
    });

    it('takes nothing for a month whose key can’t be kept, and leaves the month before as it was', async () => {
      await openRegister();
      await playLife(register, 'K1');
      // Nothing can be renamed onto a folder.
      await mkdir(join(folder, 'sleutels-2026-12.json', 'x'), { recursive: true });
      clock.moveTo(Date.parse('2026-12-01T00:00:00.000Z'));
      await expect(register.record(transitionsOf(someFacts()).received)).rejects.toMatchObject({
        name: 'RegisterFault',
      });
      expect(register.isHealthy()).toBe(false);
      await rm(join(folder, 'sleutels-2026-12.json'), { recursive: true });
      await playLife(register, 'K2');
      await register.close();
      expect(await verifyAuditFolder(folder, { rootsPem })).toMatchObject({ ok: true, segments: 2 });
    });
  });
});
