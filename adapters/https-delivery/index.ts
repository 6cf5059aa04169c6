export { createHttpsDeliverer } from './client.ts';
export type { HttpsDeliverer } from './client.ts';
export { createNetworkGuard } from './connect.ts';
export type { DelivererOptions } from './config.ts';
