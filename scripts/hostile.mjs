// npm run hostile [-- --quick] [--seed <n>]: brings every hostile input of test/security/corpus, the vectors of the reference data and
// generated variants to a gateway that runs, and shows that none is wrongly taken, crashes it, holds it up, or leaves a trace.
import { register } from 'node:module';
import { prepare } from './prepare.mjs';

await prepare({ build: true });
register('./typescript-hooks.mjs', import.meta.url);
await import('../test/hostile/main.ts').catch((error) => {
  process.stderr.write(`hostile: ${error.stack}\n`);
  process.exitCode = 2;
});
