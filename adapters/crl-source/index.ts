import type { ListSource } from '../../gateway/ports/list-source.ts';
import type { ListSourceOptions } from './config.ts';
import { createFileSource } from './file.ts';
import { createHttpSource } from './http.ts';

/** The list at a place: an address with http:// or https://, else the path of a file. */
export function createListSource(place: string, options: ListSourceOptions): ListSource {
  return /^https?:\/\//.test(place) && URL.canParse(place)
    ? createHttpSource(new URL(place), { timeoutMs: DEFAULT_TIMEOUT_MS, ...options })
    : createFileSource(place, options.maxBytes);
}

const DEFAULT_TIMEOUT_MS = 30_000;
