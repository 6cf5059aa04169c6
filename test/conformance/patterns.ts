import type { Random } from './random.ts';

/** A string that matches the pattern; reads character classes of ranges and single characters with `{m,n}` or `{n}`, all that the schemas use. */
export function matching(pattern: string, random: Random): string {
  const parts = [...pattern.matchAll(/(?:\[([^\]]+)\]|([^[\]{}()|*+?.\\]))(?:\{(\d+)(?:,(\d+))?\})?/g)];
  if (parts.map(([whole]) => whole).join('') !== pattern) throw new Error(`pattern ${pattern} is not read`);
  return parts
    .map(([, inClass, literal, least = '1', most = least]) => {
      const characters = literal ?? charactersOf(inClass ?? '');
      const count = random.between(Number(least), Number(most));
      return Array.from({ length: count }, () => random.pick(Array.from(characters))).join('');
    })
    .join('');
}

/** Whether the whole value matches the pattern. */
export function matches(pattern: string, value: string): boolean {
  return new RegExp(`^(?:${pattern})$`, 'u').test(value);
}

function charactersOf(inClass: string): string {
  return inClass.replace(/(.)-(.)/gu, (_, low: string, high: string) => {
    const [from, to] = [low.charCodeAt(0), high.charCodeAt(0)];
    return String.fromCharCode(...Array.from({ length: to - from + 1 }, (__, index) => from + index));
  });
}
