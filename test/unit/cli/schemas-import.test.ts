import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CommandFault } from '../../../cli/fault.ts';
import { createOutput } from '../../../cli/output.ts';
import { createProgram } from '../../../cli/program.ts';
import { verifyPackage } from '../../../gateway/codec/stuf-package-files.ts';
import { smallPackage } from '../../support/stuf-package.ts';
import { buildZip } from '../../support/zip.ts';
import type { ZipPart } from '../../support/zip.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-import-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const partsOf = (texts: ReadonlyMap<string, string>): ZipPart[] =>
  [...texts].map(([name, content]) => ({ name, content }));
const good = (): ZipPart[] => partsOf(smallPackage('1.0.9'));

function store(name: string, zip: Buffer): string {
  writeFileSync(join(folder, name), zip);
  return join(folder, name);
}

async function importInto(
  target: string,
  zips: readonly string[],
  ...more: string[]
): Promise<{ out: string; code: number; sentence: string }> {
  const ran = { out: '', code: 0, sentence: '' };
  const output = createOutput(
    { colours: false, write: (text) => (ran.out += text) },
    { colours: false, write: () => undefined },
  );
  const program = createProgram({
    output,
    root: '.',
    signal: new AbortController().signal,
    onReload: () => undefined,
    now: () => Date.UTC(2026, 10, 26, 11),
    exit: (code) => (ran.code = code),
  });
  try {
    await program.parseAsync(['schemas', 'import', ...zips, '--naar', target, ...more], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommandFault)) throw error;
    return { ...ran, code: error.exitCode, sentence: error.message };
  }
  return ran;
}

function readFiles(target: string): ReadonlyMap<string, Buffer> {
  const files = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(target.length + 1), readFileSync(path)];
    }),
  );
}

describe('schemas import', () => {
  it('installs what a good zip holds, and says what it is made of', async () => {
    const target = join(folder, 'nieuw', 'pakket');
    const zip = store('goed.zip', buildZip([{ name: 'jz0100/', mode: 0o040755, method: 0 }, ...good()]));
    const { out, code } = await importInto(target, [zip]);
    expect(code).toBe(0);
    expect(out).toContain(`2 berichttypen overgenomen in ${target}`);
    expect(out).toContain('typen    vtoDi01 1.0.9, Bv01Bericht 1.0.9');
    expect(out).not.toContain('hersteld');
    const files = readFiles(target);
    expect(verifyPackage(files)).toEqual({ ok: true, value: { sources: [expect.stringMatching(/^[0-9a-f]{64}$/)] } });
    expect([...files.keys()].filter((path) => path.endsWith('definitie.yaml')).sort()).toEqual([
      'berichten/Bv01Bericht/1.0.9/definitie.yaml',
      'berichten/vtoDi01/1.0.9/definitie.yaml',
    ]);
    expect([...files.keys()].some((path) => path.endsWith('.txt'))).toBe(false);
    expect(readdirSync(join(folder, 'nieuw'))).toEqual(['pakket']);
  });

  it('repairs the two faults of the published package, and names each', async () => {
    const zip = store('stuk.zip', buildZip(partsOf(smallPackage('1.0.9', { broken: true }))));
    const { out } = await importInto(join(folder, 'pakket'), [zip]);
    expect(out).toContain('hersteld jz0100/jz0100_msg_totaal.xsd: backslash in schemaLocation vervangen');
    expect(out).toContain('hersteld jz0100/entiteiten/jz0100_stuf0301.xsd: ontbrekende include toegevoegd');
    const manifest = JSON.parse(readFileSync(join(folder, 'pakket', 'pakket.json'), 'utf8')) as { bronnen: unknown };
    expect(manifest.bronnen).toMatchObject([
      {
        zip: 'stuk.zip',
        versies: ['1.0.9'],
        herstel: [
          { bestand: 'jz0100/jz0100_msg_totaal.xsd', schemaLocation: 'entiteiten/jz0100_stuf0301.xsd' },
          { schemaLocation: '../../bg0310/entiteiten/bg0310_stuf_simpleTypes.xsd' },
        ],
      },
    ]);
  });

  it('takes two versions side by side, and of one type and version the first', async () => {
    const newer = store('nieuw.zip', buildZip(good()));
    const older = store('oud.zip', buildZip(partsOf(smallPackage('1.0.8'))));
    const other = store('anders.zip', buildZip([...good(), { name: 'meer.txt', content: 'x' }]));
    const { out } = await importInto(join(folder, 'pakket'), [newer, older, other], '--json');
    expect(JSON.parse(out)).toMatchObject({
      typen: [
        { berichttype: 'vtoDi01', versie: '1.0.9', zip: 'nieuw.zip', ookIn: ['anders.zip'] },
        { berichttype: 'Bv01Bericht', versie: '1.0.9' },
        { berichttype: 'vtoDi01', versie: '1.0.8', zip: 'oud.zip', ookIn: [] },
        { berichttype: 'Bv01Bericht', versie: '1.0.8' },
      ],
    });
    const told = await importInto(join(folder, 'pakket'), [newer, other]);
    expect(told.out).toContain('typen    geen');
    expect(told.out).toContain('niet     vtoDi01 1.0.9, Bv01Bericht 1.0.9: al uit nieuw.zip');
  });

  it('replaces an earlier package as a whole', async () => {
    const target = join(folder, 'pakket');
    await importInto(target, [store('oud.zip', buildZip(partsOf(smallPackage('1.0.8'))))]);
    await importInto(target, [store('nieuw.zip', buildZip(good()))]);
    expect([...readFiles(target).keys()].some((path) => path.includes('1.0.8'))).toBe(false);
    expect(readdirSync(folder).sort()).toEqual(['nieuw.zip', 'oud.zip', 'pakket']);
  });

  it('keeps an earlier package when the new zip is not right', async () => {
    const target = join(folder, 'pakket');
    await importInto(target, [store('goed.zip', buildZip(good()))]);
    const before = readFiles(target);
    const bad = store('slecht.zip', buildZip([...good(), { name: '../weg.xsd' }]));
    expect((await importInto(target, [store('goed2.zip', buildZip(good())), bad])).code).toBe(2);
    expect(readFiles(target)).toEqual(before);
  });

  it('leaves a folder alone that holds something else', async () => {
    mkdirSync(join(folder, 'vol'));
    writeFileSync(join(folder, 'vol', 'brief.txt'), 'Beste');
    const { sentence, code } = await importInto(join(folder, 'vol'), [store('goed.zip', buildZip(good()))]);
    expect({ sentence, code }).toEqual({
      sentence: `In ${join(folder, 'vol')} staat iets anders dan een geïmporteerd pakket: kies een nieuwe of lege map.`,
      code: 2,
    });
    expect(readdirSync(join(folder, 'vol'))).toEqual(['brief.txt']);
  });

  it('says so when the target is a file or can’t be made', async () => {
    const zip = store('goed.zip', buildZip(good()));
    expect((await importInto(zip, [zip])).sentence).toMatch(/ is niet te gebruiken: een deel van het pad is geen map/);
    expect((await importInto(join(zip, 'pakket'), [zip])).sentence).toMatch(/ is niet te schrijven: /);
  });
});

const MB = 1024 * 1024;
const zeros = (size: number): Buffer => Buffer.alloc(size);
const many = (count: number): ZipPart[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${String(index)}.txt` }));
const noise = (size: number): Buffer => {
  const bytes = Buffer.alloc(size);
  let state = 1;
  for (let index = 0; index < size; index += 1) bytes[index] = (state = (state * 48271) % 2147483647) & 0xff;
  return bytes;
};
const without = (path: string): ZipPart[] => good().filter(({ name }) => name !== path);

describe('a zip that is not right', () => {
  it.each<[string, () => Buffer, RegExp]>([
    [
      'climbs out',
      () => buildZip([...good(), { name: '../../etc/cron.d/x' }]),
      /de naam \.\.\/\.\.\/etc\/cron\.d\/x wijst buiten de zip\.$/,
    ],
    ['climbs out halfway', () => buildZip([...good(), { name: 'a/../../x' }]), /wijst buiten de zip/],
    ['climbs out by back slashes', () => buildZip([...good(), { name: '..\\x' }]), /bevat een teken dat niet mag/],
    [
      'has an absolute name',
      () => buildZip([...good(), { name: '/etc/passwd' }]),
      /begint bij de wortel van een schijf/,
    ],
    ['has a drive letter', () => buildZip([...good(), { name: 'C:/x' }]), /begint bij de wortel van een schijf/],
    [
      'has a control character in a name',
      () => buildZip([...good(), { name: 'a\u001b[2Jb' }]),
      /de naam a\?\[2Jb bevat een teken/,
    ],
    [
      'has a direction mark in a name',
      () => buildZip([...good(), { name: 'a\u202eb' }]),
      /bevat een teken dat niet mag/,
    ],
    ['has an empty part in a name', () => buildZip([...good(), { name: 'a//b' }]), /is geen gewoon pad/],
    ['has a dot as a part of a name', () => buildZip([...good(), { name: './b' }]), /is geen gewoon pad/],
    ['has an empty name', () => buildZip([...good(), { name: '' }]), /is geen gewoon pad/],
    ['has an endless name', () => buildZip([...good(), { name: 'a'.repeat(201) }]), /is te lang/],
    [
      'has a name in no known encoding',
      () => buildZip([...good(), { name: 'a\u00ff' }]),
      /niet leesbaar \(geen UTF-8\)/,
    ],
    [
      'has a symbolic link',
      () => buildZip([...good(), { name: 'link.xsd', content: '/etc/passwd', mode: 0o120777 }]),
      /link\.xsd is een verwijzing \(symbolische link\)/,
    ],
    ['has a device', () => buildZip([...good(), { name: 'dev', mode: 0o020666 }]), /dev is geen gewoon bestand/],
    [
      'has a folder that is a link',
      () => buildZip([...good(), { name: 'map/', mode: 0o120777 }]),
      /map\/ is een verwijzing/,
    ],
    [
      'has a file that says it is a folder',
      () => buildZip([...good(), { name: 'map', mode: 0o040755 }]),
      /map is geen gewoon bestand/,
    ],
    ['has a name twice', () => buildZip([...good(), ...good().slice(0, 1)]), /komt er twee keer in voor/],
    [
      'has a name twice but for capitals',
      () => buildZip([...good(), { name: '0301/StUF0301.XSD' }]),
      /komt er twee keer in voor/,
    ],
    [
      'has a name twice but for the form of its accents',
      () => buildZip([{ name: 'e\u0301' }, { name: '\u00e9' }]),
      /komt er twee keer in voor/,
    ],
    [
      'has a file below a file',
      () => buildZip([...good(), { name: 'a' }, { name: 'a/b' }]),
      /a is er zowel een bestand als een map/,
    ],
    [
      'has a file and a folder of one name',
      () => buildZip([...good(), { name: 'a' }, { name: 'a/', mode: 0o040755 }]),
      /a is er zowel een bestand als een map/,
    ],
    ['is encrypted', () => buildZip([...good(), { name: 'x.xsd', flags: 1 }]), /x\.xsd is versleuteld/],
    ['is strongly encrypted', () => buildZip([...good(), { name: 'x.xsd', flags: 0x40 }]), /x\.xsd is versleuteld/],
    [
      'packs in another way',
      () => buildZip([...good(), { name: 'x.xsd', method: 12 }]),
      /ingepakt op een wijze die niet gelezen wordt/,
    ],
    [
      'is a bomb by ratio',
      () => buildZip([...good(), { name: 'b.xsd', content: zeros(2 * MB) }]),
      /b\.xsd is meer dan 100 keer zo groot als ingepakt/,
    ],
    [
      'is a bomb that lies about its size',
      () => buildZip([...good(), { name: 'b.xsd', packed: deflateRawSync(zeros(4 * MB)), size: 1000 }]),
      /b\.xsd is uitgepakt groter dan de zip opgeeft/,
    ],
    [
      'is a bomb by overlap',
      () =>
        buildZip([
          ...good(),
          { name: 'a.xsd', content: noise(100_000) },
          { name: 'a.xsd2', localName: 'a.xsd', content: noise(100_000), overlaps: true },
        ]),
      /beschadigd of spreekt zichzelf tegen/,
    ],
    ['shares bytes between entries', () => sharedBytes(), /overlappen elkaar/],
    [
      'has a file too large',
      () => buildZip([...good(), { name: 'b.bin', content: noise(5 * MB + 1), method: 0 }]),
      /b\.bin is uitgepakt groter dan 5 MB/,
    ],
    [
      'is too large in all',
      () =>
        buildZip(
          Array.from({ length: 5 }, (_, index) => ({ name: `${String(index)}.bin`, content: halfNoise(4.5 * MB) })),
        ),
      /uitgepakt is hij groter dan 20 MB/,
    ],
    [
      'is too large itself',
      () =>
        buildZip(
          Array.from({ length: 5 }, (_, index) => ({
            name: `${String(index)}.bin`,
            content: noise(4.5 * MB),
            method: 0,
          })),
        ),
      /een zip mag hoogstens 20 MB zijn/,
    ],
    ['holds too many files', () => buildZip(many(1001)), /er zitten 1001 bestanden in; 1000 is het meeste/],
    [
      'holds a zip',
      () => buildZip([...good(), { name: 'x.xsd', content: buildZip(good()) }]),
      /x\.xsd is zelf een archief/,
    ],
    [
      'holds a gzip',
      () => buildZip([...good(), { name: 'x.xsd', content: Buffer.from('1f8b08', 'hex') }]),
      /x\.xsd is zelf een archief/,
    ],
    ['is empty', () => buildZip([]), /hij is leeg/],
    ['is a zip64', () => buildZip(good(), { count: 0xffff }), /ZIP64 wordt niet gelezen/],
    [
      'is in parts',
      () => patched(buildZip(good()), (zip) => zip.writeUInt16LE(1, zip.length - 18)),
      /een zip in delen wordt niet gelezen/,
    ],
    ['counts more than it has', () => buildZip(good(), { count: 7 }), /beschadigd of spreekt zichzelf tegen/],
    ['counts less than it has', () => buildZip(good(), { count: 5 }), /beschadigd of spreekt zichzelf tegen/],
    [
      'has something behind its end',
      () => buildZip(good(), { tail: Buffer.from('x') }),
      /beschadigd of spreekt zichzelf tegen/,
    ],
    [
      'has something before its start',
      () => Buffer.concat([Buffer.from('#!'), buildZip(good())]),
      /beschadigd of spreekt zichzelf tegen/,
    ],
    ['was cut off', () => buildZip(good()).subarray(0, -30), /geen zip, of hij is afgebroken/],
    ['was cut off in its end', () => buildZip(good()).subarray(0, -10), /geen zip, of hij is afgebroken/],
    ['is no zip', () => Buffer.from('<xs:schema/>'), /geen zip, of hij is afgebroken/],
    [
      'has another name in its local header',
      () => buildZip([...good(), { name: 'a.xsd', localName: 'b.xsd' }]),
      /spreekt zichzelf tegen/,
    ],
    [
      'points past its end',
      () => patched(buildZip(good()), (zip) => zip.writeUInt32LE(0xfffffff0, lastRecord(zip) + 42)),
      /spreekt zichzelf tegen/,
    ],
    [
      'has data past its end',
      () => patched(buildZip(good()), (zip) => zip.writeUInt32LE(0xfffffff0, lastRecord(zip) + 20)),
      /spreekt zichzelf tegen/,
    ],
    [
      'has a record that is none',
      () => patched(buildZip(good()), (zip) => zip.writeUInt32LE(0, lastRecord(zip))),
      /spreekt zichzelf tegen/,
    ],
    [
      'has a record longer than the directory',
      () => patched(buildZip(good()), (zip) => zip.writeUInt16LE(999, lastRecord(zip) + 32)),
      /spreekt zichzelf tegen/,
    ],
    [
      'has damaged data',
      () => buildZip([...good(), { name: 'a.xsd', packed: Buffer.from('ffffffff', 'hex'), size: 4 }]),
      /a\.xsd is beschadigd \(niet uit te pakken\)/,
    ],
    [
      'has a wrong checksum',
      () => buildZip([...good(), { name: 'a.xsd', content: 'abc', crc: 1 }]),
      /a\.xsd is beschadigd \(de controlesom klopt niet\)/,
    ],
    [
      'has less than it says',
      () => buildZip([...good(), { name: 'a.xsd', content: 'abc', size: 4 }]),
      /a\.xsd is niet zo groot als de zip opgeeft/,
    ],
    [
      'has no schema',
      () => buildZip([{ name: 'a.txt', content: 'a' }]),
      /er staat geen schema van een StUF-bericht in/,
    ],
    [
      'lacks a schema',
      () => buildZip(without('0301/stuf0301.xsd')),
      /het schema 0301\/stuf0301\.xsd ontbreekt; jz0100\/entiteiten\/jz0100_stuf0301\.xsd verwijst ernaar/,
    ],
    [
      'refers outside',
      () =>
        buildZip(
          partsOf(
            new Map([
              ...smallPackage('1.0.9'),
              [
                '0301/stuf0301.xsd',
                '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.egem.nl/StUF/StUF0301"><xs:include schemaLocation="file:///etc/passwd"/></xs:schema>',
              ],
            ]),
          ),
        ),
      /0301\/stuf0301\.xsd verwijst naar een schema buiten de zip/,
    ],
    [
      'names no version',
      () => buildZip(partsOf(smallPackage('28'))),
      /jz0100\/jz0100_msg_totaal\.xsd zegt niet van welke versie het koppelvlak is/,
    ],
    [
      'has a schema that does not compile',
      () => buildZip(partsOf(smallPackage('1.0.9', { extra: '<xs:element name="x" type="StUF:Weg"/>' }))),
      /een schema is niet te gebruiken: schemas\/jz0100/,
    ],
  ])('%s: is refused, and nothing is written', async (_, build, sentence) => {
    const zip = store('in.zip', build());
    const target = join(folder, 'pakket');
    const ran = await importInto(target, [zip]);
    expect(ran.sentence).toMatch(/^in\.zip is niet gebruikt: .*\.$/);
    expect(ran.sentence).toMatch(sentence);
    expect(ran.code).toBe(2);
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(folder)).toEqual(['in.zip']);
  });

  it('is not taken twice', async () => {
    const zip = store('goed.zip', buildZip(good()));
    const same = store('zelfde.zip', buildZip(good()));
    expect((await importInto(join(folder, 'p'), [zip, same])).sentence).toMatch(
      /^zelfde\.zip is twee keer dezelfde zip/,
    );
  });

  it('is not there', async () => {
    const { sentence, code } = await importInto(join(folder, 'p'), [join(folder, 'weg.zip')]);
    expect(sentence).toMatch(/^De zip .*weg\.zip is niet te lezen: het bestaat niet; controleer het pad\.$/);
    expect(code).toBe(2);
  });
});

function halfNoise(size: number): Buffer {
  return Buffer.concat([noise(size / 10), zeros(size - size / 10)]);
}

function patched(zip: Buffer, change: (zip: Buffer) => void): Buffer {
  change(zip);
  return zip;
}

function lastRecord(zip: Buffer): number {
  return zip.lastIndexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
}

// Two entries of the same name would be refused for that; their local headers are apart and the packed bytes are not.
function sharedBytes(): Buffer {
  const inner = buildZip([{ name: 'b', content: noise(500), method: 0 }]);
  const local = inner.subarray(0, 31 + 500);
  const zip = buildZip([
    { name: 'a', content: local, method: 0 },
    { name: 'b', content: noise(500), method: 0 },
  ]);
  zip.writeUInt32LE(31, lastRecord(zip) + 42);
  return zip;
}
