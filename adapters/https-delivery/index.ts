export { createHttpsDeliverer } from './client.ts';
export type { DelivererOptions } from './config.ts';
