// Makes a fresh clone runnable with nothing but Node and npm: installs the locked dependencies, then builds dist/.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));

const BUILT_FOLDERS = ['gateway', 'adapters', 'client', 'cli', 'certs-dev'];
const BUILD_INFO = join(ROOT, 'dist', '.build.tsbuildinfo');

/** Installs what is missing and builds what is older than its source; throws when either fails. */
export async function prepare({ log = logLine, build = true } = {}) {
  assertNodeVersion();
  await install(log);
  if (build) await buildDist(log);
}

/** Runs a program with the terminal's own streams and resolves to its exit code; Ctrl-C reaches the program. */
export function run(command, args, { env = process.env, cwd = ROOT, output = 'inherit', errors = 'inherit' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['inherit', output, errors] });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    const done = () => process.off('SIGINT', forward).off('SIGTERM', forward);
    child.once('error', (error) => (done(), reject(error)));
    child.once('exit', (code, signal) => (done(), resolve(code ?? (signal === 'SIGINT' ? 130 : 143))));
  });
}

/**
 * Runs `cleanup` (synchronous) when this process ends in any way it can still notice; answers a function that calls it off. A signal ends
 * the process here only if nothing else listens to it: `run` passes signals on and lets its caller end in order.
 */
export function onExit(cleanup) {
  const onSignal = (signal) => {
    if (process.listenerCount(signal) === 1) process.exit(signal === 'SIGINT' ? 130 : 143);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  process.once('exit', cleanup);
  if (process.listenerCount('SIGINT') === 0) for (const signal of signals) process.on(signal, onSignal);
  return () => {
    process.off('exit', cleanup);
    for (const signal of signals) process.off(signal, onSignal);
  };
}

/** One progress line on standard error, so that standard output stays the program's own. */
export function logLine(text) {
  process.stderr.write(`${text}\n`);
}

/** The locked packages that node_modules lacks or holds in another version. */
export function missingPackages(root = ROOT) {
  const locked = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const hidden = join(root, 'node_modules', '.package-lock.json');
  const installed = existsSync(hidden) ? JSON.parse(readFileSync(hidden, 'utf8')).packages : {};
  // Optional packages are those of other platforms: npm leaves them out on purpose.
  return Object.entries(locked)
    .filter(([path, entry]) => path !== '' && entry.optional !== true && entry.devOptional !== true)
    .filter(([path, entry]) => installed[path]?.version !== entry.version)
    .map(([path]) => path);
}

function assertNodeVersion() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  throw new Error(`Node ${process.versions.node} is too old: install Node 20.19 or newer.`);
}

async function install(log) {
  const missing = missingPackages();
  if (missing.length === 0) return;
  log(`prepare: installing ${missing.length} packages (npm ci) ...`);
  const startedAt = performance.now();
  const code = await run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    output: 'ignore',
  });
  if (code !== 0) throw new Error(`npm ci failed with exit code ${code}: is the package registry reachable?`);
  log(`prepare: installed in ${seconds(startedAt)}`);
}

async function buildDist(log) {
  if (isBuilt()) return;
  log('prepare: building dist/ (tsc) ...');
  const startedAt = performance.now();
  const code = await run(process.execPath, [
    join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-p',
    'tsconfig.build.json',
  ]);
  if (code !== 0) throw new Error(`tsc failed with exit code ${code}`);
  log(`prepare: built in ${seconds(startedAt)}`);
}

function isBuilt() {
  if (!existsSync(BUILD_INFO)) return false;
  // tsc leaves its record alone when nothing changed, so a failed build is told by the errors that stand in it.
  const record = readFileSync(BUILD_INFO, 'utf8');
  if (record.includes('"errors":true') || record.includes('"semanticDiagnosticsPerFile"')) return false;
  const builtAt = statSync(BUILD_INFO).mtimeMs;
  return [join(ROOT, 'tsconfig.json'), join(ROOT, 'tsconfig.build.json'), ...BUILT_FOLDERS.flatMap(sources)].every(
    (path) => statSync(path).mtimeMs <= builtAt,
  );
}

function sources(folder) {
  const path = join(ROOT, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
}

function seconds(startedAt) {
  return `${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  prepare().catch((error) => {
    logLine(`prepare: ${error.message}`);
    process.exitCode = 1;
  });
}
