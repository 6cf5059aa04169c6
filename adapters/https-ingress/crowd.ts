/** What becomes of one more: it is taken, refused with an answer, or cut off without one. */
export type Admission = 'taken' | 'refused' | 'cut-off';

/** Counts what there is of one kind for each caller. */
export interface Crowd {
  /** Counts one in, however it is admitted; each must leave. */
  enter(key: string): Admission;
  leave(key: string): void;
}

/** Those over `max` are refused, with an answer; those over twice as many would be a flood of answers. */
export function createCrowd(max: number): Crowd {
  const counts = new Map<string, number>();
  return {
    enter: (key) => {
      const count = (counts.get(key) ?? 0) + 1;
      counts.set(key, count);
      if (count <= max) return 'taken';
      return count <= 2 * max ? 'refused' : 'cut-off';
    },
    leave: (key) => {
      const count = counts.get(key) ?? 0;
      if (count > 1) counts.set(key, count - 1);
      else counts.delete(key);
    },
  };
}
