import type { RegisterEntry } from '../../gateway/domain/register-entry.ts';

interface Item {
  readonly deadline: number;
  readonly id: string;
}

/** Ids of open berichten, kept in the order of their deadlines: adding and removing cost the same at 10 and at 10,000. */
export class OpenList {
  readonly #items: Item[] = [];

  add({ facts }: RegisterEntry): void {
    const item = { deadline: facts.deadline, id: facts.messageId };
    this.#items.splice(this.#placeOf(item), 0, item);
  }

  remove({ facts }: RegisterEntry): void {
    const item = { deadline: facts.deadline, id: facts.messageId };
    const place = this.#placeOf(item);
    if (this.#items[place]?.id === item.id) this.#items.splice(place, 1);
  }

  ids(): readonly string[] {
    return this.#items.map((item) => item.id);
  }

  #placeOf(item: Item): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#items[middle];
      if (other !== undefined && isBefore(other, item)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function isBefore(one: Item, other: Item): boolean {
  return one.deadline === other.deadline ? one.id < other.id : one.deadline < other.deadline;
}
