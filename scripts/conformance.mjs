// npm run conformance [-- --quick] [--seed <n>] [--element <name> ...] [--facets]: makes messages of every StUF element and holds the
// project's own schemas, the normative ones and xmllint against each other on them. docs/conformance.md says what it shows.
import { register } from 'node:module';
import { prepare } from './prepare.mjs';

await prepare({ build: false });
register('./typescript-hooks.mjs', import.meta.url);
await import('../test/conformance/main.ts').catch((error) => {
  process.stderr.write(`conformance: ${error.message}\n`);
  process.exitCode = 2;
});
