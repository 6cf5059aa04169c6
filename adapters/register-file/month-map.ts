import type { Month } from './segments.ts';

/** Values under keyed kenmerken, which are keyed anew each month and forgotten with it. */
export class MonthMap<T> {
  readonly #months = new Map<Month, Map<string, T>>();

  find(month: Month, hmac: string): T | undefined {
    return this.#months.get(month)?.get(hmac);
  }

  put(month: Month, hmac: string, value: T): void {
    const values = this.#months.get(month) ?? new Map<string, T>();
    this.#months.set(month, values.set(hmac, value));
  }

  has(month: Month): boolean {
    return this.#months.has(month);
  }

  forget(month: Month): void {
    this.#months.delete(month);
  }
}
