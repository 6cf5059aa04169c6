import type { Random } from '../../conformance/random.ts';
import { buildZip } from '../../support/zip.ts';
import type { ZipPart } from '../../support/zip.ts';
import type { Mutator } from '../target.ts';

/** Changes one field of a header of a zip, where it can be found; else an octet. */
export const mutateZipFields: Mutator = (input, random) => {
  const copy = Buffer.from(input);
  const headers = FIELDS.flatMap(({ signature, fields }) => findAll(copy, signature).map((at) => ({ at, fields })));
  if (headers.length === 0) return copy;
  const { at, fields } = random.pick(headers);
  const [offset, width] = random.pick(fields);
  const place = at + offset;
  if (place + width > copy.length) return copy;
  const old = copy.readUIntLE(place, width);
  const value = random.pick([
    0,
    1,
    old + 1,
    old - 1,
    old * 2,
    0xffff,
    0xffffffff,
    copy.length,
    at,
    random.between(0, 70_000),
  ]);
  copy.writeUIntLE(Math.max(0, value) % 2 ** (8 * width), place, width);
  return copy;
};

/** A zip made anew of parts with odd names and fields that lie. */
export const makeZip: Mutator = (_input, random) =>
  buildZip(
    Array.from({ length: random.between(1, 4) }, () => makePart(random)),
    random.between(0, 5) === 0
      ? { count: random.pick([0, 1, 5, 0xffff]), tail: Buffer.from(random.pick(['', 'x', 'PK'])) }
      : {},
  );

function makePart(random: Random): ZipPart {
  const odd = random.between(0, 1) === 0;
  return {
    name: random.pick(NAMES),
    content: random.pick(CONTENTS),
    ...(odd
      ? random.pick<Partial<ZipPart>>([
          { mode: random.pick([0o120777, 0o040755, 0o100755, 0o020666, 0]) },
          { flags: random.pick([1, 8, 0x40, 0x800, 0x2000]) },
          { method: random.pick([0, 8, 9, 12, 99]) },
          { size: random.pick([0, 1, 5, 1_000_000, 0xfffffffe]) },
          { crc: random.between(0, 0xffff) },
          { localName: random.pick(NAMES) },
          { packed: Buffer.from(random.pick(['', 'x', '\u0003\u0000'])) },
          { overlaps: true },
        ])
      : {}),
  };
}

function findAll(octets: Buffer, signature: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = octets.indexOf(signature); at >= 0; at = octets.indexOf(signature, at + 1)) found.push(at);
  return found;
}

const NAMES = [
  ...[
    'a.xsd',
    'b/c.xsd',
    'b',
    'A.XSD',
    'a.xsd/',
    '../a',
    'a/../../b',
    '/etc/passwd',
    'C:\\x',
    'c:x',
    'a\\b',
    'a//b',
    './a',
    'a/.',
    '',
  ],
  ...[
    'a\u0000b',
    'caf\u00e9',
    'cafe\u0301',
    'a\u202eb',
    'x'.repeat(201),
    'nul',
    '..',
    '.',
    ' ',
    'a/b/c/d.xsd',
    '__proto__',
    '\u00ff',
  ],
];
const CONTENTS = [
  ...[
    '',
    'x',
    '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>',
    'PK\u0003\u0004',
    'a'.repeat(3_000),
    '0123456789'.repeat(20),
  ],
];
const FIELDS: readonly { readonly signature: Buffer; readonly fields: readonly (readonly [number, 2 | 4])[] }[] = [
  {
    signature: Buffer.from('PK\u0003\u0004'),
    fields: [
      [4, 2],
      [6, 2],
      [8, 2],
      [14, 4],
      [18, 4],
      [22, 4],
      [26, 2],
      [28, 2],
    ],
  },
  {
    signature: Buffer.from('PK\u0001\u0002'),
    fields: [
      [4, 2],
      [8, 2],
      [10, 2],
      [16, 4],
      [20, 4],
      [24, 4],
      [28, 2],
      [30, 2],
      [32, 2],
      [34, 2],
      [38, 4],
      [42, 4],
    ],
  },
  {
    signature: Buffer.from('PK\u0005\u0006'),
    fields: [
      [4, 2],
      [6, 2],
      [8, 2],
      [10, 2],
      [12, 4],
      [16, 4],
      [20, 2],
    ],
  },
];
