import type { Random } from '../../conformance/random.ts';
import type { Mutator } from '../target.ts';
import { insert } from './bytes.ts';

/** Changes one element, attribute or text of an XML text; `words` are put in as texts, attributes and content. */
export function mutateXmlTree(words: readonly string[] = []): Mutator {
  return (input, random, other) => {
    const text = input.toString('latin1');
    const spans = readSpans(text);
    if (spans.length === 0) return insert(input, random, Buffer.from(random.pick(CONTENTS), 'latin1'));
    const from = random.pick(spans);
    const donor = (): string => {
      const second = other().toString('latin1');
      const found = readSpans(second);
      return found.length === 0 ? second : outer(second, random.pick(found));
    };
    const changed = random.pick(WAYS)({ text, spans, span: from, random, words, donor });
    return Buffer.from(changed, 'latin1');
  };
}

interface Span {
  readonly start: number;
  /** Where the name ends, the start tag ends, the end tag begins, and everything ends. */
  readonly nameEnd: number;
  readonly tagEnd: number;
  readonly close: number;
  readonly end: number;
}

interface Place {
  readonly text: string;
  readonly spans: readonly Span[];
  readonly span: Span;
  readonly random: Random;
  readonly words: readonly string[];
  readonly donor: () => string;
}

const outer = (text: string, { start, end }: Span): string => text.slice(start, end);
const replace = (text: string, [start, end]: readonly [number, number], by: string): string =>
  text.slice(0, start) + by + text.slice(end);
const inside = ({ span, random }: Place): number => random.pick([span.tagEnd, span.close]);

/** A place in what the element holds that isn't within a tag. */
function within({ text, span, random }: Place): number {
  const at = random.between(span.tagEnd, Math.max(span.tagEnd, span.close));
  const open = text.lastIndexOf('<', at - 1);
  return open >= span.tagEnd && text.indexOf('>', open) >= at ? span.close : at;
}

const WAYS: readonly ((place: Place) => string)[] = [
  ({ text, span }) => replace(text, [span.start, span.end], ''),
  ({ text, span }) => replace(text, [span.end, span.end], outer(text, span)),
  ({ text, span, donor }) => replace(text, [span.start, span.end], donor()),
  (place) => {
    const at = inside(place);
    return replace(place.text, [at, at], place.donor()).slice(0, MAX_LENGTH);
  },
  // Moved or copied to another place.
  ({ text, span, spans, random }) => {
    const to = random.pick(spans);
    const copied = replace(text, [to.tagEnd, to.tagEnd], outer(text, span));
    return to.tagEnd <= span.start && random.between(0, 1) === 0
      ? replace(copied, [span.start + span.end - span.start, span.end + span.end - span.start], '')
      : copied;
  },
  // Wrapped, in itself or in another.
  ({ text, span, random }) => {
    const name = random.pick([text.slice(span.start + 1, span.nameEnd), 'a', 'ds:Object']);
    return replace(text, [span.start, span.end], `<${name}>${outer(text, span)}</${name}>`);
  },
  ({ text, span }) => replace(text, [span.start, span.end], text.slice(span.tagEnd, span.close)),
  (place) => {
    const at = within(place);
    return replace(place.text, [at, at], place.random.pick([...CONTENTS, ...place.words]));
  },
  (place) => {
    const at = within(place);
    return replace(place.text, [at, at], place.random.pick(CONTENTS));
  },
  ({ text, span, random, words }) =>
    replace(text, [span.tagEnd, span.close], random.pick([...words, '', 'x', '&amp;', ' ', '\n'])),
  ({ text, span, random, words }) =>
    replace(text, [span.nameEnd, span.nameEnd], ` ${random.pick([...ATTRIBUTES, ...words])}`),
  ({ text, span, random }) => replace(text, [span.nameEnd, span.nameEnd], random.pick([' ', '\n', ':', 'x', '/'])),
  // Another prefix or name at both ends.
  ({ text, span, random }) => {
    const name = random.pick(['ds:Signature', 'a', 'x:y', 'b:bericht', 'xml:a', 'ds:SignedInfo', 'b:inhoud']);
    const closed = replace(text, [span.close, span.end], span.close === span.end ? '' : `</${name}>`);
    return replace(closed, [span.start + 1, span.nameEnd], name);
  },
  changeAttribute,
  ({ text, span, random }) => replace(text, [span.start, span.start], random.pick(CONTENTS)),
  ({ text, random }) => random.pick(PROLOGS) + text.replace(/^<\?xml[^>]*\?>\s*/, ''),
  ({ text, random }) => text + random.pick(CONTENTS),
  ({ text, span, random }) => {
    const depth = random.pick([2, 10, 55, 64, 70]);
    return replace(text, [span.tagEnd, span.close], '<a>'.repeat(depth) + '</a>'.repeat(depth));
  },
  ({ text, span, random }) => {
    const count = random.pick([2, 10, 63, 64, 65, 260]);
    const attributes = Array.from(
      { length: count },
      (_, index) => ` ${random.pick(['a', 'xmlns:n'])}${String(index)}="urn:x"`,
    );
    return replace(text, [span.nameEnd, span.nameEnd], attributes.join(''));
  },
];

function changeAttribute({ text, span, random, words }: Place): string {
  const tag = text.slice(span.start, span.tagEnd);
  const found = [...tag.matchAll(/\s([\w:.-]+)\s*=\s*("[^"]*"|'[^']*')/g)];
  if (found.length === 0) return text;
  const { index, 0: whole, 1: name = '', 2: value = '' } = random.pick(found);
  const at = span.start + index;
  const changes = [
    '',
    whole + whole,
    ` ${name}=${random.pick(VALUES)}`,
    ` ${name}="${random.pick([...words, 'x'])}"`,
    ` ${random.pick(ATTRIBUTE_NAMES)}=${value}`,
    ` ${name}='${value.slice(1, -1)}'`,
    ` ${name}="${value.slice(1, -1)} "`,
    ` ${name}="&#${String(value.charCodeAt(1))};${value.slice(2)}`,
  ];
  return replace(text, [at, at + whole.length], random.pick(changes));
}

function readSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const open: Omit<Span, 'close' | 'end'>[] = [];
  for (const match of text.matchAll(/<(\/?)([\w:.-]+)((?:"[^"]*"|'[^']*'|[^'">])*?)(\/?)>/g)) {
    const { index, 0: whole, 1: slash, 2: name = '', 4: empty } = match;
    const end = index + whole.length;
    if (slash === '/') {
      const start = open.pop();
      if (start !== undefined) spans.push({ ...start, close: index, end });
      continue;
    }
    const nameEnd = index + 1 + name.length;
    if (empty === '/') spans.push({ start: index, nameEnd, tagEnd: end, close: end, end });
    else open.push({ start: index, nameEnd, tagEnd: end });
  }
  return spans;
}

const MAX_LENGTH = 200_000;
const CONTENTS = [
  ...[
    '<!-- x -->',
    '<!---->',
    '<?x y?>',
    '<?xml version="1.0"?>',
    '<![CDATA[x]]>',
    '<![CDATA[]]>',
    '<![CDATA[<a>]]>',
    ']]>',
  ],
  ...[
    '<!DOCTYPE a>',
    '<!DOCTYPE a [<!ENTITY e "x">]>',
    '<!ENTITY e "x">',
    '&e;',
    '&lt;',
    '&#x41;',
    '&#0;',
    '&amp;',
    '&',
  ],
  ...[
    ' ',
    '\n',
    '\r\n',
    '\t',
    '\r',
    '&#13;',
    '&#xA;',
    '<a/>',
    '<a xmlns=""/>',
    '<',
    '>',
    'x',
    '\u00c3\u00a9',
    '\u0000',
    '\u00ff',
  ],
  ...[
    '<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>',
    '<!ATTLIST a b CDATA "c">',
    '--',
    '<!--',
    '-->',
    '<![CDATA[',
  ],
];
const ATTRIBUTE_NAMES = [
  'Id',
  'ID',
  'id',
  'xml:id',
  'xmlns',
  'xmlns:b',
  'xmlns:ds',
  'URI',
  'Type',
  'Algorithm',
  'xml:space',
  'xml:base',
];
const VALUES = [
  '""',
  '"#p"',
  '"x"',
  "'x'",
  '"<"',
  '"&lt;"',
  '"&#10;"',
  '" a  b "',
  '"\n"',
  '"urn:x"',
  '"../x"',
  '"http://[x"',
  '"http://www.w3.org/2000/09/xmldsig#"',
];
const ATTRIBUTES = ATTRIBUTE_NAMES.flatMap((name) => [
  `${name}="x"`,
  `${name}=""`,
  `${name}="urn:doorgeefluik:bericht:1"`,
]);
const PROLOGS = [
  ...[
    '<?xml version="1.0"?>',
    '<?xml version="1.1"?>',
    '<?xml version="1.0" encoding="utf-8"?>',
    '<?xml version="1.0" encoding="UTF-7"?>',
  ],
  ...[
    '<?xml version="1.0" encoding="latin1" standalone="yes"?>',
    '\u00ef\u00bb\u00bf',
    '\u00ff\u00fe',
    ' ',
    '<!-- x -->',
    '<!DOCTYPE a>',
  ],
  ...[
    '<!DOCTYPE a SYSTEM "file:///etc/passwd">',
    '<?xml-stylesheet href="x"?>',
    '<?xml version="1.0" encoding="UTF-8" standalone=\'no\' ?>',
  ],
];
