import { readFileSync } from 'node:fs';

/** A fenced block of a Markdown page. */
export interface Fence {
  /** The word after the backticks; empty without one. */
  readonly language: string;
  readonly text: string;
  /** Line of its first fence, from 1. */
  readonly line: number;
}

/** Every fenced block of a page, in order; throws when one is not closed. */
export function readFences(path: string): readonly Fence[] {
  const lines = readFileSync(path, 'utf8').split('\n');
  const fences: Fence[] = [];
  let open: { readonly language: string; readonly start: number } | undefined;
  lines.forEach((line, index) => {
    if (!FENCE.test(line)) return;
    if (open === undefined) {
      open = { language: line.replace(FENCE, '').trim(), start: index };
      return;
    }
    const text = lines.slice(open.start + 1, index).map((one) => `${one}\n`);
    fences.push({ language: open.language, text: text.join(''), line: open.start + 1 });
    open = undefined;
  });
  if (open !== undefined) throw new Error(`${path} ends inside a fenced block`);
  return fences;
}

const FENCE = /^\s*(?:```|~~~)/;
