// npm run flood [-- --quick]: how long a participant waits for its receipt while another floods the gateway and 200 slow clients hang on
// to it, against how long it waits when there is nobody. Quiet and flooded phases take turns. The flood has a process of its own.
import { register } from 'node:module';
import { prepare } from './prepare.mjs';

const isFlooder = process.argv.includes('--flooder');
if (!isFlooder) await prepare();
register('./typescript-hooks.mjs', import.meta.url);
await import(isFlooder ? '../test/flood/flooder.ts' : '../test/flood/main.ts').catch((error) => {
  process.stderr.write(`flood: ${error.message}\n`);
  process.exitCode = 2;
});
