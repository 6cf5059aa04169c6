// RabbitMQ in a container, by Testcontainers.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { onExit } from './prepare.mjs';
import { brokerSettings, freePort, waitForBroker } from './rabbitmq-connect.mjs';

const DEFAULT_IMAGE = 'rabbitmq:4-management';

/** Whether a Docker engine answers. */
export function dockerAnswers() {
  return spawnSync('docker', ['info'], { timeout: 15_000 }).status === 0;
}

/** Starts a container and resolves when it takes AMQP connections; its port stays the same over `restart`. */
export async function startContainer({ image = process.env.DOORGEEFLUIK_RABBITMQ_IMAGE ?? DEFAULT_IMAGE } = {}) {
  // Its reaper is one more image to pull, for what `onExit` does here. Read when the library is loaded.
  process.env.TESTCONTAINERS_RYUK_DISABLED ??= 'true';
  const { GenericContainer, Wait } = await import('testcontainers');
  const password = randomBytes(12).toString('hex');
  const port = await freePort();
  const settings = {
    content: brokerSettings({ user: 'doorgeefluik', password }),
    target: '/etc/rabbitmq/conf.d/90-doorgeefluik.conf',
    mode: 0o644,
  };
  const container = await new GenericContainer(image)
    .withExposedPorts({ container: 5672, host: port })
    .withCopyContentToContainer([settings])
    .withWaitStrategy(Wait.forListeningPorts())
    .withStartupTimeout(120_000)
    .start();
  const url = `amqp://doorgeefluik:${password}@${container.getHost().replace('localhost', '127.0.0.1')}:${port}`;
  const callOff = onExit(() => spawnSync('docker', ['rm', '--force', '--volumes', container.getId()]));
  const stop = async () => {
    await container.stop({ removeVolumes: true });
    callOff();
  };
  const restart = async () => {
    spawnSync('docker', ['kill', container.getId()]);
    spawnSync('docker', ['start', container.getId()]);
    await waitForBroker(url);
  };
  try {
    return { url, version: await waitForBroker(url), restart, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
