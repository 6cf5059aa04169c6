// npm run verify: every check that needs no running test, in one order; runs all of them and names those that failed.
import { ROOT, logLine, missingPackages, prepare, run } from './prepare.mjs';

const STEPS = ['lint', 'format:check', 'typecheck', 'check:deps', 'check:dead', 'check:types', 'check:generated'];

async function main() {
  if (missingPackages(ROOT).length > 0) await prepare({ build: false });
  const failed = [];
  for (const step of STEPS) {
    const startedAt = performance.now();
    const code = await run('npm', ['run', '--silent', step]);
    logLine(
      `verify: ${step} ${code === 0 ? 'ok' : 'FAILED'} (${((performance.now() - startedAt) / 1000).toFixed(1)} s)`,
    );
    if (code !== 0) failed.push(step);
    if (code === 130) break;
  }
  logLine(failed.length === 0 ? `verify: ${STEPS.length} steps ok` : `verify: failed: ${failed.join(', ')}`);
  return failed.length === 0 ? 0 : 1;
}

process.exitCode = await main();
