import { isDeepStrictEqual } from 'node:util';
import { parseStrictJson } from '../../../gateway/codec/strict-json.ts';
import { readExamples } from '../seeds.ts';
import { mutateBytes } from '../mutate/bytes.ts';
import { mutateJson } from '../mutate/json.ts';
import { must } from '../target.ts';
import type { FuzzTarget } from '../target.ts';
import { findDoubleName, findForbiddenName, findHalfSurrogate } from './json-scanner.ts';

const LIMITS = { maxDepth: 12, maxMembers: 40, maxElements: 400 };

const target: FuzzTarget = {
  invariant:
    'accepts only what JSON.parse accepts, with the same value, and no name that stands twice; refuses nothing else without a reason',
  seeds: [
    ...readExamples('json'),
    '[1,-0,1.5e3,"\\u00e9\\ud83d\\ude00",{"a":{"b":[true,false,null]}}]',
    '"x"',
    ' {} ',
  ].map((text) => Buffer.from(text)),
  mutators: [mutateJson(), mutateJson(), mutateBytes(['"a":1,', '\\u0061', '[', '{"', '1e5', '\u00ef\u00bb\u00bf'])],
  run: (input) => {
    judge(input, {});
    judge(input, LIMITS);
  },
};

function judge(input: Buffer, limits: Parameters<typeof parseStrictJson>[1]): void {
  const read = parseStrictJson(input, limits);
  const text = decode(input);
  if (!read.ok) judgeRefusal(read.error.code, text);
  else if (text === undefined) must(false, 'accepts what is no UTF-8');
  else judgeValue(read.value, text);
}

function judgeValue(value: unknown, text: string): void {
  const parsed = parse(text);
  must(parsed !== undefined, 'accepts what JSON.parse refuses');
  must(isDeepStrictEqual(plain(value), parsed.value), 'reads another value than JSON.parse');
  must(findDoubleName(text) === undefined, 'accepts a name that stands twice');
  must(findForbiddenName(parsed.value) === undefined, 'accepts a name of the prototypes');
  must(!findHalfSurrogate(parsed.value), 'accepts half a surrogate pair');
}

function judgeRefusal(code: string, text: string | undefined): void {
  if (code === 'ERR_ENCODING_NOT_UTF8') must(text === undefined, 'calls UTF-8 something else');
  if (text === undefined) return;
  if (code === 'ERR_JSON_DUPLICATE_KEY') must(findDoubleName(text) !== undefined, 'sees a name twice that stands once');
  const parsed = parse(text);
  if (code !== 'ERR_JSON_MALFORMED' || parsed === undefined) return;
  // Of a name that stands twice JSON.parse keeps the last value: what was wrong may be in the first.
  const isFaulty = findForbiddenName(parsed.value) !== undefined || findHalfSurrogate(parsed.value);
  must(isFaulty || findDoubleName(text) !== undefined, 'calls JSON malformed that has nothing against it');
}

function decode(input: Buffer): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    return undefined;
  }
}

function parse(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** The value with ordinary objects, as JSON.parse gives them. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  must(Object.getPrototypeOf(value) === null, 'gives an object a prototype');
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, plain(member)]));
}

export default target;
