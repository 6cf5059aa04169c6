// npm run demo: everything a fresh clone needs, then the demonstration itself.
import { join } from 'node:path';
import { ROOT, logLine, prepare, run } from './prepare.mjs';

try {
  await prepare();
  process.exitCode = await run(process.execPath, [
    join(ROOT, 'dist', 'cli', 'demo', 'main.js'),
    ...process.argv.slice(2),
  ]);
} catch (error) {
  logLine(`demo: ${error.message}`);
  process.exitCode = 1;
}
