import { createHash } from 'node:crypto';
import { cp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openFileRegister } from '../../adapters/register-file/index.ts';
import { GATEWAY } from '../../certs-dev/participants.ts';
import { showAuditLog } from '../../cli/audit/show-audit-log.ts';
import { verifyAuditFolder } from '../../cli/audit/verify-audit-log.ts';
import type { AuditVerdict } from '../../cli/audit/verify-audit-log.ts';
import type { MessageId } from '../../gateway/domain/message.ts';
import {
  base,
  DECEMBER,
  linesOf,
  newFolder,
  NOVEMBER,
  OCTOBER,
  pki,
  playLife,
  playTerm,
  rootsPem,
  writeLines,
} from '../support/audit-folder.ts';
import { createTestPki } from '../support/pki.ts';
import { createTestClock, HOUR, NOW, SENDER, someSigner } from '../support/register.ts';

describe('the independent verification of the audit log', () => {
  let original: string;
  let folder: string;
  let first: MessageId;

  beforeAll(async () => {
    original = await newFolder();
    const clock = createTestClock(Date.parse('2026-10-31T22:00:00.000Z'));
    const register = await openFileRegister({ folder: original, clock, ...base });
    first = await playLife(register, 'K1');
    clock.moveTo(NOW);
    await playLife(register, 'K2');
    clock.moveTo(Date.parse('2026-12-01T12:00:00.000Z'));
    await playLife(register, 'K3');
    await register.close();
  });
  afterAll(() => rm(original, { recursive: true }));
  beforeEach(async () => {
    folder = await newFolder();
    await cp(original, folder, { recursive: true });
  });
  afterEach(() => rm(folder, { recursive: true }));

  const verify = (): Promise<AuditVerdict> => verifyAuditFolder(folder, { rootsPem, oin: GATEWAY.oin });
  const seqOf = (line: string | undefined): number => (JSON.parse(line ?? '') as { readonly seq: number }).seq;

  it('accepts the log as it was written', async () => {
    const last = (await linesOf(folder, DECEMBER)).at(-1) ?? '';
    expect(await verify()).toEqual({
      ok: true,
      records: seqOf(last),
      segments: 3,
      head: createHash('sha256').update(last).digest('hex'),
      firstSeq: 1,
      unsigned: 0,
      signers: [GATEWAY.oin],
    });
  });

  it('names the record in which any one byte was changed', async () => {
    const good = await readFile(join(folder, NOVEMBER));
    let line = 1;
    for (let place = 0; place < good.length; place += 1) {
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(place) ^ 0x02, place);
      if (place % 13 === 0 || good.readUInt8(place) === 0x0a) {
        await writeFile(join(folder, NOVEMBER), bad);
        expect([place, await verify()]).toEqual([
          place,
          expect.objectContaining({ ok: false, segment: NOVEMBER, line }),
        ]);
      }
      if (good.readUInt8(place) === 0x0a) line += 1;
    }
  }, 120_000);

  it('names the record also when it is the last of the log', async () => {
    const good = await readFile(join(folder, DECEMBER));
    const lines = await linesOf(folder, DECEMBER);
    const begin = good.length - Buffer.byteLength(lines.at(-1) ?? '') - 1;
    for (let place = begin; place < good.length; place += 11) {
      const bad = Buffer.from(good);
      bad.writeUInt8(bad.readUInt8(place) ^ 0x01, place);
      await writeFile(join(folder, DECEMBER), bad);
      expect([place, await verify()]).toEqual([
        place,
        expect.objectContaining({ ok: false, segment: DECEMBER, line: lines.length }),
      ]);
    }
  });

  it('names where a line was taken out, doubled, moved or put in', async () => {
    const lines = await linesOf(folder);
    const [line = '', next = ''] = lines.slice(4);
    const changes = [
      lines.toSpliced(4, 1),
      lines.toSpliced(4, 0, line),
      lines.with(4, next).with(5, line),
      lines.toSpliced(4, 0, line.replace(/"seq":\d+/, `"seq":${String(seqOf(line))}`)),
    ];
    for (const changed of changes) {
      await writeLines(folder, changed);
      const verdict = await verify();
      expect(verdict).toMatchObject({ ok: false, segment: NOVEMBER });
      expect(verdict).toHaveProperty('line', changed === changes[1] || changed === changes[3] ? 6 : 5);
      expect(verdict).toHaveProperty('problem', expect.stringContaining('aan de beurt'));
    }
  });

  it('sees a month that is missing in the middle', async () => {
    await rm(join(folder, NOVEMBER));
    expect(await verify()).toMatchObject({ ok: false, segment: DECEMBER, line: 1 });
  });

  it('sees lines cut off before a later segment, and a last line that is not whole', async () => {
    await writeLines(folder, (await linesOf(folder)).slice(0, -3));
    expect(await verify()).toMatchObject({ ok: false, segment: DECEMBER, line: 1 });
    await cp(original, folder, { recursive: true });
    await truncate(join(folder, DECEMBER), (await stat(join(folder, DECEMBER))).size - 1);
    expect(await verify()).toMatchObject({ ok: false, segment: DECEMBER, problem: 'de laatste regel is niet af' });
  });

  it('says how many records stand unsigned at the end', async () => {
    const lines = await linesOf(folder, DECEMBER);
    const kinds = lines.map((line) => (JSON.parse(line) as { readonly kind: string }).kind);
    const cut = kinds.slice(0, -1).lastIndexOf('checkpoint') + 3;
    await writeLines(folder, lines.slice(0, cut), DECEMBER);
    expect(await verify()).toMatchObject({ ok: true, unsigned: 2 });
  });

  it('accepts a log whose oldest months were purged, and says where it begins', async () => {
    await rm(join(folder, OCTOBER));
    await rm(join(folder, 'sleutels-2026-10.json'));
    expect(await verify()).toMatchObject({ ok: true, segments: 2, firstSeq: seqOf((await linesOf(folder))[0]) });
    const register = await openFileRegister({ folder, clock: createTestClock(), ...base });
    expect(await playLife(register, 'K4')).toBeDefined();
    await register.close();
    expect(await verify()).toMatchObject({ ok: true });
  });

  it('refuses a log that begins in the middle of a month', async () => {
    await rm(join(folder, OCTOBER));
    await writeLines(folder, (await linesOf(folder)).slice(2));
    expect(await verify()).toMatchObject({ ok: false, segment: NOVEMBER, line: 1 });
  });

  it('refuses a log that was written anew from some record on and signed by another', async () => {
    const other = createTestPki(new Date(NOW));
    const forged = await newFolder();
    const clock = createTestClock();
    const register = await openFileRegister({ folder: forged, clock, ...base, checkpointSigner: someSigner(other) });
    await playLife(register, 'K1');
    await register.close();
    expect(await verifyAuditFolder(forged)).toMatchObject({ ok: true });
    expect(await verifyAuditFolder(forged, { rootsPem })).toMatchObject({
      ok: false,
      line: 1,
      seq: 1,
      problem: expect.stringContaining('stamcertificaat'),
    });
    await rm(forged, { recursive: true });
  });

  it('refuses checkpoints by a participant, whose certificate is under the same root', async () => {
    const { signing } = pki.participant('rvdk');
    const forged = await newFolder();
    const checkpointSigner = someSigner({ ...pki, gateway: { ...pki.gateway, checkpoint: signing } });
    const register = await openFileRegister({ folder: forged, clock: createTestClock(), ...base, checkpointSigner });
    await register.close();
    expect(await verifyAuditFolder(forged, { rootsPem })).toMatchObject({ ok: true });
    expect(await verifyAuditFolder(forged, { rootsPem, oin: GATEWAY.oin })).toMatchObject({
      ok: false,
      line: 1,
      problem: expect.stringContaining('een ander'),
    });
    await rm(forged, { recursive: true });
  });

  it('finds no log in an empty folder', async () => {
    const empty = await newFolder();
    expect(await verifyAuditFolder(empty)).toMatchObject({ ok: false, problem: 'er is geen auditlog in deze map' });
    await rm(empty, { recursive: true });
  });

  it('shows the records of one bericht in Dutch, or of a period', async () => {
    const lines: string[] = [];
    const count = await showAuditLog(folder, { messageId: first }, (line) => lines.push(line));
    expect(count).toBe(9);
    const words = [
      'ontvangen',
      'geaccepteerd',
      'herhaling bevestigd',
      'aangeboden',
      'niet gelukt',
      'aangeboden',
      'geëindigd',
      'te laat',
      'eindbericht opgehaald',
    ];
    for (const [index, word] of words.entries()) expect(lines[index]).toContain(`  ${word}`);
    expect(lines[0]).toContain(`vtoDi01 1.0.9 van ${SENDER} (GEMEENTE) aan`);
    expect(lines[6]).toContain('afgeleverd, reden NIET_VOOR_ONS, bewijs getekend');
    const of = (from: number, until: number): Promise<number> => showAuditLog(folder, { from, until }, () => undefined);
    expect(await of(NOW + 1, NOW + 2)).toBe(3);
    expect(await of(0, NOW - 30 * 24 * HOUR)).toBe(0);
  });

  it('shows what a term came to', async () => {
    const noted = await newFolder();
    const register = await openFileRegister({ folder: noted, clock: createTestClock(), ...base });
    const messageId = await playTerm(register, 'K1');
    await register.close();
    const lines: string[] = [];
    expect(await showAuditLog(noted, { messageId }, (line) => lines.push(line))).toBe(6);
    expect(lines[3]).toMatch(/ {2}antwoordtermijn .*herinnering/);
    expect(lines[4]).toMatch(/ {2}antwoordtermijn .*verstreken/);
    expect(lines[5]).toContain('  termijnbericht opgehaald');
    await rm(noted, { recursive: true });
  });

  it('shows a line that can’t be read as unreadable', async () => {
    await writeLines(folder, (await linesOf(folder)).with(1, '\u001b[2Jx'));
    const lines: string[] = [];
    await showAuditLog(folder, {}, (line) => lines.push(line));
    expect(lines).toContain(`${NOVEMBER}, regel 2: onleesbaar`);
    expect(lines.join('')).not.toContain('\u001b');
  });
});
