// npm run fuzz [-- --quick] [--target <name> ...] [--minutes <m>] [--seed <n>]: mutates what readers of the product read, guided by the
// branches an input reaches, and holds each outcome against an invariant that other code judges (test/fuzz/targets). Without --quick each
// target runs for the minutes given, one unless said. An input that breaks an invariant is kept in test/fuzz/cases and read by npm test.
import { register } from 'node:module';
import { prepare } from './prepare.mjs';

await prepare({ build: false });
register('./typescript-hooks.mjs', import.meta.url);
await import('../test/fuzz/main.ts').catch((error) => {
  process.stderr.write(`fuzz: ${error.message}\n`);
  process.exitCode = 2;
});
