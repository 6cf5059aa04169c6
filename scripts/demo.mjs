// npm run demo: everything a fresh clone needs, then the demonstration itself.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clearInterval, setInterval } from 'node:timers';
import { ROOT, logLine, prepare } from './prepare.mjs';

const PARENT_POLL_MS = 500;

try {
  await prepare();
  process.exitCode = await runDemo(process.argv.slice(2));
} catch (error) {
  logLine(`demo: ${error.message}`);
  process.exitCode = 1;
}

// The channel ends the demonstration when this process is gone, however it went.
function runDemo(args) {
  return new Promise((resolve, reject) => {
    const stdio = ['inherit', 'inherit', 'inherit', 'ipc'];
    const child = spawn(process.execPath, [join(ROOT, 'dist', 'cli', 'demo', 'main.js'), ...args], {
      cwd: ROOT,
      stdio,
    });
    const forward = (signal) => child.kill(signal);
    process
      .on('SIGINT', forward)
      .on('SIGTERM', forward)
      .on('SIGHUP', () => forward('SIGTERM'));
    const watch = watchNpm(() => forward('SIGTERM'));
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      clearInterval(watch);
      resolve(code ?? (signal === 'SIGINT' ? 130 : 143));
    });
  });
}

// A killed npm passes nothing on. It leaves this process another parent, or the shell that it started this process with.
function watchNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return undefined;
  const ancestors = readAncestors();
  const watch = setInterval(() => {
    if (readAncestors() === ancestors) return;
    clearInterval(watch);
    onGone();
  }, PARENT_POLL_MS);
  return watch;
}

function readAncestors() {
  return `${process.ppid} ${parentOf(process.ppid)}`;
}

// Only Linux tells it in a file; elsewhere the shell gives way to this process.
function parentOf(pid) {
  try {
    return /^PPid:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
