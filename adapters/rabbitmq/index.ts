export { openRabbitmqBroker, type RabbitmqOptions } from './client.ts';
export { type RabbitmqConfig, type RabbitmqTls } from './config.ts';
