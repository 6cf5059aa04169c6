// Finds or starts a RabbitMQ for tests and demonstrations, and ends by pid all it started.
//   node scripts/rabbitmq.mjs [--via=machine|docker|apt] [--image=<name>] -- <command ...>
// runs the command with AMQP_URL set. Order: AMQP_URL, the machine's rabbitmq-server, Docker, apt-get on Debian as root.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { logLine, run } from './prepare.mjs';
import { installByApt } from './rabbitmq-apt.mjs';
import { brokerVersion } from './rabbitmq-connect.mjs';
import { dockerAnswers, startContainer } from './rabbitmq-docker.mjs';
import { findServerScript, startPrivateNode } from './rabbitmq-node.mjs';

const WAYS = {
  machine: { offered: () => findServerScript() !== undefined, start: startPrivateNode },
  docker: { offered: dockerAnswers, start: startContainer },
  apt: { offered: aptOffered, start: startAfterInstall },
};

/**
 * A running RabbitMQ: the one of AMQP_URL, else one of our own that `stop` ends. `prefer` (machine, docker or apt) asks for
 * a fresh one by that way alone. Rejects with what to do when there is no way.
 */
export async function startRabbitmq({ prefer, image, log = logLine } = {}) {
  const given = process.env.AMQP_URL;
  if (prefer === undefined && given) {
    return { via: 'url', url: given, version: await brokerVersion(given), stop: async () => {} };
  }
  for (const [via, way] of Object.entries(WAYS)) {
    if (prefer !== undefined && prefer !== via) continue;
    if (!way.offered()) continue;
    log(`rabbitmq: starting (${via}) ...`);
    const startedAt = performance.now();
    const broker = await way.start({ image, log });
    log(`rabbitmq: ${broker.version} is up in ${((performance.now() - startedAt) / 1000).toFixed(1)} s (${via})`);
    return { via, ...broker };
  }
  throw new Error(NO_WAY);
}

function aptOffered() {
  const isRoot = process.getuid?.() === 0;
  return isRoot && existsSync('/etc/debian_version') && spawnSync('apt-get', ['--version']).status === 0;
}

async function startAfterInstall(options) {
  if (findServerScript() === undefined) await installByApt(options);
  return startPrivateNode(options);
}

const NO_WAY = [
  'no RabbitMQ found. Do one of these:',
  '  - set AMQP_URL to a RabbitMQ 3.10 or newer, for example AMQP_URL=amqp://user:password@127.0.0.1:5672',
  '  - install rabbitmq-server on this machine (a private node is started; the packaged service may be off)',
  '  - start Docker, with the image of DOORGEEFLUIK_RABBITMQ_IMAGE (default rabbitmq:4-management)',
  '  - on Debian or Ubuntu: run this as root, and it is installed with apt-get',
].join('\n');

async function main(argv) {
  const split = argv.indexOf('--');
  const flags = new Map(argv.slice(0, Math.max(split, 0)).map((flag) => flag.split(/=(.*)/s)));
  const command = argv.slice(split + 1);
  if (split < 0 || command.length === 0 || [...flags.keys()].some((flag) => !['--via', '--image'].includes(flag))) {
    logLine('usage: node scripts/rabbitmq.mjs [--via=machine|docker|apt] [--image=<name>] -- <command ...>');
    return 2;
  }
  const broker = await startRabbitmq({ prefer: flags.get('--via'), image: flags.get('--image') });
  try {
    return await run(command[0], command.slice(1), { cwd: process.cwd(), env: brokerEnvironment(broker) });
  } finally {
    await broker.stop();
  }
}

/** The environment that tells a child process where the broker is, and where its files are if they are ours to search. */
export function brokerEnvironment(broker) {
  return {
    ...process.env,
    AMQP_URL: broker.url,
    ...(broker.dataFolder === undefined ? {} : { DOORGEEFLUIK_BROKER_DIR: broker.dataFolder }),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  main(process.argv.slice(2)).then(
    (code) => (process.exitCode = code),
    (error) => {
      logLine(`rabbitmq: ${error.message}`);
      process.exitCode = 1;
    },
  );
}
