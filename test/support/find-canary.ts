import { closeSync, openSync, readdirSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { isNativeError } from 'node:util/types';
import { constants, inflateRawSync } from 'node:zlib';

/** What must not be found anywhere, with a name for the report. */
export interface Canary {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** One place where a canary was found. */
export interface Find {
  readonly canary: string;
  readonly encoding: string;
  readonly where: string;
}

/** What a search went through, so that a search of nothing shows. */
export interface Search {
  readonly finds: readonly Find[];
  readonly files: number;
  readonly bytes: number;
}

/** A canary as it looks in one encoding. */
interface Needle {
  readonly canary: string;
  readonly encoding: string;
  readonly bytes: Buffer;
}

/** A canary of text. It should be of letters that no encoding leaves alone by chance: twelve or more of them. */
export function textCanary(name: string, text: string): Canary {
  return { name, bytes: Buffer.from(text) };
}

/** Where data stands, and in how many layers of compression. */
interface Place {
  readonly where: string;
  readonly depth: number;
}

/** Looks for canaries, also in what is compressed. */
export interface CanaryFinder {
  inBytes(where: string, data: Uint8Array): readonly Find[];
  /** Every file under the folder, but those `isKeptByOthers` names by their path in it. */
  inFolder(folder: string, isKeptByOthers?: (path: string) => boolean): Search;
}

/** Makes a finder of these canaries, in every encoding it knows. */
export function createCanaryFinder(canaries: readonly Canary[]): CanaryFinder {
  const index = indexOf(canaries.flatMap(toNeedles));
  const inBytes = (where: string, data: Uint8Array): readonly Find[] =>
    findAll(index, { where, depth: 0 }, Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  return {
    inBytes,
    inFolder(folder, isKeptByOthers = () => false) {
      const paths = listFiles(folder).filter((path) => !isKeptByOthers(path));
      const finds: Find[] = [];
      let bytes = 0;
      for (const path of paths) {
        // The name of a file is a place too.
        finds.push(...inBytes(`name of ${path}`, Buffer.from(path)));
        bytes += readInPieces(join(folder, path), (piece) => finds.push(...inBytes(path, piece)));
      }
      return { finds, files: paths.length, bytes };
    },
  };
}

function findAll(index: NeedleIndex, { where, depth }: Place, data: Buffer): readonly Find[] {
  // Base64 and hex may be broken into lines.
  const found = new Set([...findNeedles(index, data), ...findNeedles(index, withoutBreaks(data))]);
  const finds = [...found].map(({ canary, encoding }) => ({ canary, encoding, where }));
  if (depth === MAX_DEPTH) return finds;
  const inner = inflateMembers(data).flatMap(({ kind, at, content }) =>
    findAll(index, { where: `${where} > ${kind} at ${String(at)}`, depth: depth + 1 }, content),
  );
  return [...finds, ...inner];
}

/** All needles by their first four octets, so that one pass looks for hundreds of them. */
interface NeedleIndex {
  /** Whether a needle begins with these two octets. */
  readonly starts: Uint8Array;
  readonly byStart: ReadonlyMap<number, readonly Needle[]>;
}

function indexOf(needles: readonly Needle[]): NeedleIndex {
  const starts = new Uint8Array(65_536);
  const byStart = new Map<number, Needle[]>();
  for (const needle of needles) {
    const start = needle.bytes.readUInt32BE(0);
    starts[start >>> 16] = 1;
    byStart.set(start, [...(byStart.get(start) ?? []), needle]);
  }
  return { starts, byStart };
}

function findNeedles({ starts, byStart }: NeedleIndex, data: Buffer): readonly Needle[] {
  const found: Needle[] = [];
  let pair = data[0] ?? 0;
  for (let at = 0; at + 4 <= data.length; at += 1) {
    pair = ((pair & 0xff) << 8) | (data[at + 1] ?? 0);
    if (starts[pair] !== 1) continue;
    const candidates = byStart.get(data.readUInt32BE(at)) ?? [];
    found.push(...candidates.filter(({ bytes }) => data.subarray(at, at + bytes.length).equals(bytes)));
  }
  return found;
}

/** The same without white space, also where it is escaped. */
function withoutBreaks(data: Buffer): Buffer {
  const kept = Buffer.alloc(data.length);
  let length = 0;
  for (let at = 0; at < data.length; at += 1) {
    const octet = data[at] ?? 0;
    const isEscaped = octet === BACKSLASH && ESCAPED_BREAKS.has(data[at + 1] ?? 0);
    if (isEscaped) at += 1;
    else if (!BREAKS.has(octet)) {
      kept[length] = octet;
      length += 1;
    }
  }
  return kept.subarray(0, length);
}

function toNeedles({ name, bytes }: Canary): readonly Needle[] {
  const plain = Buffer.from(bytes);
  const text = plain.toString('utf8');
  const isText = Buffer.from(text).equals(plain) && !/\p{Cc}/u.test(text);
  const needles = [
    ...encodingsOf('bytes', plain),
    ...(isText ? textNeedles(text) : []),
    ...(isText ? encodingsOf('UTF-16LE', Buffer.from(text, 'utf16le')) : []),
    ...(isText ? encodingsOf('UTF-16BE', Buffer.from(text, 'utf16le').swap16()) : []),
  ];
  // Many encodings leave plain letters alone: the first that does is reported.
  const distinct = new Map(needles.toReversed().map((needle) => [needle[1].toString('latin1'), needle]));
  return [...distinct.values()].map(([encoding, encoded]) => ({ canary: name, encoding, bytes: encoded }));
}

type Encoded = readonly [encoding: string, bytes: Buffer];

function encodingsOf(form: string, plain: Buffer): readonly Encoded[] {
  const hex = plain.toString('hex');
  return [
    [form, plain],
    [`${form} in hex`, Buffer.from(hex)],
    [`${form} in HEX`, Buffer.from(hex.toUpperCase())],
    ...[0, 1, 2].flatMap((shift): readonly Encoded[] => {
      const base64 = certainBase64(plain, shift);
      const url = base64.replaceAll('+', '-').replaceAll('/', '_');
      return [
        [`${form} in base64, alignment ${String(shift)}`, Buffer.from(base64)],
        [`${form} in base64url, alignment ${String(shift)}`, Buffer.from(url)],
        // A slash may be escaped in JSON.
        [`${form} in base64 in JSON, alignment ${String(shift)}`, Buffer.from(base64.replaceAll('/', '\\/'))],
      ];
    }),
  ];
}

/** The characters of the base64 of `…plain…` that no octet before or after can change. */
function certainBase64(plain: Buffer, shift: number): string {
  const characters = Buffer.concat([Buffer.alloc(shift), plain]).toString('base64');
  return characters.slice(Math.ceil((shift * 8) / 6), Math.floor(((shift + plain.length) * 8) / 6));
}

function textNeedles(text: string): readonly Encoded[] {
  const units = Array.from({ length: text.length }, (_, at) => text.charCodeAt(at));
  const points = Array.from(text, (character) => character.codePointAt(0) ?? 0);
  const octets = [...Buffer.from(text)];
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  const beyondAscii = (unit: number): string => (unit < 128 ? String.fromCharCode(unit) : `\\u${hex(unit, 4)}`);
  const xml = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  const forms: readonly (readonly [string, string])[] = [
    ['JSON', JSON.stringify(text).slice(1, -1)],
    ['JSON in ASCII', JSON.stringify(units.map(beyondAscii).join('')).slice(1, -1).replaceAll('\\\\u', '\\u')],
    ['JSON, every unit escaped', units.map((unit) => `\\u${hex(unit, 4)}`).join('')],
    ['JSON, every unit escaped in capitals', units.map((unit) => `\\u${hex(unit, 4).toUpperCase()}`).join('')],
    ['percent', encodeURIComponent(text)],
    ['percent, as a form', encodeURIComponent(text).replaceAll('%20', '+')],
    ['percent, every octet', octets.map((octet) => `%${hex(octet, 2)}`).join('')],
    ['percent, every octet in capitals', octets.map((octet) => `%${hex(octet, 2).toUpperCase()}`).join('')],
    ['XML', xml],
    ['XML attribute', xml.replaceAll('"', '&quot;').replaceAll("'", '&apos;')],
    ['XML, decimal references', points.map((point) => `&#${String(point)};`).join('')],
    ['XML, hexadecimal references', points.map((point) => `&#x${hex(point, 1)};`).join('')],
    ['XML, hexadecimal references in capitals', points.map((point) => `&#x${hex(point, 1).toUpperCase()};`).join('')],
    ['latin-1 escapes', octets.map((octet) => `\\x${hex(octet, 2)}`).join('')],
  ];
  return forms.map(([encoding, form]) => [encoding, Buffer.from(form)]);
}

interface Member {
  readonly kind: 'gzip' | 'zlib' | 'zip';
  readonly at: number;
  readonly content: Buffer;
}

/** Whatever can be inflated where a compressed member may begin; of one that is cut off what there is. */
function inflateMembers(data: Buffer): readonly Member[] {
  return MEMBERS.flatMap(({ kind, magic, headerOf }) =>
    positionsOf(data, magic).flatMap((at) => {
      const content = inflateIfAny(data.subarray(at + headerOf(data.subarray(at))));
      return content.length === 0 ? [] : [{ kind, at, content }];
    }),
  );
}

// Raw, so that neither a missing checksum nor what follows the member matters.
function inflateIfAny(deflated: Buffer): Buffer {
  try {
    return inflateRawSync(deflated, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_INFLATED });
  } catch (error) {
    // Not a member after all: two octets look like the start of one now and then.
    if (codeOf(error).startsWith('Z_')) return Buffer.alloc(0);
    throw error;
  }
}

function positionsOf(data: Buffer, magic: Buffer): readonly number[] {
  const found: number[] = [];
  for (let at = data.indexOf(magic); at !== -1; at = data.indexOf(magic, at + 1)) found.push(at);
  return found;
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

/** Hands out the file in pieces that overlap, and answers its size; one that is gone has none. */
function readInPieces(path: string, take: (piece: Buffer) => void): number {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    // A broker rolls its files while it is looked at.
    if (codeOf(error) === 'ENOENT') return 0;
    throw error;
  }
  try {
    let size = 0;
    for (let from = 0; ; from += PIECE - OVERLAP) {
      const piece = Buffer.alloc(PIECE);
      const length = readSync(file, piece, 0, PIECE, from);
      size = from + length;
      take(piece.subarray(0, length));
      if (length < PIECE) return size;
    }
  } finally {
    closeSync(file);
  }
}

// Errors of Node's own are of another realm than those of a test.
function codeOf(error: unknown): string {
  return isNativeError(error) && 'code' in error ? String(error.code) : '';
}

/** RFC 1952 2.3: ten octets, then what the flags announce. */
function gzipHeader(data: Buffer): number {
  const flags = data[3] ?? 0;
  let at = 10;
  if ((flags & 4) !== 0) at += 2 + (data[at] ?? 0) + (data[at + 1] ?? 0) * 256;
  for (const flag of [8, 16]) if ((flags & flag) !== 0) at = data.indexOf(0, at) + 1;
  return (flags & 2) === 0 ? at : at + 2;
}

/** APPNOTE 4.3.7: thirty octets, then the name and the extra field. */
function zipHeader(data: Buffer): number {
  return data.length < 30 ? data.length : 30 + data.readUInt16LE(26) + data.readUInt16LE(28);
}

const PIECE = 16 * 1024 * 1024;
const OVERLAP = 1024 * 1024;
const BACKSLASH = 0x5c;
const BREAKS = new Set(Buffer.from(' \t\r\n'));
const ESCAPED_BREAKS = new Set(Buffer.from('trn'));
const MAX_DEPTH = 3;
const MAX_INFLATED = 64 * 1024 * 1024;

const MEMBERS: readonly {
  readonly kind: Member['kind'];
  readonly magic: Buffer;
  readonly headerOf: (data: Buffer) => number;
}[] = [
  { kind: 'gzip', magic: Buffer.of(0x1f, 0x8b, 0x08), headerOf: gzipHeader },
  // RFC 1950 2.2, at each level of compression.
  ...[0x01, 0x5e, 0x9c, 0xda].map((flags) => ({
    kind: 'zlib' as const,
    magic: Buffer.of(0x78, flags),
    headerOf: () => 2,
  })),
  { kind: 'zip', magic: Buffer.from('PK\x03\x04', 'latin1'), headerOf: zipHeader },
];
