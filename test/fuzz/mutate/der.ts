import type { Random } from '../../conformance/random.ts';
import type { Mutator } from '../target.ts';

interface Node {
  tag: number;
  content: Buffer | Node[];
  /** How the length is written: as DER has it, with an octet too many, without end, or wrong. */
  length: 'der' | 'long' | 'indefinite' | 'wrong';
}

/** Changes one value in the tree of DER; the lengths around it stay right, unless the change is of a length. */
export const mutateDer: Mutator = (input, random, other) => {
  const roots = readNodes(input);
  if (roots === undefined || roots.length === 0) return input;
  const nodes = roots.flatMap(listNodes);
  const node = random.pick(nodes);
  const donors = readNodes(other())?.flatMap(listNodes) ?? [];
  change(node, random, donors.length === 0 ? { tag: 5, content: Buffer.alloc(0), length: 'der' } : random.pick(donors));
  return Buffer.concat(roots.map(write));
};

function change(node: Node, random: Random, donor: Node): void {
  const ways: readonly (() => unknown)[] = [
    () => (node.tag = random.pick(TAGS)),
    () => (node.tag ^= 1 << random.between(0, 7)),
    () => (node.content = donor.content),
    () => Object.assign(node, { tag: donor.tag, content: donor.content }),
    () => (node.length = random.pick(['long', 'indefinite', 'wrong'] as const)),
    () => (node.content = [{ ...node }]),
  ];
  if (random.between(0, 2) === 0) changeContent(node, random, donor);
  else random.pick(ways)();
}

function changeContent(node: Node, random: Random, donor: Node): void {
  if (Array.isArray(node.content)) {
    const at = random.between(0, Math.max(0, node.content.length - 1));
    const child = node.content[at];
    const ways: readonly (() => unknown)[] = [
      () => (node.content = without(node.content, at)),
      () => (node.content = withNode(node.content, at, child ?? donor)),
      () => (node.content = withNode(node.content, random.between(0, node.content.length), donor)),
    ];
    random.pick(ways)();
    return;
  }
  const octets = Buffer.from(node.content);
  const at = random.between(0, Math.max(0, octets.length - 1));
  if (octets.length > 0)
    octets[at] = random.pick([0, 0x7f, 0x80, 0xff, random.between(0, 255), Number(octets[at]) ^ 1]);
  node.content = random.pick([
    octets,
    Buffer.alloc(0),
    octets.subarray(0, at),
    Buffer.concat([Buffer.of(0), octets]),
    Buffer.concat([octets, octets]),
    Buffer.alloc(random.pick([1, 20, 130, 300]), 0xff),
    Buffer.from(random.pick(TIMES)),
  ]);
}

const listOf = (content: Node['content']): readonly Node[] => (Array.isArray(content) ? content : []);
const without = (content: Node['content'], at: number): Node[] => listOf(content).filter((_, index) => index !== at);
const withNode = (content: Node['content'], at: number, node: Node): Node[] => [
  ...listOf(content).slice(0, at),
  node,
  ...listOf(content).slice(at),
];

function listNodes(node: Node): readonly Node[] {
  return [node, ...listOf(node.content).flatMap(listNodes)];
}

function write({ tag, content, length }: Node): Buffer {
  const octets = Array.isArray(content) ? Buffer.concat(content.map(write)) : content;
  if (length === 'indefinite') return Buffer.concat([Buffer.of(tag & 0xff, 0x80), octets, Buffer.of(0, 0)]);
  const said = octets.length + (length === 'wrong' ? 1 : 0);
  const digits = Buffer.from(
    said
      .toString(16)
      .padStart(length === 'long' ? 8 : 2, '0')
      .replace(/^(?=(?:..)*.$)/, '0'),
    'hex',
  );
  const short = said < 0x80 && length !== 'long';
  return Buffer.concat([
    Buffer.of(tag & 0xff),
    short ? Buffer.of(said) : Buffer.concat([Buffer.of(0x80 + digits.length), digits]),
    octets,
  ]);
}

function readNodes(octets: Buffer, depth = 0): Node[] | undefined {
  const nodes: Node[] = [];
  for (let at = 0; at < octets.length;) {
    const extent = readExtent(octets, at);
    if (extent === undefined) return undefined;
    const tag = octets.readUInt8(at);
    const content = octets.subarray(extent.start, extent.end);
    // Octet strings often hold DER themselves.
    const isNested = depth < MAX_DEPTH && ((tag & 0x20) !== 0 || tag === 0x04);
    const held = isNested ? (readNodes(content, depth + 1) ?? []) : [];
    nodes.push({ tag, content: held.length > 0 ? held : Buffer.from(content), length: 'der' });
    at = extent.end;
  }
  return nodes;
}

function readExtent(octets: Buffer, at: number): { readonly start: number; readonly end: number } | undefined {
  const first = octets[at + 1];
  if (first === undefined || first === 0x80 || first > 0x84) return undefined;
  const extra = first < 0x80 ? 0 : first - 0x80;
  const start = at + 2 + extra;
  if (start > octets.length) return undefined;
  const end = start + (extra === 0 ? first : octets.readUIntBE(at + 2, extra));
  return end > octets.length ? undefined : { start, end };
}

const TAGS = [
  0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x0c, 0x13, 0x17, 0x18, 0x1e, 0x30, 0x31, 0x80, 0xa0, 0xa1, 0xa3, 0x1f,
];
const TIMES = [
  '260101000000Z',
  '491231235959Z',
  '500101000000Z',
  '20500101000000Z',
  '2601010000Z',
  '260230000000Z',
  '99991231235959Z',
];
const MAX_DEPTH = 40;
