/** Where text goes; a stream of the process, or a list in a test. */
export interface Sink {
  write(text: string): void;
  /** Whether somebody looks at a terminal that shows colours. */
  readonly colours: boolean;
  /** Width of that terminal; undefined when there is none. */
  readonly columns?: number | undefined;
}

/** Marks text for a reader at a terminal; elsewhere it leaves the text as it is. */
export type Paint = Readonly<Record<'bold' | 'dim' | 'green' | 'red' | 'yellow' | 'cyan', (text: string) => string>>;

/** What a command says: answers to standard output, everything about its running to standard error. */
export interface Output {
  readonly paint: Paint;
  /** How many characters fit on a line for a reader. */
  readonly width: number;
  line(text?: string): void;
  json(value: unknown): void;
  note(text: string): void;
}

/** Makes the output of a command. */
export function createOutput(out: Sink, errors: Sink): Output {
  return {
    paint: createPaint(out.colours),
    width: Math.min(Math.max(out.columns ?? DEFAULT_WIDTH, MIN_WIDTH), MAX_WIDTH),
    line: (text = '') => {
      out.write(`${text}\n`);
    },
    json: (value) => {
      out.write(`${JSON.stringify(value, undefined, 2)}\n`);
    },
    note: (text) => {
      errors.write(`${text}\n`);
    },
  };
}

/** Lines of `name   value`, the values below each other. */
export function alignPairs(pairs: readonly (readonly [string, string])[]): readonly string[] {
  const width = Math.max(0, ...pairs.map(([name]) => name.length));
  return pairs.map(([name, value]) => `${name.padEnd(width)}  ${value}`.trimEnd());
}

/** Runs the work; when it takes over two seconds, says so on standard error, and again every five. */
export async function withProgress<T>(output: Output, text: string, work: () => Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const tell = (): void => {
    output.note(`${text} … (${String(Math.round((performance.now() - startedAt) / 1000))} s)`);
  };
  const first = setTimeout(tell, FIRST_NOTE_MS);
  const more = setInterval(tell, NOTE_EVERY_MS);
  try {
    return await work();
  } finally {
    clearTimeout(first);
    clearInterval(more);
  }
}

/** As `alignPairs`, in lines of at most `width` characters: the rest of a value stands below its start. */
export function wrapPairs(pairs: readonly (readonly [string, string])[], width: number): readonly string[] {
  const indent = Math.max(0, ...pairs.map(([name]) => name.length)) + 2;
  return pairs.flatMap(([name, value]) =>
    wrapText(value, width - indent).map((line, index) => (index === 0 ? name : '').padEnd(indent) + line),
  );
}

/** Lines of at most `width` characters, broken at spaces. */
export function wrapText(text: string, width: number): readonly string[] {
  return wrapWords(text.split(' '), width);
}

/** Lines of at most `width` characters, broken between the words given; a longer word has a line of its own. */
export function wrapWords(words: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** Text that came from outside, safe to show: control characters would let it write elsewhere on a terminal. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
}

function createPaint(colours: boolean): Paint {
  const code = (on: number, off: number) => (text: string) =>
    colours ? `\u001b[${String(on)}m${text}\u001b[${String(off)}m` : text;
  return {
    bold: code(1, 22),
    dim: code(2, 22),
    green: code(32, 39),
    red: code(31, 39),
    yellow: code(33, 39),
    cyan: code(36, 39),
  };
}

const DEFAULT_WIDTH = 80;
const MIN_WIDTH = 40;
const MAX_WIDTH = 100;
const FIRST_NOTE_MS = 2_000;
const NOTE_EVERY_MS = 5_000;
