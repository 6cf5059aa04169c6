/** Something due: an id and its moment. */
export interface DueItem {
  readonly at: number;
  readonly id: string;
}

/** Ids kept in the order of their moments: adding and removing cost the same at 10 and at 10,000. */
export class DueList {
  readonly #items: DueItem[] = [];

  add(item: DueItem): void {
    this.#items.splice(this.#placeOf(item), 0, item);
  }

  remove(item: DueItem): void {
    const place = this.#placeOf(item);
    if (this.#items[place]?.id === item.id) this.#items.splice(place, 1);
  }

  ids(): readonly string[] {
    return this.#items.map((item) => item.id);
  }

  /** The ids due at the instant; takes time with what it gives. */
  dueAt(instant: number): readonly string[] {
    const end = this.#items.findIndex(({ at }) => at > instant);
    return (end === -1 ? this.#items : this.#items.slice(0, end)).map((item) => item.id);
  }

  #placeOf(item: DueItem): number {
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

function isBefore(one: DueItem, other: DueItem): boolean {
  return one.at === other.at ? one.id < other.id : one.at < other.at;
}
