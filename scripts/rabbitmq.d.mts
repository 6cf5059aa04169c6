/** A broker that was found or started; `stop` ends what was started and is harmless for one that was only found. */
export interface Rabbitmq {
  readonly via: 'url' | 'machine' | 'docker' | 'apt';
  readonly url: string;
  readonly version: string;
  /** Folder with the node's queue files and logs; only for a private node on this machine. */
  readonly dataFolder?: string;
  /** Kills the broker without warning and starts it again on the same data and port; absent for AMQP_URL. */
  readonly restart?: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

export interface RabbitmqOptions {
  readonly prefer?: 'machine' | 'docker' | 'apt';
  readonly image?: string;
  readonly log?: (line: string) => void;
}

export function startRabbitmq(options?: RabbitmqOptions): Promise<Rabbitmq>;
