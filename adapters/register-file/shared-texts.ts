/**
 * One copy of texts that many berichten have in common, such as OINs and rule ids: the index is most of the gateway's
 * lasting memory. The copy is its own: a text cut from a bericht would keep the whole bericht in memory (promise B2).
 */
export function createSharedTexts(): <T extends string>(text: T) => T {
  const texts = new Map<string, string>();
  return <T extends string>(text: T): T => {
    const known = texts.get(text);
    if (isSame(known, text)) return known;
    if (texts.size >= MAX_TEXTS) texts.clear();
    const copy = Buffer.from(text).toString();
    texts.set(copy, copy);
    return isSame(copy, text) ? copy : text;
  };
}

function isSame<T extends string>(known: string | undefined, text: T): known is T {
  return known === text;
}

const MAX_TEXTS = 20_000;
