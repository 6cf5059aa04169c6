import { crc32, deflateRawSync } from 'node:zlib';

/** One entry of a zip to build; every field but the name may lie. */
export interface ZipPart {
  readonly name: string;
  readonly content?: string | Buffer;
  /** Unix file type and mode, such as 0o120777 of a symbolic link. */
  readonly mode?: number;
  readonly flags?: number;
  readonly method?: number;
  readonly size?: number;
  readonly crc?: number;
  /** The name in the local header, where it isn't the same. */
  readonly localName?: string;
  /** Packed bytes instead of those of `content`. */
  readonly packed?: Buffer;
  /** Points at the local header of the entry before it instead of its own. */
  readonly overlaps?: boolean;
}

/** Builds a zip (APPNOTE 6.3) byte by byte, so that each field can be made wrong. */
export function buildZip(
  parts: readonly ZipPart[],
  end: { readonly count?: number; readonly tail?: Buffer } = {},
): Buffer {
  const locals: Buffer[] = [];
  const records: Buffer[] = [];
  let at = 0;
  let previous = 0;
  for (const part of parts) {
    const built = buildPart(part);
    const place = part.overlaps === true ? previous : at;
    records.push(directoryRecord(part, built, place));
    if (part.overlaps === true) continue;
    const local = Buffer.concat([localHeader(part, built), built.packed]);
    locals.push(local);
    previous = at;
    at += local.length;
  }
  const directory = Buffer.concat(records);
  const count = end.count ?? parts.length;
  const tail = Buffer.alloc(22);
  tail.writeUInt32LE(0x06054b50, 0);
  tail.writeUInt16LE(count, 8);
  tail.writeUInt16LE(count, 10);
  tail.writeUInt32LE(directory.length, 12);
  tail.writeUInt32LE(at, 16);
  return Buffer.concat([...locals, directory, tail, end.tail ?? Buffer.alloc(0)]);
}

interface BuiltPart {
  readonly packed: Buffer;
  readonly size: number;
  readonly crc: number;
  readonly method: number;
}

function buildPart(part: ZipPart): BuiltPart {
  const content = Buffer.from(part.content ?? '');
  const method = part.method ?? 8;
  const packed = part.packed ?? (method === 8 ? deflateRawSync(content) : content);
  return { packed, method, size: part.size ?? content.length, crc: part.crc ?? crc32(content) };
}

function localHeader(part: ZipPart, built: BuiltPart): Buffer {
  const name = Buffer.from(part.localName ?? part.name);
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(part.flags ?? 0, 6);
  header.writeUInt16LE(built.method, 8);
  header.writeUInt32LE(built.crc, 14);
  header.writeUInt32LE(built.packed.length, 18);
  header.writeUInt32LE(built.size, 22);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function directoryRecord(part: ZipPart, built: BuiltPart, place: number): Buffer {
  const name = Buffer.from(part.name, 'latin1').equals(Buffer.from(part.name))
    ? Buffer.from(part.name)
    : rawName(part.name);
  const record = Buffer.alloc(46);
  record.writeUInt32LE(0x02014b50, 0);
  record.writeUInt16LE(0x0314, 4);
  record.writeUInt16LE(part.flags ?? 0, 8);
  record.writeUInt16LE(built.method, 10);
  record.writeUInt32LE(built.crc, 16);
  record.writeUInt32LE(built.packed.length, 20);
  record.writeUInt32LE(built.size, 24);
  record.writeUInt16LE(name.length, 28);
  record.writeUInt32LE((part.mode ?? 0o100644) * 0x10000, 38);
  record.writeUInt32LE(place, 42);
  return Buffer.concat([record, name]);
}

// A name with `\xff` in it stands for bytes that are no UTF-8.
function rawName(name: string): Buffer {
  return name.includes('\u00ff') ? Buffer.from(name, 'latin1') : Buffer.from(name);
}
