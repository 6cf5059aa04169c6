/** Whether a declaration (`<!` of a document type, entity …) stands anywhere but in a comment, CDATA section or instruction. */
export function hasDeclaration(text: string): boolean {
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at)) {
    const skipped = SKIPPED.find(([start]) => text.startsWith(start, at));
    if (skipped === undefined) {
      if (text.startsWith('<!', at)) return true;
      at += 1;
      continue;
    }
    const [start, end] = skipped;
    const close = text.indexOf(end, at + start.length);
    if (close < 0) return false;
    at = close + end.length;
  }
  return false;
}

const SKIPPED = [
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
  ['<?', '?>'],
] as const;
