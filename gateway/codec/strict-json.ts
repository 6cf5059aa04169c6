import { Buffer, isUtf8 } from 'node:buffer';

import { rejection } from '../domain/rejection.ts';
import type { Rejection, RejectionCode } from '../domain/rejection.ts';
import { err, ok } from '../domain/result.ts';
import type { Result } from '../domain/result.ts';
import { readJsonNumber } from './strict-json-number.ts';

/** Any JSON value. */
export type JsonValue = string | number | boolean | null | JsonArray | JsonObject;

/** A JSON object; those of `parseStrictJson` have no prototype, so a name that wasn't sent is undefined. */
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** A JSON array. */
export type JsonArray = readonly JsonValue[];

/** Whether the value is an array: `Array.isArray` forgets what is in it. */
export function isJsonArray(value: JsonValue | undefined): value is JsonArray {
  return Array.isArray(value);
}

/** Whether the value is an object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !isJsonArray(value);
}

/** Bounds of a document; what passes one is refused with ERR_JSON_LIMIT. */
export interface JsonLimits {
  /** Arrays and objects inside one another. */
  readonly maxDepth?: number;
  readonly maxBytes?: number;
  /** Members of one object. */
  readonly maxMembers?: number;
  /** Values in the whole document. */
  readonly maxElements?: number;
}

/**
 * Reads one RFC 8259 document in UTF-8 without byte order mark, and refuses whatever two readers could understand
 * differently: double names, names of JavaScript's prototypes, half surrogate pairs, and numbers no double holds exactly
 * enough to be written back. Takes time linear in the size.
 */
export function parseStrictJson(bytes: Uint8Array, limits: JsonLimits = {}): Result<JsonValue, Rejection> {
  const bounds = { ...DEFAULT_LIMITS, ...limits };
  if (bytes.length > bounds.maxBytes) return err(rejection('ERR_JSON_LIMIT'));
  if (!isUtf8(bytes)) return err(rejection('ERR_ENCODING_NOT_UTF8'));
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  const reader: Reader = { text, bounds, position: 0, depth: 0, elements: 0, refused: 'ERR_JSON_MALFORMED' };
  const value = readValue(reader);
  if (value === undefined) return err(rejection(reader.refused));
  skipSpace(reader);
  return reader.position === text.length ? ok(value) : err(rejection('ERR_JSON_MALFORMED'));
}

/** Where reading stands. Every read function answers undefined to refuse, with the reason in `refused`. */
interface Reader {
  readonly text: string;
  readonly bounds: Required<JsonLimits>;
  position: number;
  depth: number;
  elements: number;
  refused: RejectionCode;
}

function readValue(reader: Reader): JsonValue | undefined {
  reader.elements += 1;
  if (reader.elements > reader.bounds.maxElements) {
    reader.refused = 'ERR_JSON_LIMIT';
    return undefined;
  }
  skipSpace(reader);
  switch (reader.text.charCodeAt(reader.position)) {
    case QUOTE:
      return readString(reader);
    case OPEN_BRACE:
      return readNested(reader, readMembers);
    case OPEN_BRACKET:
      return readNested(reader, readItems);
    case LETTER_T:
      return readWord(reader, 'true', true);
    case LETTER_F:
      return readWord(reader, 'false', false);
    case LETTER_N:
      return readWord(reader, 'null', null);
    default:
      return readNumber(reader);
  }
}

function readNested<T>(reader: Reader, read: (reader: Reader) => T | undefined): T | undefined {
  reader.depth += 1;
  if (reader.depth > reader.bounds.maxDepth) {
    reader.refused = 'ERR_JSON_LIMIT';
    return undefined;
  }
  reader.position += 1;
  const value = read(reader);
  reader.depth -= 1;
  return value;
}

function readItems(reader: Reader): JsonArray | undefined {
  const items: JsonValue[] = [];
  if (take(reader, CLOSE_BRACKET)) return items;
  do {
    const item = readValue(reader);
    if (item === undefined) return undefined;
    items.push(item);
  } while (take(reader, COMMA));
  return take(reader, CLOSE_BRACKET) ? items : undefined;
}

function readMembers(reader: Reader): JsonObject | undefined {
  const members: Record<string, JsonValue> = { __proto__: null };
  if (take(reader, CLOSE_BRACE)) return members;
  let left = reader.bounds.maxMembers;
  do {
    left -= 1;
    const name = readName(reader);
    if (name === undefined) return undefined;
    if (left < 0 || name in members) {
      reader.refused = left < 0 ? 'ERR_JSON_LIMIT' : 'ERR_JSON_DUPLICATE_KEY';
      return undefined;
    }
    const value = readValue(reader);
    if (value === undefined) return undefined;
    members[name] = value;
  } while (take(reader, COMMA));
  return take(reader, CLOSE_BRACE) ? members : undefined;
}

/** The name of a member and the colon after it. */
function readName(reader: Reader): string | undefined {
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.position) !== QUOTE) return undefined;
  const name = readString(reader);
  if (name === undefined || FORBIDDEN_NAMES.has(name)) return undefined;
  return take(reader, COLON) ? name : undefined;
}

function readString(reader: Reader): string | undefined {
  const { text } = reader;
  let start = reader.position + 1;
  let read = '';
  for (;;) {
    STRING_BREAK.lastIndex = start;
    const end = STRING_BREAK.test(text) ? STRING_BREAK.lastIndex - 1 : text.length;
    const chunk = text.slice(start, end);
    reader.position = end + 1;
    const code = text.charCodeAt(end);
    if (code === QUOTE) return read === '' ? chunk : complete(read + chunk);
    if (code !== BACKSLASH) return undefined;
    const character = readEscape(reader);
    if (character === undefined) return undefined;
    read += chunk + character;
    start = reader.position;
  }
}

/** What stands for itself after a backslash. */
function readEscape(reader: Reader): string | undefined {
  ESCAPE.lastIndex = reader.position;
  const found = ESCAPE.exec(reader.text);
  if (found === null) return undefined;
  reader.position = ESCAPE.lastIndex;
  const [letter, hex] = found;
  return hex === undefined ? ESCAPES.get(letter) : String.fromCharCode(Number.parseInt(hex, 16));
}

// RFC 8259 section 8.2: half a surrogate pair has no meaning, and each reader mends it in its own way.
function complete(text: string): string | undefined {
  return /\p{Surrogate}/u.test(text) ? undefined : text;
}

function readNumber(reader: Reader): number | undefined {
  const start = reader.position;
  while (NUMBER_CHARACTERS.has(reader.text.charCodeAt(reader.position))) reader.position += 1;
  const literal = reader.text.slice(start, reader.position);
  const isShort = literal.length <= MAX_NUMBER_LENGTH;
  if (isShort && !NUMBER.test(literal)) return undefined;
  const value = isShort ? readJsonNumber(literal) : undefined;
  if (value === undefined) reader.refused = 'ERR_JSON_LIMIT';
  return value;
}

function readWord<T>(reader: Reader, word: string, value: T): T | undefined {
  if (!reader.text.startsWith(word, reader.position)) return undefined;
  reader.position += word.length;
  return value;
}

function take(reader: Reader, code: number): boolean {
  skipSpace(reader);
  if (reader.text.charCodeAt(reader.position) !== code) return false;
  reader.position += 1;
  return true;
}

function skipSpace(reader: Reader): void {
  const { text } = reader;
  let position = reader.position;
  while (isSpace(text.charCodeAt(position))) position += 1;
  reader.position = position;
}

function isSpace(code: number): boolean {
  return code <= SPACE && (code === SPACE || code === LINE_FEED || code === CARRIAGE_RETURN || code === TAB);
}

const DEFAULT_LIMITS: Required<JsonLimits> = {
  maxDepth: 64,
  maxBytes: Number.MAX_SAFE_INTEGER,
  maxMembers: 1000,
  maxElements: 200_000,
};

const FORBIDDEN_NAMES: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_BRACKET = 0x5d;
const LETTER_F = 0x66;
const LETTER_N = 0x6e;
const LETTER_T = 0x74;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;

// Longer than any double needs, short enough to be read in no time.
const MAX_NUMBER_LENGTH = 400;
const NUMBER_CHARACTERS: ReadonlySet<number> = new Set(Buffer.from('+-.0123456789Ee'));
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

// eslint-disable-next-line no-control-regex -- RFC 8259 section 7: control characters must be escaped
const STRING_BREAK = /["\\\u0000-\u001f]/g;
const ESCAPE = /["\\/bfnrt]|u([0-9a-fA-F]{4})/y;
const ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '"'],
  ['\\', '\\'],
  ['/', '/'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
]);
