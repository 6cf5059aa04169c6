/** An element of a text, by offsets. */
export interface ElementSpan {
  readonly name: string;
  readonly start: number;
  /** Where the start tag ends. */
  readonly openEnd: number;
  /** Where the end tag begins; `openEnd` of an empty-element tag. */
  readonly closeStart: number;
  readonly end: number;
  readonly depth: number;
}

/** An attribute of a text, with the white space before it; `value` is as it is written. */
export interface AttributeSpan {
  readonly name: string;
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** A run of text between two tags. */
export interface TextSpan {
  readonly start: number;
  readonly end: number;
}

/** Where everything of an XML text stands. */
export interface Shape {
  readonly text: string;
  readonly elements: readonly ElementSpan[];
  readonly attributes: readonly AttributeSpan[];
  readonly texts: readonly TextSpan[];
}

/** Reads where things stand, without judging whether the text is well-formed; what doesn't fit is left out. */
export function readShape(text: string): Shape {
  const elements: ElementSpan[] = [];
  const attributes: AttributeSpan[] = [];
  const texts: TextSpan[] = [];
  const open: { readonly name: string; readonly start: number; readonly openEnd: number }[] = [];
  for (const match of text.matchAll(TOKEN)) {
    const [token] = match;
    const [start, end] = [match.index, match.index + token.length];
    if (!token.startsWith('<')) {
      texts.push({ start, end });
    } else if (token.startsWith('</')) {
      const opened = open.pop();
      if (opened !== undefined) elements.push({ ...opened, closeStart: start, end, depth: open.length });
    } else if (!/^<[!?]/.test(token)) {
      const name = /^<([^\s/>]+)/.exec(token)?.[1] ?? '';
      attributes.push(...readAttributes(token, start));
      if (token.endsWith('/>')) {
        elements.push({ name, start, openEnd: end, closeStart: end, end, depth: open.length });
      } else open.push({ name, start, openEnd: end });
    }
  }
  return { text, elements: elements.sort((a, b) => a.start - b.start), attributes, texts };
}

/** The text with a part replaced. */
export function splice(text: string, span: { readonly start: number; readonly end: number }, by: string): string {
  return text.slice(0, span.start) + by + text.slice(span.end);
}

function readAttributes(tag: string, offset: number): readonly AttributeSpan[] {
  return [...tag.matchAll(/\s+([^\s=/>]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g)].map((match) => ({
    name: match[1] ?? '',
    value: match[2] ?? match[3] ?? '',
    start: offset + match.index,
    end: offset + match.index + match[0].length,
  }));
}

const TOKEN = /<!--[^]*?-->|<\?[^]*?\?>|<!\[CDATA\[[^]*?\]\]>|<(?:[^<>"']|"[^"]*"|'[^']*')*>|[^<]+/g;
