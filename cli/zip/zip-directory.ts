import { printable } from '../output.ts';
import { checkNames } from './zip-names.ts';
import type { Refuse } from './zip-names.ts';

/** One entry, whose two headers agree; its packed bytes run from `start` to `end`. */
export interface ZipEntry {
  readonly name: string;
  readonly isFolder: boolean;
  readonly method: number;
  readonly crc: number;
  readonly size: number;
  readonly start: number;
  readonly end: number;
}

/** Reads the central directory, the one list that counts, and holds each local header against it. */
export function readDirectory(bytes: Buffer, refuse: Refuse): readonly ZipEntry[] {
  if (bytes.length > MAX_ZIP_BYTES) throw refuse(`een zip mag hoogstens ${mega(MAX_ZIP_BYTES)} zijn`);
  const directory = findDirectory(bytes, refuse);
  const entries: ZipEntry[] = [];
  let at = directory.start;
  for (let index = 0; index < directory.count; index += 1) {
    const record = readRecord(bytes, { at, end: directory.end }, refuse);
    entries.push(toEntry(bytes, record, refuse));
    at += record.length;
  }
  if (at !== directory.end) throw refuse(BROKEN);
  checkNames(entries, refuse);
  checkSizes(entries, refuse);
  checkPlaces(entries, directory.start, refuse);
  return entries;
}

interface Directory {
  readonly start: number;
  readonly end: number;
  readonly count: number;
}

// The end record stands last, with nothing after its comment and the directory right before it.
function findDirectory(bytes: Buffer, refuse: Refuse): Directory {
  const end = bytes.lastIndexOf(END_OF_DIRECTORY);
  if (end < 0 || end + END_LENGTH > bytes.length) throw refuse('het is geen zip, of hij is afgebroken');
  const [disks, onThisDisk, count] = [
    bytes.readUInt32LE(end + 4),
    bytes.readUInt16LE(end + 8),
    bytes.readUInt16LE(end + 10),
  ];
  const [length, start] = [bytes.readUInt32LE(end + 12), bytes.readUInt32LE(end + 16)];
  const why = findDirectoryProblem({ count, start, isWhole: disks === 0 && onThisDisk === count });
  if (why !== undefined) throw refuse(why);
  const isTight = start + length === end && end + END_LENGTH + bytes.readUInt16LE(end + 20) === bytes.length;
  if (!isTight) throw refuse(BROKEN);
  return { start, end, count };
}

function findDirectoryProblem(directory: {
  readonly count: number;
  readonly start: number;
  readonly isWhole: boolean;
}): string | undefined {
  const { count, start, isWhole } = directory;
  if (count === 0xffff || start === 0xffffffff) return 'ZIP64 wordt niet gelezen';
  if (!isWhole) return 'een zip in delen wordt niet gelezen';
  if (count === 0) return 'hij is leeg';
  return count > MAX_ENTRIES
    ? `er zitten ${String(count)} bestanden in; ${String(MAX_ENTRIES)} is het meeste`
    : undefined;
}

interface DirectoryRecord {
  readonly length: number;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly unixMode: number;
  readonly local: number;
  readonly rawName: Buffer;
}

function readRecord(
  bytes: Buffer,
  { at, end }: { readonly at: number; readonly end: number },
  refuse: Refuse,
): DirectoryRecord {
  if (at + RECORD_LENGTH > end || bytes.readUInt32LE(at) !== DIRECTORY_RECORD) throw refuse(BROKEN);
  const nameLength = bytes.readUInt16LE(at + 28);
  const length = RECORD_LENGTH + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  if (at + length > end) throw refuse(BROKEN);
  return {
    length,
    flags: bytes.readUInt16LE(at + 8),
    method: bytes.readUInt16LE(at + 10),
    crc: bytes.readUInt32LE(at + 16),
    packedSize: bytes.readUInt32LE(at + 20),
    size: bytes.readUInt32LE(at + 24),
    unixMode: bytes.readUInt16LE(at + 40),
    local: bytes.readUInt32LE(at + 42),
    rawName: bytes.subarray(at + RECORD_LENGTH, at + RECORD_LENGTH + nameLength),
  };
}

function toEntry(bytes: Buffer, record: DirectoryRecord, refuse: Refuse): ZipEntry {
  const name = decodeName(record.rawName, refuse);
  checkKind(record, name, refuse);
  const start = findData(bytes, record, refuse);
  const { method, crc, size, packedSize } = record;
  return { name, isFolder: name.endsWith('/'), method, crc, size, start, end: start + packedSize };
}

function decodeName(raw: Buffer, refuse: Refuse): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(raw);
  } catch {
    throw refuse('een bestandsnaam erin is niet leesbaar (geen UTF-8)');
  }
}

function checkKind({ flags, method, unixMode }: DirectoryRecord, name: string, refuse: Refuse): void {
  const shown = printable(name);
  if ((flags & ENCRYPTED_FLAGS) !== 0) throw refuse(`${shown} is versleuteld`);
  if (method !== STORED && method !== DEFLATED)
    throw refuse(`${shown} is ingepakt op een wijze die niet gelezen wordt`);
  const kind = unixMode & UNIX_KIND;
  if (kind === UNIX_LINK) throw refuse(`${shown} is een verwijzing (symbolische link)`);
  const expected = name.endsWith('/') ? UNIX_FOLDER : UNIX_FILE;
  if (kind !== 0 && kind !== expected) throw refuse(`${shown} is geen gewoon bestand`);
}

// Another reader may believe the local header: one that says something else would show that reader other files than us.
function findData(bytes: Buffer, { local, rawName, method, packedSize }: DirectoryRecord, refuse: Refuse): number {
  if (local + LOCAL_LENGTH > bytes.length || bytes.readUInt32LE(local) !== LOCAL_HEADER) throw refuse(BROKEN);
  const nameLength = bytes.readUInt16LE(local + 26);
  const start = local + LOCAL_LENGTH + nameLength + bytes.readUInt16LE(local + 28);
  const localName = bytes.subarray(local + LOCAL_LENGTH, local + LOCAL_LENGTH + nameLength);
  if (!localName.equals(rawName) || bytes.readUInt16LE(local + 8) !== method) throw refuse(BROKEN);
  if (start + packedSize > bytes.length) throw refuse(BROKEN);
  return start;
}

function checkSizes(entries: readonly ZipEntry[], refuse: Refuse): void {
  for (const { name, size, start, end } of entries) {
    const shown = printable(name);
    if (size > MAX_FILE_BYTES) throw refuse(`${shown} is uitgepakt groter dan ${mega(MAX_FILE_BYTES)}`);
    if (size > MAX_RATIO * Math.max(end - start, 1))
      throw refuse(`${shown} is meer dan ${String(MAX_RATIO)} keer zo groot als ingepakt`);
  }
  const total = entries.reduce((sum, { size }) => sum + size, 0);
  if (total > MAX_TOTAL_BYTES) throw refuse(`uitgepakt is hij groter dan ${mega(MAX_TOTAL_BYTES)}`);
}

// Entries that share packed bytes make a small zip large without any one of them looking so.
function checkPlaces(entries: readonly ZipEntry[], directoryStart: number, refuse: Refuse): void {
  const ordered = [...entries].sort((a, b) => a.start - b.start);
  ordered.forEach(({ end }, index) => {
    if (end > (ordered[index + 1]?.start ?? directoryStart)) throw refuse('bestanden erin overlappen elkaar');
  });
}

function mega(bytes: number): string {
  return `${String(bytes / (1024 * 1024))} MB`;
}

const BROKEN = 'de zip is beschadigd of spreekt zichzelf tegen';
const MAX_ZIP_BYTES = 20 * 1024 * 1024;
const MAX_ENTRIES = 1_000;
const MAX_FILE_BYTES = 5 * 1024 * 1024;
const MAX_TOTAL_BYTES = 20 * 1024 * 1024;
// XSDs of the official package shrink at most 25 times.
const MAX_RATIO = 100;

const END_OF_DIRECTORY = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const END_LENGTH = 22;
const DIRECTORY_RECORD = 0x02014b50;
const RECORD_LENGTH = 46;
const LOCAL_HEADER = 0x04034b50;
const LOCAL_LENGTH = 30;
const STORED = 0;
const DEFLATED = 8;
// Bit 0: encrypted; 6: strong encryption; 13: headers masked.
const ENCRYPTED_FLAGS = 0x2041;
const UNIX_KIND = 0xf000;
const UNIX_LINK = 0xa000;
const UNIX_FOLDER = 0x4000;
const UNIX_FILE = 0x8000;
