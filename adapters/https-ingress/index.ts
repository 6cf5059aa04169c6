export { openHttpsIngress } from './server.ts';
export type { HttpsIngress } from './server.ts';
export { DEFAULT_LIMITS } from './config.ts';
export type { IngressConfig, IngressLimits, IngressOptions, IngressTls } from './config.ts';
