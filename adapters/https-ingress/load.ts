import { performance } from 'node:perf_hooks';

/** Milliseconds of a clock that only goes forward; says nothing of the time of day. */
export function nowMs(): number {
  return performance.now();
}

/** Tells which part of the time, 0 to 1, this thread was at work in the last moments. */
export function createLoad(): () => number {
  let last = performance.eventLoopUtilization();
  let at = nowMs();
  let load = 0;
  return () => {
    const now = nowMs();
    if (now - at < MOMENT_MS) return load;
    const current = performance.eventLoopUtilization();
    load = performance.eventLoopUtilization(current, last).utilization;
    [last, at] = [current, now];
    return load;
  };
}

const MOMENT_MS = 20;
