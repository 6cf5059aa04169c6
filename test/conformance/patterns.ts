import type { Random } from './random.ts';

/** A string that matches the pattern; reads character classes of ranges and single characters with `{m,n}` or `{n}`, all that the schemas use. */
export function matching(pattern: string, random: Random): string {
  return partsOf(pattern)
    .map(({ characters, least, most }) => draw(characters, random.between(least, most), random))
    .join('');
}

/** Whether the whole value matches the pattern. */
export function matches(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(value);
}

/** Values that break the pattern in one of its parts: a character too many, one too few, or one of another kind. */
export function nearMisses(pattern: string, random: Random): readonly string[] {
  const parts = partsOf(pattern);
  const drawn = parts.map(({ characters, least, most }) =>
    draw(characters, Math.max(least, Math.min(most, 1)), random),
  );
  const misses = parts.flatMap(({ characters, least, most }, index) => {
    const good = drawn[index] ?? '';
    const strange = STRANGE.filter((character) => !characters.includes(character));
    const changed = [
      draw(characters, most + 1, random),
      ...(least > 0 ? [draw(characters, least - 1, random)] : []),
      ...strange.flatMap((character) => [character + good.slice(1), good.slice(0, -1) + character]),
    ];
    return changed.map((part) => drawn.map((other, place) => (place === index ? part : other)).join(''));
  });
  return [...new Set(misses)].filter((value) => !matches(pattern, value));
}

interface Part {
  readonly characters: readonly string[];
  readonly least: number;
  readonly most: number;
}

function partsOf(pattern: string): readonly Part[] {
  const parts = [...pattern.matchAll(/(?:\[([^\]]+)\]|([^[\]{}()|*+?.\\]))(?:\{(\d+)(?:,(\d+))?\})?/g)];
  if (parts.map(([whole]) => whole).join('') !== pattern) throw new Error(`pattern ${pattern} is not read`);
  return parts.map(([, inClass, literal, least = '1', most = least]) => ({
    characters: Array.from(literal ?? charactersOf(inClass ?? '')),
    least: Number(least),
    most: Number(most),
  }));
}

function draw(characters: readonly string[], count: number, random: Random): string {
  return Array.from({ length: count }, () => random.pick(characters)).join('');
}

function charactersOf(inClass: string): string {
  return inClass.replace(/(.)-(.)/gu, (_, low: string, high: string) => {
    const [from, to] = [low.charCodeAt(0), high.charCodeAt(0)];
    return String.fromCharCode(...Array.from({ length: to - from + 1 }, (__, index) => from + index));
  });
}

const STRANGE = ['0', '5', '9', 'a', 'z', 'A', 'Z', '-', '_', ' ', 'é', '٣'];
