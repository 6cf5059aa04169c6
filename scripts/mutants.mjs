// npm run mutants [-- --quick | <name part> ...]: applies each test/mutants/*.patch to a copy of the tree and runs the one test that must
// notice. A patch starts with
//   # test: <path> -t "<regular expression on the test's full name>"
//   # promise: <B1 .. B10>
// Caught means that the named test ran and failed; a mutant that does not compile or whose test is not found counts as not caught.
// --quick takes one mutant of each promise.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT, logLine, prepare, run } from './prepare.mjs';
import { brokerEnvironment, startRabbitmq } from './rabbitmq.mjs';
import { needsBroker, runJest } from './test.mjs';

const FOLDER = join(ROOT, 'test', 'mutants');
const WORKERS = 2;
const TSC = join('node_modules', 'typescript', 'bin', 'tsc');

async function main(args) {
  const mutants = select(readMutants(), args);
  if (mutants.length === 0) throw new Error('no mutants selected');
  await prepare({ build: false });
  const broker = mutants.some((mutant) => needsBroker([mutant.path])) ? await startRabbitmq() : undefined;
  const env = broker === undefined ? process.env : brokerEnvironment(broker);
  const copies = Array.from({ length: Math.min(WORKERS, mutants.length) }, copyTree);
  const removeCopies = () => copies.forEach((copy) => rmSync(copy, { recursive: true, force: true }));
  process.once('exit', removeCopies);
  // Without this, Ctrl-C would end one test and the next mutant would begin.
  process.once('SIGINT', () => process.exit(130));
  try {
    await assertTestsPass({ mutants, copies, env });
    const caught = await inParallel(mutants, copies, (mutant, copy) => isCaught(mutant, copy, env));
    const count = caught.filter(Boolean).length;
    process.stdout.write(`mutants: ${mutants.length} made, ${count} caught\n`);
    return count === mutants.length ? 0 : 1;
  } finally {
    removeCopies();
    await broker?.stop();
  }
}

function readMutants() {
  const names = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.patch')) : [];
  return names.sort().map((name) => {
    const text = readFileSync(join(FOLDER, name), 'utf8');
    const test = /^# test: (\S+) -t "(.+)"\s*$/m.exec(text);
    if (test === null) throw new Error(`${name}: no line \`# test: <path> -t "<name>"\``);
    const promise = /^# promise: (\S+)/m.exec(text)?.[1] ?? name;
    const files = [...text.matchAll(/^(?:---|\+\+\+) [ab]\/(\S+)/gm)].map((match) => match[1]);
    return { name, patch: join(FOLDER, name), path: test[1], pattern: test[2], promise, files: [...new Set(files)] };
  });
}

function select(mutants, args) {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const named = names.length === 0 ? mutants : mutants.filter(({ name }) => names.some((part) => name.includes(part)));
  if (!args.includes('--quick')) return named;
  // A mutant whose test needs no broker comes first: it is seconds faster.
  const byCost = [...named].sort((a, b) => Number(needsBroker([a.path])) - Number(needsBroker([b.path])));
  return [...new Map(byCost.toReversed().map((mutant) => [mutant.promise, mutant])).values()];
}

function copyTree() {
  const copy = mkdtempSync(join(tmpdir(), 'doorgeefluik-mutants-'));
  const listed = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  for (const path of listed.stdout.split('\0').filter((entry) => entry !== '' && existsSync(join(ROOT, entry)))) {
    mkdirSync(dirname(join(copy, path)), { recursive: true });
    cpSync(join(ROOT, path), join(copy, path));
  }
  symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
  return copy;
}

// A test that fails without any mutant would "catch" everything.
async function assertTestsPass({ mutants, copies, env }) {
  const tests = [...new Map(mutants.map((mutant) => [`${mutant.path} ${mutant.pattern}`, mutant])).values()];
  await inParallel(tests, copies, async (test, copy) => {
    const { passed, failed, reason } = await runNamedTest(test, copy, env);
    if (passed > 0 && failed === 0) return;
    throw new Error(
      `${test.path} -t "${test.pattern}" does not pass unmutated (${reason}): nothing it says about mutants counts`,
    );
  });
  logLine(`mutants: ${tests.length} named tests pass unmutated`);
}

async function isCaught(mutant, copy, env) {
  const applied = spawnSync('patch', ['-p1', '--forward', '--batch', '--silent', '-i', mutant.patch], {
    cwd: copy,
    encoding: 'utf8',
  });
  try {
    if (applied.status !== 0) return report(mutant, false, `does not apply: ${applied.stdout?.trim()}`);
    const { failed, reason } = await runNamedTest(mutant, copy, env);
    return report(mutant, failed > 0, failed > 0 ? '' : reason);
  } finally {
    restore(mutant, copy);
  }
}

function report(mutant, caught, reason) {
  logLine(`mutants: ${caught ? 'caught    ' : 'NOT CAUGHT'} ${mutant.name}${reason === '' ? '' : ` (${reason})`}`);
  return caught;
}

function restore({ files }, copy) {
  for (const file of files) {
    for (const leftover of [`${file}.orig`, `${file}.rej`]) rmSync(join(copy, leftover), { force: true });
    if (existsSync(join(ROOT, file))) cpSync(join(ROOT, file), join(copy, file));
    else rmSync(join(copy, file), { force: true });
  }
}

async function runNamedTest({ path, pattern }, copy, env) {
  const output = join(copy, '.mutant-result.json');
  rmSync(output, { force: true });
  const silent = { cwd: copy, output: 'ignore', errors: 'ignore' };
  // End-to-end tests run what ships.
  if (path.startsWith('test/e2e/')) await run(process.execPath, [TSC, '-p', 'tsconfig.build.json'], silent);
  await runJest(['--runTestsByPath', path, '-t', pattern, '--json', `--outputFile=${output}`], { ...silent, env });
  if (!existsSync(output)) return { passed: 0, failed: 0, reason: 'jest gave no result' };
  const results = JSON.parse(readFileSync(output, 'utf8'));
  if (results.numRuntimeErrorTestSuites > 0) return { passed: 0, failed: 0, reason: 'the test file does not load' };
  const named = results.testResults
    .flatMap((file) => file.assertionResults)
    .filter((test) => new RegExp(pattern, 'i').test(test.fullName));
  const count = (status) => named.filter((test) => test.status === status).length;
  const [passed, failed] = [count('passed'), count('failed')];
  return { passed, failed, reason: passed + failed === 0 ? 'no such test' : `${passed} passed, ${failed} failed` };
}

async function inParallel(items, copies, work) {
  const results = [];
  const queue = items.map((item, index) => ({ item, index }));
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = queue.shift(); next !== undefined; next = queue.shift())
        results[next.index] = await work(next.item, copy);
    }),
  );
  return results;
}

main(process.argv.slice(2)).then(
  (code) => (process.exitCode = code),
  (error) => {
    logLine(`mutants: ${error.message}`);
    process.exitCode = 1;
  },
);
