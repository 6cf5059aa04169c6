import type { Random } from '../../conformance/random.ts';
import type { Mutator } from '../target.ts';

interface Member {
  name: string;
  value: Tree;
}

/** A JSON text as it is written: texts, numbers and names keep their own spelling, and a name may stand twice. */
type Tree =
  | { readonly kind: 'text'; text: string }
  | { readonly kind: 'list'; readonly items: Tree[] }
  | { readonly kind: 'members'; readonly members: Member[] };

/** Changes one place of the tree of a JSON text; what is no JSON is left alone. `names` are put in as names of members. */
export function mutateJson(names: readonly string[] = []): Mutator {
  return (input, random, other) => {
    // Deeper than any reader goes, the tree would only cost this one its stack.
    const tree =
      (input.toString('latin1').match(/[[{]/g) ?? []).length > MAX_NESTED
        ? undefined
        : readTree(input.toString('latin1'));
    if (tree === undefined) return input.subarray(0, input.length >> 1);
    const places = listTrees(tree);
    const place = random.pick(places);
    change(place, {
      random,
      names,
      donor: () => pickFrom(readTree(other().toString('latin1').slice(0, MAX_DONOR)) ?? text('null'), random),
    });
    return Buffer.from(write(tree), 'latin1');
  };
}

interface Change {
  readonly random: Random;
  readonly names: readonly string[];
  readonly donor: () => Tree;
}

function change(place: Tree, { random, names, donor }: Change): void {
  if (place.kind === 'text')
    place.text = random.between(0, 1) === 0 ? random.pick(VALUES) : respell(place.text, random);
  if (place.kind === 'list') changeItems(place.items, random, donor);
  if (place.kind === 'members') changeMembers(place.members, { random, names, donor });
}

function changeItems(items: Tree[], random: Random, donor: () => Tree): void {
  const at = random.between(0, items.length);
  const way = random.between(0, 3);
  if (way === 0) items.splice(at, 1);
  if (way === 1) items.splice(at, 0, donor());
  if (way === 2) items.splice(at, 0, text(random.pick(VALUES)));
  if (way === 3) items.splice(at, 1, { kind: 'list', items: items.slice(at, at + 1) });
}

function changeMembers(members: Member[], { random, names, donor }: Change): void {
  const at = random.between(0, Math.max(0, members.length - 1));
  const member = members[at] ?? { name: '""', value: text('0') };
  const anyName = (): string => random.pick([...NAMES, ...names]);
  const ways: readonly (() => unknown)[] = [
    () => members.splice(at, 1),
    () => members.splice(random.between(0, members.length), 0, { ...member }),
    () => members.push({ name: anyName(), value: donor() }),
    () => (member.value = donor()),
    () => (member.value = text(random.pick(VALUES))),
    () => (member.name = random.pick([respell(member.name, random), anyName()])),
    () => (member.value = nest(member.value, random.pick(DEPTHS))),
  ];
  random.pick(ways)();
}

/** The same text in other letters: one of them as an escape, or with something added. */
function respell(written: string, random: Random): string {
  if (written.length < 3 || !written.startsWith('"')) return written + random.pick(DIGITS);
  const at = random.between(1, written.length - 2);
  const escape = `\\u${written.charCodeAt(at).toString(16).padStart(4, '0')}`;
  return written.slice(0, at) + random.pick([escape, random.pick(PIECES)]) + written.slice(at + random.between(0, 1));
}

function nest(value: Tree, depth: number): Tree {
  return depth === 0 ? value : { kind: 'list', items: [nest(value, depth - 1)] };
}

const text = (written: string): Tree => ({ kind: 'text', text: written });

function pickFrom(tree: Tree, random: Random): Tree {
  return random.pick(listTrees(tree));
}

function listTrees(tree: Tree): readonly Tree[] {
  const found = [tree];
  // The list grows as it is walked.
  for (const one of found) {
    if (one.kind === 'list') found.push(...one.items);
    if (one.kind === 'members') found.push(...one.members.map(({ value }) => value));
  }
  return found;
}

function write(tree: Tree): string {
  if (tree.kind === 'text') return tree.text;
  if (tree.kind === 'list') return `[${tree.items.map(write).join(',')}]`;
  return `{${tree.members.map(({ name, value }) => `${name}:${write(value)}`).join(',')}}`;
}

/** Reads what is nearly JSON; undefined for anything else. */
function readTree(written: string): Tree | undefined {
  const tokens = written.match(TOKENS) ?? [];
  let position = 0;
  const read = (): Tree | undefined => {
    const token = tokens[position++];
    if (token === '[') return readList();
    if (token === '{') return readMembers();
    return token === undefined || ENDS.has(token) ? undefined : text(token);
  };
  const readList = (): Tree => {
    const items: Tree[] = [];
    for (;;) {
      if (tokens[position] === ',') position += 1;
      const item = tokens[position] === ']' ? undefined : read();
      if (item === undefined) break;
      items.push(item);
    }
    position += 1;
    return { kind: 'list', items };
  };
  const readMembers = (): Tree => {
    const members: Member[] = [];
    for (;;) {
      if (tokens[position] === ',') position += 1;
      const name = tokens[position];
      if (name === undefined || name === '}' || tokens[position + 1] !== ':') break;
      position += 2;
      const value = read();
      if (value === undefined) break;
      members.push({ name, value });
    }
    position += 1;
    return { kind: 'members', members };
  };
  return read();
}

const TOKENS = /"(?:[^"\\]|\\[^])*"?|[[\]{},:]|[^[\]{},:"\s]+/g;
const ENDS = new Set([']', '}', ',', ':']);
const NAMES = [
  '"__proto__"',
  '"constructor"',
  '"prototype"',
  '""',
  '"\\u005f_proto__"',
  '"toString"',
  '"a"',
  '"\\ud800"',
  '"0"',
];
const VALUES = [
  ...[
    'null',
    'true',
    'false',
    'nul',
    '""',
    '[]',
    '{}',
    '"\\ud83d\\ude00"',
    '"\\ud83d"',
    '"\\ude00\\ud83d"',
    '"\u00e9"',
  ],
  ...['0', '-0', '1e400', '-1e-400', '9007199254740991', '9007199254740993', '-9007199254740993', '0.1', '1.0', '1E+2'],
  ...[
    '0.30000000000000004',
    '1e308',
    '5e-324',
    '2e-324',
    '00',
    '01',
    '+1',
    '.5',
    '1.',
    '0x1',
    'NaN',
    'Infinity',
    '1e5',
  ],
  ...['123456789012345678', '0.1234567890123456789', '100000000000000000000', '4.35', '"\\u0000"', '"\\x41"', "'a'"],
];
const PIECES = ['\\', '\\n', '\\ud800', '\\udc00', '\u0000', '\\u00', '\t', '<', '\u00c3\u00a9', '"'];
const DIGITS = ['0', 'e', 'E9', '.', '-', '00000000000000000001'];
const DEPTHS = [1, 2, 8, 30, 62, 63, 64, 65, 200];
const MAX_NESTED = 1_500;
const MAX_DONOR = 4_000;
