// npm run crosscheck [-- --quick] [--seed <n>]: holds our XML signatures against those of xmlsec1 and the JDK, on documents that each
// signs and on random changes of them.
import { register } from 'node:module';
import { prepare } from './prepare.mjs';

await prepare({ build: false });
register('./typescript-hooks.mjs', import.meta.url);
await import('../test/crosscheck/main.ts').catch((error) => {
  process.stderr.write(`crosscheck: ${error.message}\n`);
  process.exitCode = 2;
});
