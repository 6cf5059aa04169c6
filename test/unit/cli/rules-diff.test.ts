import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommandFault } from '../../../cli/fault.ts';
import { createOutput } from '../../../cli/output.ts';
import { createProgram } from '../../../cli/program.ts';

let folder = '';
let fresh = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-diff-'));
  fresh = join(folder, 'nieuw');
  cpSync('routing-rules', fresh, { recursive: true });
  const text = readFileSync(join(fresh, 'verzendmatrix.yaml'), 'utf8');
  const gemeente = '  - { id: vto-anders, berichttype: vtoDi01, afzender: GEMEENTE, ontvanger: RVDK }\n';
  writeFileSync(join(fresh, 'verzendmatrix.yaml'), text.replace('[GEMEENTE, GI, JEUGD', '[GI, JEUGD') + gemeente);
  cpSync('routing-rules', join(folder, 'opmaak'), { recursive: true });
  writeFileSync(
    join(folder, 'opmaak', 'verzendmatrix.yaml'),
    `# anders\n${readFileSync('routing-rules/verzendmatrix.yaml', 'utf8')}`,
  );
  cpSync('routing-rules', join(folder, 'stuk'), { recursive: true });
  writeFileSync(join(folder, 'stuk', 'noodstop.yaml'), 'x: 1\n');
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function diff(...args: string[]): Promise<{ out: string; code: number; sentence: string }> {
  const ran = { out: '', code: -1, sentence: '' };
  const output = createOutput(
    { colours: false, write: (text) => (ran.out += text) },
    { colours: false, write: () => undefined },
  );
  const program = createProgram({
    output,
    root: '.',
    signal: new AbortController().signal,
    onReload: () => undefined,
    now: () => 0,
    exit: (code) => (ran.code = code),
  });
  try {
    await program.parseAsync(['rules', 'diff', ...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    return { ...ran, code: error.exitCode, sentence: error.message };
  }
  return ran;
}

describe('rules diff', () => {
  it('ends with 3 and says what changes', async () => {
    const { out, code } = await diff('routing-rules', fresh);
    expect(code).toBe(3);
    expect(out).toContain('verzendmatrix: 2 verschillen\n  toegevoegd  vto-anders\n  vervallen   vto-gemeente-rvdk\n');
    expect(out).toContain(
      '  gewijzigd   vtoDi01: GEMEENTE → 00000002003214436001 (RVDK)\n    regel: vto-gemeente-rvdk → vto-anders\n',
    );
  });

  it('tells of one party, also as JSON', async () => {
    const arnhem = '00000001001825112000';
    const ran = await diff('routing-rules', fresh, '--deelnemer', arnhem, '--json');
    expect(ran.code).toBe(3);
    expect(JSON.parse(ran.out)).toMatchObject({
      gewijzigd: true,
      verzending: [{ afzender: `${arnhem} GEMEENTE`, wijziging: 'gewijzigd' }],
    });
    const politie = await diff('routing-rules', fresh, '--deelnemer', '00000001816076790000');
    expect(politie.out).toContain('Wie wat aan wie mag sturen verandert niet.');
  });

  it('ends with 0 when nothing changes', async () => {
    expect(await diff('routing-rules', 'routing-rules')).toMatchObject({ code: 0, out: 'De regels zijn gelijk.\n' });
    expect(await diff('routing-rules', join(folder, 'opmaak'))).toMatchObject({
      code: 0,
      out: 'De regels zeggen hetzelfde; alleen de opmaak verschilt.\n',
    });
  });

  it('ends with 2 when it can’t compare', async () => {
    const broken = join(folder, 'stuk');
    expect(await diff('routing-rules', broken)).toMatchObject({
      code: 2,
      sentence: expect.stringMatching(/^De regels in .*stuk kloppen niet \(\d+ keer\): zie doorgeefluik rules check /),
    });
    expect((await diff('routing-rules', join(folder, 'weg'))).sentence).toMatch(/is niet te lezen: het bestaat niet/);
    expect(await diff('routing-rules', fresh, '--deelnemer', '1')).toMatchObject({
      code: 2,
      sentence: expect.stringContaining('1 is geen deelnemer in een van beide mappen'),
    });
  });
});
