export type { FileKeysOptions } from './config.ts';
export { openFileKeys } from './open-keys.ts';
