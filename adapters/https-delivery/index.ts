export { createHttpsDeliverer } from './client.ts';
export type { DelivererOptions, DeliveryLimits, DeliveryTls } from './config.ts';
