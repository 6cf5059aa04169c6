import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { STEPS } from '../../cli/demo/scenario.ts';
import { runCli, startCli } from '../support/cli-process.ts';
import type { CliResult } from '../support/cli-process.ts';
import { until } from '../support/http-party.ts';

const CANARY = 'Kanarie <&"\\ 4711';
const LAST_LINES = ['geweigerd: 3 (zoals bedoeld), herhaling: 1', 'demo: 10 verstuurd, 10 afgeleverd, 0 verloren'];

let base = '';
let once: CliResult;
const folder = (): string => join(base, 'eens');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'doorgeefluik-demo-'));
  once = await startCli('demo/main.js', ['--once', '--folder', folder(), '--canary', CANARY]).ends();
});
afterAll(() => {
  rmSync(base, { recursive: true, force: true });
});

const isRefused = (url: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('error', () => {
      resolve(true);
    });
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
  });
const lastLines = (out: string, count: number): string[] => out.trimEnd().split('\n').slice(-count);
const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true, encoding: 'utf8' })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

describe('the demonstration', () => {
  it('sends its steps, loses none, and says so in its last lines', () => {
    expect([once.code, once.errors]).toEqual([0, '']);
    expect(lastLines(once.out, 2)).toEqual(LAST_LINES);
    expect(once.out).not.toContain('✗');
    for (const { example } of STEPS) expect(once.out).toContain(`${String(example.split('/')[0])}:`);
    expect(once.out).toContain('getekend door de ontvanger');
    expect(once.out).toContain('opgehaald');
    expect(once.out).toContain('✓ zoals bedoeld geweigerd  door het doorgeefluik: ERR_ROUTE_NONE');
    // No terminal: 80 columns. A path can't be broken.
    const wide = once.out.split('\n').filter((line) => line.length > 80 && !line.includes(base));
    expect(wide).toEqual([]);
  });

  it('leaves no payload on the disk', () => {
    const files = filesIn(folder());
    expect(files.some((path) => path.includes('audit-'))).toBe(true);
    for (const path of files) expect([path, readFileSync(path).includes('Kanarie')]).toEqual([path, false]);
  });

  it('leaves receipts that verify', async () => {
    const receipts = readdirSync(join(folder(), 'bevestigingen')).map((name) => join(folder(), 'bevestigingen', name));
    expect(receipts).toHaveLength(24);
    const root = join(folder(), 'certificaten', 'ca', 'root.pem');
    expect(await runCli('receipt', 'verify', ...receipts, '--root', root)).toMatchObject({ code: 0, errors: '' });
  });

  it('goes on until Ctrl-C, takes berichten meanwhile, and then stops everything', async () => {
    const demo = startCli('demo/main.js', ['--folder', join(base, 'blijvend')]);
    const shown = await demo.says(/ {2}node dist\/cli\/main\.js (send [^]+?)\n\n/);
    const command = shown.replace(/\\\n\s+/g, '');
    await demo.says(/audit verify/);
    const sent = await runCli(...command.trim().split(' '));
    expect([sent.code, sent.errors]).toEqual([0, '']);
    const url = /--url (\S+)/.exec(command)?.[1] ?? '';
    const ended = await demo.ends('SIGINT');
    expect([ended.code, ended.errors]).toEqual([0, 'demo: gestopt\n']);
    const after = await runCli('send', ...command.trim().split(' ').slice(1));
    expect([after.code, after.errors]).toEqual([2, expect.stringContaining(`Geen antwoord van ${url} (ECONNREFUSED)`)]);
  });

  it('leaves no gateway behind when it is killed', async () => {
    const demo = startCli('demo/main.js', ['--folder', join(base, 'gedood')]);
    const url = await demo.says(/(https:\/\/localhost:\d+)/);
    process.kill(demo.pid, 'SIGKILL');
    await until(() => isRefused(url), 60_000, 'the gateway gone');
  });

  it('keeps its hands off a folder that is not its own', async () => {
    const { code, out, errors } = await startCli('demo/main.js', ['--once', '--folder', '.']).ends();
    expect([code, out.split('\n')[0], errors.split('\n')]).toEqual([
      2,
      'Doorgeefluik: demo',
      [expect.stringContaining('is niet leeg en niet van een demo'), ''],
    ]);
  });

  it('explains itself, and what it does not know', async () => {
    const help = await startCli('demo/main.js', ['--help']).ends();
    expect([help.code, help.out]).toEqual([0, expect.stringContaining('--once')]);
    const wrong = await startCli('demo/main.js', ['--eens']).ends();
    expect([wrong.code, wrong.out]).toEqual([2, '']);
    expect(wrong.errors).toBe('demo: Deze optie bestaat niet of mist haar waarde: zie npm run demo -- --help.\n');
  });
});
