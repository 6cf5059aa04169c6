import { describe, expect, it } from '@jest/globals';

import { DER_TAGS, readDerMembers, readDerValues, readOid } from '../../../gateway/codec/der.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');

describe('readDerValues', () => {
  it('reads values with short and long lengths', () => {
    const long = Buffer.concat([hex('04 81 80'), Buffer.alloc(0x80, 7)]);
    const longer = Buffer.concat([hex('04 82 01 00'), Buffer.alloc(0x100, 8)]);
    const values = readDerValues(Buffer.concat([hex('0500'), long, longer, hex('020105')]));
    expect(values.map(({ tag, content }) => [tag, content.length])).toEqual([
      [0x05, 0],
      [0x04, 0x80],
      [0x04, 0x100],
      [0x02, 1],
    ]);
    expect(readDerValues(Buffer.alloc(0))).toEqual([]);
  });

  it.each([
    ['a value cut off', '04 02 00'],
    ['a tag alone', '04'],
    ['a length cut off', '04 82 01'],
    ['an indefinite length', '30 80 00 00'],
    ['a long length that would be short', `04 81 01 00`],
    ['a length with a leading zero', `04 82 00 80 ${'00'.repeat(0x80)}`],
    ['a length beyond any memory', '04 88 ff ff ff ff ff ff ff ff'],
  ])('throws on %s', (_name, octets) => {
    expect(() => readDerValues(hex(octets))).toThrow(RangeError);
  });
});

describe('readDerMembers', () => {
  it('reads the members of the type asked for and throws on another', () => {
    const [sequence] = readDerValues(hex('30 02 05 00'));
    expect(readDerMembers(sequence!)).toEqual([{ tag: 5, content: Buffer.alloc(0) }]);
    expect(() => readDerMembers(sequence!, DER_TAGS.set)).toThrow(RangeError);
  });
});

describe('readOid', () => {
  it.each([
    ['2.5.4.5', '06 03 55 04 05'],
    ['1.2.840.113549.1.1.11', '06 09 2a 86 48 86 f7 0d 01 01 0b'],
    ['0.9', '06 01 09'],
    ['2.999.3', '06 03 88 37 03'],
  ])('reads %s', (text, octets) => {
    expect(readOid(readDerValues(hex(octets))[0])).toBe(text);
  });

  it.each([
    ['nothing', ''],
    ['another type', '04 01 55'],
    ['no octets', '06 00'],
    ['a number cut off', '06 02 55 84'],
  ])('throws on %s', (_name, octets) => {
    expect(() => readOid(readDerValues(hex(octets))[0])).toThrow(RangeError);
  });
});
