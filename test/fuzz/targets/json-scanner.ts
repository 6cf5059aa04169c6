/** A name that stands twice in one object of a text that JSON.parse accepts; found token by token, without building a value. */
export function findDoubleName(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let before = '';
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]/gs)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined);
    if (CLOSING.has(token)) open.pop();
    const names = BEFORE_NAME.has(before) ? open.at(-1) : undefined;
    if (token.startsWith('"') && names !== undefined) {
      const name = JSON.parse(token) as string;
      if (names.has(name)) return name;
      names.add(name);
    }
    before = token;
  }
  return undefined;
}

const BEFORE_NAME: ReadonlySet<string> = new Set(['{', ',']);
const CLOSING: ReadonlySet<string> = new Set(['}', ']']);

/** A name that JavaScript gives a meaning of its own. */
export function findForbiddenName(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [name, member] of Object.entries(value)) {
    if (!Array.isArray(value) && ['__proto__', 'constructor', 'prototype'].includes(name)) return name;
    const inside = findForbiddenName(member);
    if (inside !== undefined) return inside;
  }
  return undefined;
}

/** Whether a text or name in the value holds half a surrogate pair: such a text doesn't come back from UTF-8 as it was. */
export function findHalfSurrogate(value: unknown): boolean {
  if (typeof value === 'string') return Buffer.from(value, 'utf8').toString('utf8') !== value;
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([name, member]) => findHalfSurrogate(name) || findHalfSurrogate(member));
}
