export { openHttpsIngress } from './server.ts';
export type { HttpsIngress } from './server.ts';
export type { IngressConfig, IngressLimits, IngressOptions } from './config.ts';
