import type { Random } from '../../conformance/random.ts';
import type { Mutator } from '../target.ts';

/** Changes octets without regard to what they mean; now and then puts in one of the words. */
export function mutateBytes(words: readonly string[]): Mutator {
  const tokens = words.map((word) => Buffer.from(word, 'latin1'));
  return (input, random, other) => {
    const way = random.between(0, tokens.length > 0 ? 9 : 7);
    if (way > 7) return insert(input, random, random.pick(tokens));
    return WAYS[way]?.(input, random, other) ?? input;
  };
}

const flip: Mutator = (input, random) => {
  const copy = Buffer.from(input);
  const at = random.between(0, Math.max(0, copy.length - 1));
  if (copy.length > 0) copy[at] = Number(copy[at]) ^ (1 << random.between(0, 7));
  return copy;
};

const set: Mutator = (input, random) => {
  const copy = Buffer.from(input);
  if (copy.length > 0)
    copy[random.between(0, copy.length - 1)] = random.between(0, 2) > 0 ? random.between(0, 255) : random.pick(OCTETS);
  return copy;
};

const remove: Mutator = (input, random) => {
  const at = random.between(0, input.length);
  const end = Math.min(input.length, at + random.pick(LENGTHS));
  return Buffer.concat([input.subarray(0, at), input.subarray(end)]);
};

const repeat: Mutator = (input, random) => {
  const at = random.between(0, input.length);
  const piece = input.subarray(at, at + random.pick(LENGTHS));
  return Buffer.concat([
    input.subarray(0, at),
    ...Array.from({ length: random.pick(TIMES) }, () => piece),
    input.subarray(at),
  ]);
};

const copyOver: Mutator = (input, random) => {
  const from = random.between(0, input.length);
  const piece = input.subarray(from, from + random.pick(LENGTHS));
  return insert(input, random, piece);
};

const splice: Mutator = (input, random, other) => {
  const second = other();
  const [end, start] = [random.between(0, input.length), random.between(0, second.length)];
  return Buffer.concat([input.subarray(0, end), second.subarray(start)]);
};

const insertOctets: Mutator = (input, random) =>
  insert(input, random, Buffer.from(Array.from({ length: random.between(1, 3) }, () => random.pick(OCTETS))));

const truncate: Mutator = (input, random) => input.subarray(0, random.between(0, input.length));

const WAYS = [flip, set, remove, repeat, copyOver, splice, insertOctets, truncate];
const LENGTHS = [1, 1, 1, 2, 3, 4, 8, 16, 64];
const TIMES = [1, 1, 1, 2, 8, 70, 300];
const OCTETS = [
  0x00, 0x09, 0x0a, 0x0d, 0x20, 0x22, 0x26, 0x27, 0x2f, 0x30, 0x3c, 0x3d, 0x3e, 0x5b, 0x5c, 0x7f, 0x80, 0xc0, 0xed,
  0xef, 0xff,
];

/** Puts a piece somewhere in the input. */
export function insert(input: Buffer, random: Random, piece: Buffer): Buffer {
  const at = random.between(0, input.length);
  return Buffer.concat([input.subarray(0, at), piece, input.subarray(at)]);
}
