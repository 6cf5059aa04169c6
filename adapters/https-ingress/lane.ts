/** Work of which only so much is under way at a time. */
export interface Lane {
  /** Runs the work when there is a place; among those that wait, callers take turns. */
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
}

/** Makes a lane of so many places. */
export function createLane(places: number): Lane {
  // The order of the map is that of the turns: who had one goes to its end.
  const queues = new Map<string, (() => void)[]>();
  let running = 0;
  const next = (): void => {
    const [first] = queues;
    if (first === undefined || running >= places) return;
    const [key, queue] = first;
    queues.delete(key);
    const start = queue.shift();
    if (queue.length > 0) queues.set(key, queue);
    running += 1;
    start?.();
  };
  return {
    run: async (key, work) => {
      await new Promise<void>((resolve) => {
        const queue = queues.get(key) ?? [];
        queue.push(resolve);
        queues.set(key, queue);
        next();
      });
      try {
        return await work();
      } finally {
        running -= 1;
        next();
      }
    },
  };
}
