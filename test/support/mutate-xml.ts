interface Span {
  /** Offsets in the text: the whole element, and its content between the tags (empty for `<a/>`). */
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly tagEnd: number;
  readonly leaf: boolean;
  readonly depth: number;
}

/** One changed copy of a document and what was done to it. */
export interface Mutation {
  readonly what: string;
  readonly text: string;
}

/** Every single change of a fixed list to every element and attribute of a document without comments or CDATA sections. */
export function* mutateXml(text: string): Generator<Mutation> {
  const spans = readSpans(text);
  for (const span of spans.filter((candidate) => candidate.depth > 0)) yield* mutateElement(text, span, spans);
  for (const match of text.matchAll(/ ([\w:]+)="([^"]*)"/g)) {
    if (match[1]?.startsWith('xmlns') === true || match.index < text.indexOf('?>')) continue;
    yield* mutateAttribute(text, match);
  }
}

function* mutateElement(text: string, span: Span, spans: readonly Span[]): Generator<Mutation> {
  const element = text.slice(span.start, span.end);
  const what = `${String(span.start)} ${element.slice(0, 40)}`;
  const replace = (start: number, end: number, by: string): string => text.slice(0, start) + by + text.slice(end);
  yield { what: `without ${what}`, text: replace(span.start, span.end, '') };
  yield { what: `twice ${what}`, text: replace(span.start, span.end, element + element) };
  yield { what: `unknown attribute on ${what}`, text: replace(span.tagEnd, span.tagEnd, ' onbekend="x"') };
  const next = spans.find((other) => other.depth === span.depth && other.start >= span.end);
  if (next !== undefined && text.slice(span.end, next.start).trim() === '') {
    const swapped = text.slice(next.start, next.end) + text.slice(span.end, next.start) + element;
    yield { what: `after its neighbour ${what}`, text: replace(span.start, next.end, swapped) };
  }
  const nil = ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"';
  if (span.contentEnd > span.contentStart) {
    yield { what: `empty ${what}`, text: replace(span.contentStart, span.contentEnd, '') };
    const head = text.slice(span.start, span.tagEnd);
    if (!head.includes('xsi:nil')) {
      yield { what: `nil ${what}`, text: replace(span.start, span.end, `${head + nil}/>`) };
    }
  }
  if (!span.leaf) return;
  for (const value of VALUES) {
    yield { what: `${value.slice(0, 12)} in ${what}`, text: replace(span.contentStart, span.contentEnd, value) };
  }
}

function* mutateAttribute(text: string, match: RegExpExecArray): Generator<Mutation> {
  const [whole, name = ''] = match;
  const end = match.index + whole.length;
  yield {
    what: `without attribute ${name} at ${String(match.index)}`,
    text: text.slice(0, match.index) + text.slice(end),
  };
  for (const value of ['', 'X', 'x'.repeat(300)]) {
    const changed = ` ${name}="${value}"`;
    yield {
      what: `${value.slice(0, 12)} in attribute ${name} at ${String(match.index)}`,
      text: text.slice(0, match.index) + changed + text.slice(end),
    };
  }
}

function readSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const open: { start: number; tagEnd: number; contentStart: number; leaf: boolean }[] = [];
  for (const match of text.matchAll(/<(\/?)[\w:.-]+((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    const end = match.index + match[0].length;
    if (match[1] === '/') {
      const start = open.pop();
      if (start !== undefined) spans.push({ ...start, end, contentEnd: match.index, depth: open.length });
      continue;
    }
    const parent = open.at(-1);
    if (parent !== undefined) parent.leaf = false;
    const selfClosed = match[3] === '/';
    const tagEnd = end - (selfClosed ? 2 : 1);
    if (!selfClosed) open.push({ start: match.index, tagEnd, contentStart: end, leaf: true });
    else
      spans.push({
        start: match.index,
        end,
        tagEnd,
        contentStart: end,
        contentEnd: end,
        leaf: false,
        depth: open.length,
      });
  }
  return spans.sort((a, b) => a.start - b.start);
}

const VALUES = [
  'X',
  '7',
  '12',
  '123456789',
  '20261123',
  '2026112',
  '202611231',
  '-2026112',
  '2026-11-23',
  '1234AB',
  '0234AB',
  '1234ab',
  'Ja',
  'J',
  'M',
  '12345678',
  '99999',
  '100000',
  ' 7 ',
  ...[4, 9, 10, 11, 16, 17, 20, 21, 24, 25, 30, 31, 35, 36, 40, 41, 42, 43, 45, 46, 50, 51, 80, 81, 100, 101].map((n) =>
    'x'.repeat(n),
  ),
  ...[150, 151, 200, 201, 254, 255, 412, 413, 500, 501, 1000, 1001].map((n) => 'x'.repeat(n)),
];
