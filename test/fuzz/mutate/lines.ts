import type { Mutator } from '../target.ts';

/** Changes whole lines of a text, or the words of one: rows of YAML, lines of a head. */
export function mutateLines(words: readonly string[]): Mutator {
  return (input, random, other) => {
    const lines = input.toString('latin1').split('\n');
    const second = other().toString('latin1').split('\n');
    const at = random.between(0, lines.length - 1);
    const line = lines[at] ?? '';
    const [start, end] = [random.between(0, lines.length), random.between(1, 8)];
    const ways = [
      () => lines.splice(at, 1),
      () => lines.splice(start, 0, line),
      () => lines.splice(start, 0, ...lines.slice(at, at + end)),
      () => lines.splice(start, 0, random.pick(second)),
      () => lines.splice(at, 1, random.pick(second)),
      () =>
        lines.splice(
          at,
          1,
          changeWord(line, random.pick([...words, ...(second.join(' ').match(WORDS) ?? ['x'])]), random.fraction()),
        ),
      () => lines.splice(at, 1, changeWord(line, random.pick(words), random.fraction())),
      () => lines.splice(at, 1, line.replace(/^ */, ' '.repeat(random.between(0, 6)))),
      () => lines.splice(at, 1, line + random.pick(words)),
      () => lines.splice(at, 0, random.pick(words)),
    ];
    random.pick(ways)();
    return Buffer.from(lines.join('\n'), 'latin1');
  };
}

function changeWord(line: string, by: string, where: number): string {
  const found = [...line.matchAll(WORDS)];
  const word = found[Math.floor(where * found.length)];
  return word === undefined ? line + by : line.slice(0, word.index) + by + line.slice(word.index + word[0].length);
}

const WORDS = /[\w./+=-]+/g;
