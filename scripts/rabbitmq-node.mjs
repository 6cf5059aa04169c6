// A private RabbitMQ node from the machine's own rabbitmq-server: own folder, ports, epmd and cookie; nothing of the packaged
// service is read or touched. Works as root and as an ordinary user.
import { spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { onExit } from './prepare.mjs';
import { brokerSettings, freePort, waitForBroker } from './rabbitmq-connect.mjs';

const STOP_MS = 10_000;

/** The server script that runs as the calling user. Debian's wrapper in /usr/sbin insists on the user rabbitmq, so it comes last. */
export function findServerScript() {
  const onPath = (process.env.PATH ?? '').split(delimiter).filter(Boolean);
  return ['/usr/lib/rabbitmq/bin', ...onPath, '/usr/local/sbin', '/usr/sbin', '/opt/rabbitmq/sbin']
    .map((folder) => join(folder, 'rabbitmq-server'))
    .find((path) => existsSync(path));
}

/** Starts a private node and resolves when it takes AMQP connections. `dataFolder` holds its queue files and logs. */
export async function startPrivateNode() {
  const node = await layOut();
  const epmd = startEpmd(node);
  let server = startServer(node);
  const removeFolder = () => rmSync(node.folder, { recursive: true, force: true, maxRetries: 3 });
  const callOff = onExit(() => {
    for (const child of [server, epmd]) killGroup(child, 'SIGKILL');
    removeFolder();
  });
  const stop = async () => {
    await endProcess(server);
    await endProcess(epmd);
    removeFolder();
    callOff();
  };
  const up = () => waitForBroker(node.url, { check: () => assertRunning(server, node) });
  try {
    const version = await up();
    const restart = async () => {
      killGroup(server, 'SIGKILL');
      await exited(server);
      server = startServer(node);
      await up();
    };
    return { url: node.url, version, dataFolder: node.folder, restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function layOut() {
  const folder = mkdtempSync(join(tmpdir(), 'doorgeefluik-rabbitmq-'));
  const [port, distPort, epmdPort] = [await freePort(), await freePort(), await freePort()];
  const password = randomBytes(12).toString('hex');
  for (const name of ['home', 'data', 'log', 'generated']) mkdirSync(join(folder, name));
  writeFileSync(join(folder, 'home', '.erlang.cookie'), randomBytes(20).toString('hex'), { mode: 0o400 });
  writeFileSync(join(folder, 'enabled_plugins'), '[].\n');
  const listener = `listeners.tcp.local = 127.0.0.1:${port}\n`;
  writeFileSync(join(folder, 'rabbitmq.conf'), listener + brokerSettings({ user: 'doorgeefluik', password }));
  const url = `amqp://doorgeefluik:${password}@127.0.0.1:${port}`;
  return { folder, url, epmdPort, env: nodeEnvironment({ folder, port, distPort, epmdPort }) };
}

function nodeEnvironment({ folder, port, distPort, epmdPort }) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(RABBITMQ|ERL)_/.test(name));
  return {
    ...Object.fromEntries(inherited),
    HOME: join(folder, 'home'),
    ERL_EPMD_PORT: String(epmdPort),
    ERL_EPMD_ADDRESS: '127.0.0.1',
    ERL_AFLAGS: '-kernel inet_dist_use_interface {127,0,0,1}',
    RABBITMQ_NODENAME: `doorgeefluik-${randomBytes(4).toString('hex')}@localhost`,
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_NODE_IP_ADDRESS: '127.0.0.1',
    RABBITMQ_DIST_PORT: String(distPort),
    RABBITMQ_MNESIA_BASE: join(folder, 'data'),
    RABBITMQ_LOG_BASE: join(folder, 'log'),
    RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
    RABBITMQ_CONF_ENV_FILE: join(folder, 'rabbitmq-env.conf'),
    RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq.conf'),
    RABBITMQ_ADVANCED_CONFIG_FILE: join(folder, 'advanced.config'),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
    RABBITMQ_PID_FILE: join(folder, 'pid'),
    // With these two the script becomes the Erlang machine itself, so that the pid we hold is the broker's.
    RABBITMQ_ALLOW_INPUT: '1',
    RABBITMQ_SERVER_START_ARGS: '-noinput +B i',
  };
}

// Without a running epmd the node would start one that outlives it; this one is ours to end.
function startEpmd({ folder, epmdPort, env }) {
  return spawnLogged(findEpmd(), ['-port', String(epmdPort), '-address', '127.0.0.1'], { folder, env });
}

function findEpmd() {
  if (spawnSync('epmd', ['-version']).error === undefined) return 'epmd';
  for (const root of ['/usr/lib/erlang', '/usr/lib64/erlang', '/usr/local/lib/erlang']) {
    const runtime = existsSync(root) ? readdirSync(root).find((name) => name.startsWith('erts-')) : undefined;
    if (runtime !== undefined) return join(root, runtime, 'bin', 'epmd');
  }
  return 'epmd';
}

function startServer({ folder, env }) {
  return spawnLogged(findServerScript(), [], { folder, env });
}

function spawnLogged(command, args, { folder, env }) {
  const output = openSync(join(folder, 'log', 'output.log'), 'a');
  // A process group of its own: Ctrl-C in the terminal must reach the tests first, and the broker only by our stop.
  const child = spawn(command, args, { env, cwd: folder, detached: true, stdio: ['ignore', output, output] });
  child.on('error', (error) => (child.failure = error));
  closeSync(output);
  return child;
}

function assertRunning(server, { folder }) {
  if (server.failure === undefined && server.exitCode === null && server.signalCode === null) return;
  const output = readFileSync(join(folder, 'log', 'output.log'), 'utf8').slice(-2_000);
  throw new Error(`rabbitmq-server ended before it was up:\n${server.failure?.message ?? ''}${output}`);
}

async function endProcess(child) {
  killGroup(child, 'SIGTERM');
  const timer = setTimeout(() => killGroup(child, 'SIGKILL'), STOP_MS);
  await exited(child);
  clearTimeout(timer);
}

function exited(child) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => child.once('exit', resolve));
}

function killGroup(child, signal) {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}
