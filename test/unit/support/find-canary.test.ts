import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from '@jest/globals';
import { createCanaryFinder, textCanary } from '../../support/find-canary.ts';

const TEXT = 'Kanáriepiet & "Zöon" <van> d\'Öord';
const finder = createCanaryFinder([textCanary('surname', TEXT), { name: 'digest', bytes: randomBytes(32) }]);
const folder = mkdtempSync(join(tmpdir(), 'canary-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** The same text, escaped by hand or by somebody else's rules than the searcher's. */
const utf16 = (text: string, isBig: boolean): Buffer => {
  const bytes = Buffer.alloc(text.length * 2);
  for (let at = 0; at < text.length; at += 1) {
    if (isBig) bytes.writeUInt16BE(text.charCodeAt(at), at * 2);
    else bytes.writeUInt16LE(text.charCodeAt(at), at * 2);
  }
  return bytes;
};
const each = (units: Iterable<number>, format: (hex: string, unit: number) => string): string =>
  [...units].map((unit) => format(unit.toString(16), unit)).join('');
const octets = Buffer.from(TEXT);
const codes = Array.from({ length: TEXT.length }, (_, at) => TEXT.charCodeAt(at));
const mime = (bytes: Buffer): string => bytes.toString('base64').replace(/.{16}/g, '$&\r\n');
const zipped = Buffer.concat([
  Buffer.from('504b0304140000000800000000000000000000000000000000000500030061', 'hex').subarray(0, 30),
  Buffer.from('a.xml\0\0\0'),
  deflateRawSync(octets),
]);

const PLANTED: readonly (readonly [string, string | Buffer])[] = [
  ['UTF-8', TEXT],
  ['UTF-16LE', utf16(TEXT, false)],
  ['UTF-16BE', utf16(TEXT, true)],
  ['hex', octets.toString('hex')],
  ['hex in capitals', octets.toString('hex').toUpperCase()],
  ['hex in lines', octets.toString('hex').replace(/.{20}/g, '$&\n')],
  ...['', 'x', 'xy'].map((before) => [`base64 after ${String(before.length)}`, btoa64(before)] as const),
  ['base64 in lines of a mail', mime(Buffer.concat([Buffer.from('x'), octets]))],
  ['base64 of UTF-16', utf16(`x${TEXT}`, false).toString('base64')],
  ['base64url', Buffer.from(`xy${TEXT}`).toString('base64url')],
  ['JSON', JSON.stringify({ naam: TEXT })],
  ['JSON in ASCII', 'Kan\\u00e1riepiet & \\"Z\\u00f6on\\" <van> d\'\\u00d6ord'],
  ['JSON escaped throughout', each(codes, (hex) => `\\u${hex.padStart(4, '0')}`)],
  ['JSON escaped throughout in capitals', each(codes, (hex) => `\\u${hex.padStart(4, '0').toUpperCase()}`)],
  ['percent', "Kan%C3%A1riepiet%20%26%20%22Z%C3%B6on%22%20%3Cvan%3E%20d'%C3%96ord"],
  ['percent as a form', "Kan%C3%A1riepiet+%26+%22Z%C3%B6on%22+%3Cvan%3E+d'%C3%96ord"],
  ['percent throughout', each(octets, (hex) => `%${hex.padStart(2, '0')}`)],
  ['XML', 'Kanáriepiet &amp; "Zöon" &lt;van&gt; d\'Öord'],
  ['an XML attribute', 'Kanáriepiet &amp; &quot;Zöon&quot; &lt;van&gt; d&apos;Öord'],
  ['XML references', each(codes, (_hex, code) => `&#${String(code)};`)],
  ['XML hexadecimal references', each(codes, (hex) => `&#x${hex};`)],
  ['gzip', gzipSync(octets)],
  ...[0, 1, 6, 9].map((level) => [`zlib at level ${String(level)}`, deflateSync(octets, { level })] as const),
  ['gzip cut off', gzipSync(Buffer.concat([octets, randomBytes(50_000)])).subarray(0, 20_000)],
  ['a member of a ZIP', zipped],
  ['gzip in gzip', gzipSync(Buffer.concat([randomBytes(100), gzipSync(Buffer.from(octets.toString('base64')))]))],
];

describe('the search for a canary', () => {
  it.each(PLANTED)('finds it in %s, in the middle of other octets', (_encoding, planted) => {
    const data = Buffer.concat([randomBytes(1_000), Buffer.from(planted), randomBytes(1_000)]);
    expect(finder.inBytes('here', data).map(({ canary }) => canary)).toContain('surname');
  });

  it('finds octets that are no text, also in base64 and hex', () => {
    const digest = randomBytes(32);
    const searcher = createCanaryFinder([{ name: 'digest', bytes: digest }]);
    for (const form of [digest, digest.toString('base64'), digest.toString('base64url'), digest.toString('hex')]) {
      expect(searcher.inBytes('here', Buffer.from(form))).not.toEqual([]);
    }
  });

  it('finds nothing where nothing is', () => {
    expect(finder.inBytes('here', randomBytes(1_000_000))).toEqual([]);
    expect(finder.inBytes('here', Buffer.from('Kanariepiet en Zoon van d’Oord'))).toEqual([]);
  });

  it('goes through every file of a folder and says how many, but those that are named', () => {
    mkdirSync(join(folder, 'diep', 'dieper'), { recursive: true });
    writeFileSync(join(folder, 'leeg'), '');
    writeFileSync(join(folder, 'diep', 'dieper', 'logboek'), `regel\n${TEXT}\n`);
    writeFileSync(join(folder, 'diep', 'van-de-ontvanger.xml'), TEXT);
    const { finds, files, bytes } = finder.inFolder(folder, (path) => path.endsWith('van-de-ontvanger.xml'));
    expect(new Set(finds.map(({ where }) => where))).toEqual(new Set([join('diep', 'dieper', 'logboek')]));
    expect([files, bytes]).toEqual([2, Buffer.byteLength(TEXT) + 7]);
    expect(finder.inFolder(folder).files).toBe(3);
  });

  it('finds it in the name of a file', () => {
    writeFileSync(join(folder, `${Buffer.from(TEXT).toString('hex')}.xml`), '');
    expect(finder.inFolder(folder).finds.some(({ where }) => where.startsWith('name of '))).toBe(true);
  });
});

function btoa64(before: string): string {
  return Buffer.from(`${before}${TEXT}z`).toString('base64');
}
