// npm run crosscheck [-- --quick] [--seed <n>]: holds our XML signatures against those of xmlsec1 and the JDK, on documents that each
// signs and on random changes of them. With --memory: judges 100,000 berichten and measures that memory stays flat.
import { register } from 'node:module';
import { prepare } from './prepare.mjs';

await prepare({ build: false });
register('./typescript-hooks.mjs', import.meta.url);
const main = process.argv.includes('--memory') ? 'memory-main' : 'main';
await import(`../test/crosscheck/${main}.ts`).catch((error) => {
  process.stderr.write(`crosscheck: ${error.message}\n`);
  process.exitCode = 2;
});
