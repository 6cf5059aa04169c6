// The thread in which npm run fuzz reads: a reader that never ends is stopped with it.
import { register } from 'node:module';

// More than there are branches in the product.
globalThis.fuzzCounters = new Uint32Array(65_536);
register('./fuzz-hooks.mjs', import.meta.url);
await import('../test/fuzz/worker.ts');
