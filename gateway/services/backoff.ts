import type { Parts } from './parts.ts';

/** Exponential with full jitter from the base to the cap. */
export function backoffMs(parts: Pick<Parts, 'settings' | 'ids'>, attempts: number): number {
  const { backoffBaseMs, backoffCapMs } = parts.settings;
  const ceiling = Math.min(backoffCapMs, backoffBaseMs * 2 ** Math.min(attempts, MAX_DOUBLINGS));
  return Math.round(ceiling / 2 + (ceiling / 2) * parts.ids.fraction());
}

/** The class of a fault; never its text. */
export function faultName(cause: unknown): string {
  return cause instanceof Error ? cause.name : 'unknown';
}

const MAX_DOUBLINGS = 20;
