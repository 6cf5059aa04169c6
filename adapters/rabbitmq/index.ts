export { openRabbitmqBroker } from './client.ts';
export { type RabbitmqConfig, type RabbitmqTls } from './config.ts';
