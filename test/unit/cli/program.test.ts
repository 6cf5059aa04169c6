import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import type { Command } from 'commander';
import { CommandFault } from '../../../cli/fault.ts';
import { createOutput } from '../../../cli/output.ts';
import { createProgram } from '../../../cli/program.ts';
import { toUsageSentence } from '../../../cli/usage.ts';

let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-program-'));
  writeFileSync(join(folder, 'bericht.json'), '{}');
  writeFileSync(join(folder, 'geen.pem'), 'geen pem');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly out: string;
  readonly errors: string;
  readonly code: number | undefined;
  readonly sentence: string | undefined;
}

function open(): {
  readonly program: Command;
  readonly ran: { out: string; errors: string; code: number | undefined };
} {
  const ran: { out: string; errors: string; code: number | undefined } = { out: '', errors: '', code: undefined };
  const output = createOutput(
    { colours: false, write: (text) => (ran.out += text) },
    { colours: false, write: (text) => (ran.errors += text) },
  );
  const program = createProgram({
    output,
    root: '.',
    signal: new AbortController().signal,
    onReload: () => undefined,
    now: () => Date.UTC(2026, 10, 25),
    exit: (code) => (ran.code = code),
  });
  return { program, ran };
}

async function run(...args: string[]): Promise<Ran> {
  const { program, ran } = open();
  try {
    await program.parseAsync(args, { from: 'user' });
    return { ...ran, sentence: undefined };
  } catch (error) {
    if (error instanceof CommanderError) return { ...ran, sentence: toUsageSentence(error, { program, args }) };
    if (error instanceof CommandFault) return { ...ran, sentence: error.message };
    throw error;
  }
}

const commandsOf = (command: Command): Command[] => [command, ...command.commands.flatMap(commandsOf)];
const pathOf = (command: Command): string[] =>
  command.parent === null ? [] : [...pathOf(command.parent), command.name()];

describe('every command', () => {
  const commands = commandsOf(open().program).map((command) => [pathOf(command).join(' '), command] as const);

  it('is there', () => {
    expect(commands.map(([path]) => path)).toEqual([
      '',
      'serve',
      'send',
      'receive',
      'route',
      'receipt',
      'receipt verify',
      'audit',
      'audit verify',
      'audit show',
      'report',
      'rules',
      'rules check',
      'rules diff',
      'rules sign',
      'rules load',
      'rules import',
      'schemas',
      'schemas import',
      'certs',
      'certs issue',
      'certs revoke',
    ]);
  });

  it.each(commands)('%s explains itself in Dutch', async (path) => {
    const { out, errors } = await run(...path.split(' ').filter(Boolean), '--help');
    expect(out).toContain(`Gebruik: ${['doorgeefluik', path].join(' ').trim()}`);
    expect(out).toContain('--help');
    expect(out).not.toMatch(/\b(Usage|Options|Commands|Arguments|display help|default:)/);
    expect(errors).toBe('');
  });

  it.each(commands.filter(([, command]) => command.commands.length === 0))('%s gives an example', async (path) => {
    const { out } = await run(...path.split(' '), '--help');
    expect(out).toMatch(new RegExp(`Voorbeeld(en)?:\\n  doorgeefluik ${path}`));
  });

  it.each(commands.filter(([, command]) => command.commands.length === 0))(
    '%s refuses an option it does not have',
    async (path) => {
      const { sentence } = await run(...path.split(' '), '--bestaat-niet');
      // A required option that lacks is told first.
      expect(sentence).toMatch(
        /^De optie (--bestaat-niet bestaat niet|--\S+ <\S+> is verplicht): zie doorgeefluik [a-z ]+ --help\.$/,
      );
    },
  );
});

describe('mistakes of use', () => {
  const URL = ['--url', 'https://localhost:1'];
  it.each<[string[], string]>([
    [['weg'], 'De opdracht weg bestaat niet: zie doorgeefluik --help.'],
    [['send', ...URL], 'Het argument <bestand> ontbreekt: zie doorgeefluik send --help.'],
    [['send', 'x'], 'De optie --url <url> is verplicht: zie doorgeefluik send --help.'],
    [['send', 'x', '--url'], 'De optie --url <url> heeft een waarde nodig: zie doorgeefluik send --help.'],
    [['send', 'x', 'y', ...URL], 'Er zijn te veel argumenten: zie doorgeefluik send --help.'],
    [
      ['send', 'x', ...URL, '--wait', '-1'],
      'De waarde van --wait <seconden> is ongeldig: geef een geheel getal van 0 tot en met 86400.',
    ],
    [
      ['send', 'x', ...URL, '--form', 'los'],
      'De waarde van --form <vorm> is ongeldig: kies uit losstaand, ingesloten.',
    ],
    [
      ['send', 'x', ...URL, '--oin', '1'],
      'De waarde van --oin <oin> is ongeldig: een OIN heeft 20 cijfers en een bekend begin.',
    ],
    [
      ['send', '/bestaat/niet', ...URL],
      'Het bericht /bestaat/niet is niet te lezen: het bestaat niet; controleer het pad.',
    ],
    [['receive'], 'Kies één van beide: --pull om op te halen of --listen <poort> om te laten bezorgen.'],
    [
      ['receive', '--pull', '--listen', '1'],
      'Kies één van beide: --pull om op te halen of --listen <poort> om te laten bezorgen.',
    ],
    [
      ['receive', '--listen', '65536'],
      'De waarde van --listen <poort> is ongeldig: geef een geheel getal van 0 tot en met 65535.',
    ],
    [
      ['route', '--type', 'x', ...URL],
      'Noem de ontvanger op precies één manier: --oin, --gemeentecode of --instantiecode.',
    ],
    [
      ['route', '--type', 'x', '--oin', '1', '--gemeentecode', '2', ...URL],
      'Noem de ontvanger op precies één manier: --oin, --gemeentecode of --instantiecode.',
    ],
    [
      ['audit', 'show', '.', '--van', '2026-13-01'],
      'De waarde van --van <tijd> is ongeldig: geef een dag als 2026-11-23 of een tijdstip als 2026-11-23T10:15:30Z.',
    ],
    [
      ['audit', 'show', '.', '--bericht', 'X'],
      'De waarde van --bericht <id> is ongeldig: een Bericht-Id is een UUID in kleine letters.',
    ],
    [
      ['audit', 'verify', '/bestaat/niet'],
      'De map /bestaat/niet is niet te lezen: het bestaat niet; controleer het pad.',
    ],
    [
      ['rules', 'check', '/bestaat/niet'],
      'De map /bestaat/niet is niet te lezen: het bestaat niet; controleer het pad.',
    ],
    [
      ['certs', 'issue', '--name', 'A', '--oin', '1'],
      'De waarde van --name <naam> is ongeldig: geef kleine letters, cijfers en streepjes.',
    ],
  ])('%j', async (args, expected) => {
    const { out, errors, sentence } = await run(...args);
    expect(sentence).toBe(expected);
    expect([out, errors]).toEqual(['', '']);
  });

  it('are told when certificates are missing or unusable', async () => {
    const send = ['send', join(folder, 'bericht.json'), '--url', 'https://localhost:1'];
    const pem = join(folder, 'geen.pem');
    const sentences = [
      await run(...send),
      await run(...send, '--sign-cert', pem),
      await run(...send, '--sign-cert', pem, '--sign-key', pem),
      await run(...send, '--profile', folder),
    ].map(({ sentence }) => sentence);
    expect(sentences).toEqual([
      '--sign-cert en --sign-key ontbreekt: geef het op, of geef met --profile een map met alle certificaten.',
      '--sign-cert en --sign-key horen bij elkaar: geef beide of geen van beide.',
      `Het ondertekencertificaat ${pem} is geen PEM: geef een bestand met -----BEGIN …-----.`,
      `Het ondertekencertificaat ${join(folder, 'signing.pem')} is niet te lezen: het bestaat niet; controleer het pad.`,
    ]);
  });

  it('show the help of a command that has only commands', async () => {
    const { errors, sentence } = await run('receipt');
    expect(errors).toContain('Gebruik: doorgeefluik receipt');
    expect(sentence).toBeUndefined();
  });
});

describe('commands without a gateway', () => {
  it('check rules', async () => {
    const good = await run('rules', 'check', 'routing-rules');
    const counts = ['deelnemers', 'aansluitpunten', 'berichttypen'].map((name) => {
      const rows = readFileSync(`routing-rules/${name}.yaml`, 'utf8').match(/^ {2}- /gm) ?? [];
      return `${String(rows.length)} ${name}`;
    });
    expect([good.code, good.out.split('\n')[0]]).toEqual([0, `✓ De regels kloppen: ${counts.join(', ')}`]);
    const bad = await run('rules', 'check', folder, '--json');
    expect([bad.code, (JSON.parse(bad.out) as { geldig: boolean }).geldig]).toEqual([1, false]);
  });

  it('make certificates once, and more under them', async () => {
    const out = join(folder, 'certificaten');
    const first = await run('certs', '--out', out, '--json');
    const second = await run('certs', '--out', out);
    const issued = await run('certs', 'issue', '--out', out, '--name', 'nieuw', '--oin', '00000099000000002000');
    expect(JSON.parse(first.out)).toMatchObject({ map: out, gewijzigd: true });
    expect(second.out).toBe(`${out}: geldig, niets gewijzigd (--force maakt alles opnieuw)\n`);
    expect(issued.out).toBe(`${join(out, 'nieuw')}: tls en signing (OIN 00000099000000002000)\n`);
    expect([first.code, second.code, issued.code]).toEqual([0, 0, 0]);
  });

  it('say that a folder holds no audit log', async () => {
    const sentence = `In ${folder} staat geen auditlog: geef de map van het register.`;
    expect(await run('audit', 'verify', folder)).toMatchObject({ out: '', sentence });
    expect(await run('audit', 'show', folder)).toMatchObject({ out: '', sentence });
  });

  it('show the same help by any name, and name the command in a mistake', async () => {
    const asked = await run('audit', 'show', '--help');
    expect((await run('audit', 'show', '-h')).out).toBe(asked.out);
    expect((await run('audit', 'help', 'show')).out).toBe(asked.out);
    expect((await run('help', 'audit')).out).toContain('Gebruik: doorgeefluik audit');
    expect((await run('audit', 'weg')).sentence).toBe('De opdracht weg bestaat niet: zie doorgeefluik audit --help.');
  });

  it('say of a configuration that is none only what is wrong first', async () => {
    const path = join(folder, 'geen.yaml');
    const advice = 'geef het YAML-bestand van het doorgeefluik.';
    writeFileSync(path, 'a: [b: {\n');
    expect((await run('serve', '--config', path)).sentence).toBe(`${path}: regel 2: geen geldige YAML: ${advice}`);
    writeFileSync(path, 'hallo\n');
    expect((await run('serve', '--config', path)).sentence).toBe(`${path} is geen configuratie: ${advice}`);
    expect((await run('serve', '--config', '/bestaat/niet')).sentence).toBe(
      'De configuratie /bestaat/niet is niet te lezen: het bestaat niet; controleer het pad.',
    );
  });
});
