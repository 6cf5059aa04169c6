import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { prepareFolder, writeConfig, writeRules } from '../../cli/demo/folder.ts';
import type { DemoFolder } from '../../cli/demo/folder.ts';
import { runCli, startCli } from '../support/cli-process.ts';
import type { CliResult, RunningCli } from '../support/cli-process.ts';

const EXAMPLES = 'schemas/berichten';
const VTO = `${EXAMPLES}/vtoDi01/1.0.9/voorbeelden/geldig/minimaal.xml`;
const OPDRACHT = `${EXAMPLES}/opdrachtTb/1.0/voorbeelden/geldig/opdracht`;

let base = '';
let folder: DemoFolder;
let url = '';
let root = '';
let rvdk: RunningCli;
let gi: RunningCli;
let gateway: RunningCli;
const profile = (name: string): string => join(folder.certificates, name);
const as = (name: string): string[] => ['--url', url, '--profile', profile(name)];
const temporary = (name: string): string => join(base, name);

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'doorgeefluik-cli-'));
  folder = prepareFolder(join(base, 'stand'), Date.now());
  root = join(folder.certificates, 'ca', 'root.pem');
  rvdk = startCli('main.js', ['receive', '--listen', '0', '--profile', profile('rvdk'), '--out', temporary('rvdk')]);
  const unwilling = [
    '--listen',
    '0',
    '--profile',
    profile('gi-jeugdbescherming-gelderland'),
    '--refuse',
    'ZAAK_ONBEKEND',
  ];
  gi = startCli('main.js', ['receive', ...unwilling, '--json']);
  const listening = /(https:\/\/127\.0\.0\.1:\d+)/;
  writeRules(
    'routing-rules',
    folder,
    new Map([
      ['rvdk-verzoeken', `${await rvdk.says(listening)}/berichten`],
      ['gi-gelderland', `${await gi.says(listening)}/berichten`],
    ]),
  );
  writeConfig(folder, undefined);
  gateway = startCli('main.js', ['serve', '--config', folder.config]);
  url = `https://localhost:${await gateway.says(/luistert op poort (\d+)/)}`;
});
afterAll(async () => {
  await Promise.all([rvdk, gi, gateway].map((process) => process.ends('SIGTERM')));
  rmSync(base, { recursive: true, force: true });
});

const linesOf = ({ errors }: CliResult): string[] => errors.split('\n').filter((line) => line !== '');

describe('a reader that stops early', () => {
  it('ends a command quietly', () => {
    const show = `"${process.execPath}" dist/cli/main.js audit show "${folder.register}" | true`;
    const { status, stderr } = spawnSync('sh', ['-c', show], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    expect([status, stderr]).toEqual([0, '']);
  });
});

describe('a bericht sent from the command line', () => {
  it('is delivered, and its receipts verify offline with the bericht as it was sent', async () => {
    const [sent, receipt, end] = ['verstuurd.xml', 'ontvangst.jws', 'eind.jws'].map(temporary) as [
      string,
      string,
      string,
    ];
    const keeping = ['--sent-out', sent, '--receipt-out', receipt, '--end-out', end];
    const send = await runCli(
      'send',
      VTO,
      '--fresh',
      ...as('gemeente-arnhem'),
      '--oin',
      '00000004000000002000',
      ...keeping,
    );
    expect(send.errors).toBe('');
    expect(send.out).toContain('✓ Eindbericht: afgeleverd');
    expect(send.out).not.toContain('✗');
    expect(send.code).toBe(0);
    const id = /Bericht-Id\s+(\S+)/.exec(send.out)?.[1] ?? '';
    expect(readFileSync(temporary(`rvdk/${id}.xml`))).toEqual(readFileSync(sent));
    const verify = await runCli('receipt', 'verify', receipt, end, '--root', root, '--bericht', sent);
    expect(verify).toMatchObject({ code: 0, errors: '' });
    const changed = temporary('anders.xml');
    writeFileSync(changed, readFileSync(sent, 'utf8').replace('Felicia', 'Felicitas'));
    const refused = await runCli('receipt', 'verify', receipt, end, '--root', root, '--bericht', changed, '--json');
    expect([refused.code, (JSON.parse(refused.out) as { geldig: boolean }).geldig]).toEqual([1, false]);
  });

  it('twice is a repeat, delivered once', async () => {
    const kept = temporary('eens.xml');
    const before = readdirSync(temporary('rvdk')).length;
    const first = await runCli('send', VTO, '--fresh', '--sent-out', kept, ...as('gemeente-arnhem'), '--json');
    const second = await runCli('send', kept, ...as('gemeente-arnhem'), '--json');
    const [one, two] = [first, second].map(({ out }) => JSON.parse(out) as Record<string, unknown>);
    expect([one?.['herhaling'], two?.['herhaling']]).toEqual([false, true]);
    expect(two?.['berichtId']).toBe(one?.['berichtId']);
    expect([first.code, second.code]).toEqual([0, 0]);
    expect(readdirSync(temporary('rvdk'))).toHaveLength(before + 1);
  });

  it('in a case the recipient does not know ends refused, in either form of the bericht', async () => {
    const json = await runCli('send', `${OPDRACHT}.json`, '--fresh', ...as('rvdk'));
    const xml = await runCli('send', `${OPDRACHT}.xml`, '--fresh', ...as('rvdk'), '--json');
    expect([json.code, xml.code]).toEqual([1, 1]);
    expect(json.out).toContain('Eindbericht: geweigerd ZAAK_ONBEKEND');
    expect(JSON.parse(xml.out)).toMatchObject({ toestand: 'geweigerd', reden: 'ZAAK_ONBEKEND', bewijs: null });
    expect(gi.out()).toContain('"code": "ZAAK_ONBEKEND"');
  });

  it('that breaks its schema is not taken, and the answer says where', async () => {
    const sent = await runCli(
      'send',
      `${EXAMPLES}/opdrachtTb/1.0/voorbeelden/ongeldig/vrije-tekst.json`,
      ...as('rvdk'),
    );
    expect([sent.code, sent.errors]).toEqual([1, '']);
    expect(sent.out).toContain('ERR_SCHEMA_INVALID');
    expect(sent.out).toContain('/inhoud/*: onbekend');
  });

  it('waits for a recipient that fetches', async () => {
    const into = temporary('arnhem');
    const receive = startCli('main.js', ['receive', '--pull', ...as('gemeente-arnhem'), '--count', '1', '--out', into]);
    const example = `${EXAMPLES}/notificatieDi01/1.0.9/voorbeelden/geldig/intake-afgerond.xml`;
    const sent = await runCli('send', example, '--fresh', ...as('rvdk'), '--json');
    const received = await receive.ends();
    expect(JSON.parse(sent.out)).toMatchObject({ toestand: 'afgeleverd', bewijs: 'getekend' });
    expect([sent.code, received.code]).toEqual([0, 0]);
    expect(received.out).toContain('✓ ontvangen, ondertekend door OIN 00000002003214436001');
    expect(readdirSync(into)).toEqual([`${(JSON.parse(sent.out) as { berichtId: string }).berichtId}.xml`]);
  });

  it('is still under way when nobody fetches it in time', async () => {
    const example = `${EXAMPLES}/notificatiejrDi01/1.0.9/voorbeelden/geldig/start-toezicht.xml`;
    const sent = await runCli('send', example, '--fresh', ...as('cjib'), '--wait', '0');
    expect(sent.code).toBe(1);
    expect(sent.out).toContain('Nog onderweg');
  });
});

describe('questions from the command line', () => {
  it('say where a bericht would go', async () => {
    const asked = ['route', '--type', 'vtoDi01', '--role', 'RVDK', '--oin', '00000002003214436001'];
    const allowed = await runCli(...asked, ...as('gemeente-arnhem'));
    expect(allowed.out).toContain('Raad voor de Kinderbescherming (OIN 00000002003214436001, RVDK)');
    const denied = await runCli(...asked, ...as('politie'), '--json');
    expect(JSON.parse(denied.out)).toMatchObject({ toegestaan: false, weigering: { code: 'ERR_ROUTE_NONE' } });
    expect([allowed.code, denied.code]).toEqual([0, 1]);
  });

  it('verify and show the audit log while the gateway writes it', async () => {
    const verified = await runCli('audit', 'verify', folder.register, '--root', root, '--json');
    expect(JSON.parse(verified.out)).toMatchObject({ geldig: true, ondertekenaars: ['00000004000000002000'] });
    const shown = await runCli('audit', 'show', folder.register, '--json');
    const kinds = shown.out
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { kind: string }).kind);
    expect(kinds).toEqual(expect.arrayContaining(['started', 'received', 'accepted', 'ended', 'rejected']));
    expect([verified.code, shown.code]).toEqual([0, 0]);
  });
});

describe('what goes wrong', () => {
  const one = (result: CliResult): string => {
    expect(result.out).toBe('');
    expect(linesOf(result)).toHaveLength(1);
    expect(result.errors).not.toMatch(/\bat\s|\.js:|node:|Error:/);
    expect(result.code).toBe(2);
    return linesOf(result)[0] ?? '';
  };

  it('is one sentence without a stack trace', async () => {
    const stranger = temporary('vreemd');
    await runCli('certs', '--out', stranger);
    const port = new URL(url).port;
    const cases: readonly (readonly [string[], RegExp])[] = [
      [['send', VTO, '--url', 'https://localhost:1', '--profile', profile('rvdk')], /daar luistert niets/],
      [['send', VTO, '--url', `http://localhost:${port}`, '--profile', profile('rvdk')], /https:\/\/naam:poort/],
      [['send', VTO, '--url', url, '--profile', join(stranger, 'rvdk')], /niet uitgegeven onder de root van --ca/],
      [['send', VTO, '--url', url, '--profile', join(stranger, 'rvdk'), '--ca', root], /TLS-certificaat|verbinding/],
      [
        [
          'send',
          VTO,
          ...as('rvdk'),
          '--sign-cert',
          join(profile('cjib'), 'signing.pem'),
          '--sign-key',
          join(profile('rvdk'), 'signing.key'),
        ],
        /ondertekensleutel/,
      ],
      [['send', VTO, ...as('rvdk'), '--tls-key', join(profile('cjib'), 'tls.key')], /TLS-certificaat en sleutel/],
      [['send', VTO, ...as('rvdk'), '--form', 'ingesloten'], /losstaand/],
      [['send', 'LICENSE', ...as('rvdk')], /geen bericht/],
      [['receive', '--listen', port, '--profile', profile('rvdk')], /kies een andere/],
      [['receive', '--pull', '--url', 'https://localhost:1', '--profile', profile('rvdk')], /daar luistert niets/],
      [['serve', '--config', '/bestaat/niet'], /configuratie/],
      [['serve', '--config', 'package.json'], /package\.json/],
      [['receipt', 'verify', VTO, '--root', root], /geen bevestiging/],
      [['receipt', 'verify', VTO, '--root', VTO], /geen certificaat/],
    ];
    for (const [args, expected] of cases) {
      const result = await runCli(...args);
      const said = { ...result, errors: result.errors.replace(/^Wacht op berichten.*\n/, '') };
      expect(one(said)).toMatch(expected);
    }
  });

  it('is said to a caller the gateway does not know', async () => {
    const made = await runCli(
      'certs',
      'issue',
      '--out',
      folder.certificates,
      '--name',
      'nieuw',
      '--oin',
      '00000099000000002000',
    );
    expect(made.code).toBe(0);
    const sent = await runCli('send', VTO, '--fresh', ...as('nieuw'));
    expect([sent.code, sent.out]).toEqual([1, expect.stringContaining('ERR_PARTICIPANT_UNKNOWN')]);
  });
});

describe('serve', () => {
  it('stops in order when it is asked to', async () => {
    const own = prepareFolder(temporary('eigen'), Date.now());
    mkdirSync(own.rules, { recursive: true });
    writeRules('routing-rules', own, new Map());
    writeConfig(own, undefined);
    const serving = startCli('main.js', ['serve', '--config', own.config]);
    await serving.says(/luistert op poort (\d+)/);
    const ended = await serving.ends('SIGTERM');
    expect(ended.code).toBe(0);
    expect(ended.out).toContain('GatewayStopped');
    expect(existsSync(join(own.register, 'in-use.lock'))).toBe(false);
  });
});
