// npm run check:generated: runs the generators again and fails if what stands in git differs from what they write.
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ROOT, logLine, run } from './prepare.mjs';

async function main() {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  if (scripts.generate === undefined) return done('no generators', 0);
  const before = snapshot();
  const code = await run('npm', ['run', '--silent', 'generate']);
  if (code !== 0) return done(`generate failed with exit code ${code}`, 1);
  const after = snapshot();
  const changed = [...after.keys()].filter((path) => before.get(path) !== after.get(path));
  return changed.length === 0 ? done('in sync', 0) : done(`out of date: ${changed.join(', ')} (npm run generate)`, 1);
}

// Compared with the working tree and not with the last commit, so that uncommitted work elsewhere is no failure.
function snapshot() {
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  const paths = listed.stdout.split('\0').filter(Boolean);
  return new Map(paths.map((path) => [path, digest(path)]));
}

function digest(path) {
  try {
    return createHash('sha256')
      .update(readFileSync(join(ROOT, path)))
      .digest('hex');
  } catch {
    return 'absent';
  }
}

function done(text, code) {
  logLine(`check:generated: ${text}`);
  return code;
}

process.exitCode = await main();
