// npm test [-- <jest arguments>]: installs, builds, finds a RabbitMQ, and runs jest. Without arguments the whole suite runs, with the
// coverage gate and the counts in coverage/results.json.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ROOT, logLine, prepare, run } from './prepare.mjs';
import { brokerEnvironment, startRabbitmq } from './rabbitmq.mjs';

const JEST = join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js');
const RESULTS = join('coverage', 'results.json');
const BROKER_FOLDERS = ['contract', 'integration', 'e2e', 'faults'];

/** Runs jest with the flags that ES modules need; resolves to its exit code. */
export function runJest(args, { env = process.env, ...streams } = {}) {
  const nodeOptions = [env.NODE_OPTIONS, '--experimental-vm-modules', '--disable-warning=ExperimentalWarning'];
  return run(process.execPath, [JEST, ...args], {
    ...streams,
    env: { ...env, NODE_OPTIONS: nodeOptions.filter(Boolean).join(' ') },
  });
}

/** Whether these jest arguments can reach a test that talks to a broker. */
export function needsBroker(args) {
  return reaches(args, BROKER_FOLDERS);
}

function reaches(args, folders) {
  const paths = args
    .filter((arg) => !arg.startsWith('-') && existsSync(join(ROOT, arg)))
    .map((path) => path.replace(/^\.\//, ''));
  return paths.length === 0 || paths.some((path) => path === 'test' || folders.includes(path.split('/')[1]));
}

async function main(args) {
  await prepare({ build: reaches(args, ['e2e']) });
  const whole = args.length === 0;
  const jestArgs = whole ? ['--coverage', '--json', `--outputFile=${RESULTS}`] : args;
  if (!needsBroker(args)) return runJest(jestArgs);
  const broker = await startRabbitmq();
  try {
    return await runJest(jestArgs, { env: brokerEnvironment(broker) });
  } finally {
    await broker.stop();
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error) => {
      logLine(`test: ${error.message}`);
      process.exitCode = 1;
    },
  );
}
