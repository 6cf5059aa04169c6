// What every way of starting a broker needs: a free port, and the moment from which the broker answers AMQP.
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A TCP port that was free on loopback a moment ago. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** The version the broker states when a client opens a connection; rejects if it doesn't answer. */
export async function brokerVersion(url) {
  const { default: amqplib } = await import('amqplib');
  const connection = await amqplib.connect(url, { timeout: 5_000 });
  connection.on('error', () => {});
  const version = String(connection.connection?.serverProperties?.version ?? 'unknown');
  await connection.close();
  return version;
}

/** Waits until the broker takes an AMQP connection; `check` may throw to give up early (the process died). */
export async function waitForBroker(url, { timeoutMs = 90_000, check = () => {} } = {}) {
  const until = performance.now() + timeoutMs;
  for (;;) {
    check();
    try {
      return await brokerVersion(url);
    } catch (error) {
      if (performance.now() > until)
        throw new Error(`the broker did not answer within ${timeoutMs / 1000} s`, { cause: error });
      await sleep(250);
    }
  }
}

/** RabbitMQ settings of every broker of ours: a user of its own, and room for berichten above the 16 MiB default of version 4. */
export function brokerSettings({ user, password }) {
  return [
    `default_user = ${user}`,
    `default_pass = ${password}`,
    'default_user_tags.administrator = true',
    'loopback_users = none',
    'max_message_size = 67108864',
    'log.console.level = warning',
    'disk_free_limit.absolute = 50MB',
    '',
  ].join('\n');
}
