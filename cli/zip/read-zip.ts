import { crc32, inflateRawSync } from 'node:zlib';
import { codeOf, CommandFault } from '../fault.ts';
import { printable } from '../output.ts';
import { readDirectory } from './zip-directory.ts';
import type { ZipEntry } from './zip-directory.ts';
import type { Refuse } from './zip-names.ts';

/**
 * The files of a zip by their path in it, all in memory: nothing of it reaches a disk before all of it was found right. Takes the plain
 * subset that a package of schemas needs (APPNOTE 6.3: stored or deflate, no encryption, no ZIP64). Throws CommandFault whose
 * sentence says what is wrong with it.
 */
export function readZip(bytes: Buffer, zipName: string, options: ReadZipOptions = {}): ReadonlyMap<string, Buffer> {
  const refuse = (why: string): CommandFault => new CommandFault(`${printable(zipName)} is niet gebruikt: ${why}.`);
  const entries = readDirectory(bytes, refuse).filter(({ isFolder }) => !isFolder);
  const files = entries.map((entry) => [entry.name, unpack(bytes, entry, refuse)] as const);
  const nested = files.find(([, content]) => isArchive(content));
  if (nested !== undefined && options.mayHoldArchives !== true)
    throw refuse(`${printable(nested[0])} is zelf een archief; pak een zip in een zip eerst uit`);
  return new Map(files);
}

/** What a zip may hold beside plain files. */
export interface ReadZipOptions {
  /** Workbooks (`.xlsx`) are zips themselves; whoever reads one of those reads it by the same rules. */
  readonly mayHoldArchives?: boolean;
}

const isArchive = (content: Buffer): boolean => NESTED.some((start) => content.subarray(0, start.length).equals(start));

function unpack(bytes: Buffer, entry: ZipEntry, refuse: Refuse): Buffer {
  const data = bytes.subarray(entry.start, entry.end);
  const content = entry.method === STORED ? data : inflate(data, entry, refuse);
  const name = printable(entry.name);
  if (content.length !== entry.size) throw refuse(`${name} is niet zo groot als de zip opgeeft`);
  if (crc32(content) !== entry.crc) throw refuse(`${name} is beschadigd (de controlesom klopt niet)`);
  return content;
}

// What an entry says of its own size is only believed as a bound: more than that is never unpacked.
function inflate(data: Buffer, entry: ZipEntry, refuse: Refuse): Buffer {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(entry.size, 1) });
  } catch (cause) {
    const isTooLarge = codeOf(cause) === 'ERR_BUFFER_TOO_LARGE';
    throw refuse(
      `${printable(entry.name)} ${isTooLarge ? 'is uitgepakt groter dan de zip opgeeft' : 'is beschadigd (niet uit te pakken)'}`,
    );
  }
}

const STORED = 0;
// zip (also an empty or a spanned one), gzip, 7-zip, xz, bzip2.
const NESTED = ['504b0304', '504b0506', '504b0708', '1f8b', '377abcaf271c', 'fd377a585a00', '425a68'].map((hex) =>
  Buffer.from(hex, 'hex'),
);
