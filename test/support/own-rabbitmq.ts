import { spawn } from 'node:child_process';

/** A RabbitMQ that no other test uses. */
export interface OwnRabbitmq {
  readonly url: string;
  /** The folder of its data and logs, when it is a node on this machine and not a container. */
  readonly dataFolder: string | undefined;
  stop(): Promise<void>;
}

/** Starts one as `npm test` does: the machine's, else Docker's, else by apt-get. For what would weigh on the tests beside it. */
export function startOwnRabbitmq(): Promise<OwnRabbitmq> {
  const env = { ...process.env, AMQP_URL: '', DOORGEEFLUIK_BROKER_DIR: '' };
  const holder = spawn(process.execPath, ['scripts/rabbitmq.mjs', '--', process.execPath, '-e', HOLD], {
    env,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => {
    holder.once('exit', () => {
      resolve();
    });
  });
  return new Promise((resolve, reject) => {
    let output = '';
    holder.once('exit', (code) => {
      reject(new Error(`no RabbitMQ of its own (exit ${String(code)}):\n${output}`));
    });
    holder.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const [, url, dataFolder] = /^url (amqp:\S+) folder (.*)$/m.exec(output) ?? [];
      if (url === undefined) return;
      const stop = (): Promise<void> => {
        holder.stdin.end();
        return ended;
      };
      resolve({ url, dataFolder: dataFolder === '' ? undefined : dataFolder, stop });
    });
  });
}

// Says where the broker is and ends, and the broker with it, when its input does.
const HOLD =
  "console.log('url ' + process.env.AMQP_URL + ' folder ' + process.env.DOORGEEFLUIK_BROKER_DIR);" +
  "process.stdin.resume().on('end', () => process.exit(0))";
