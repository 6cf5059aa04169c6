export type { CheckpointSigner, FileRegisterOptions } from './config.ts';
export { openFileRegister } from './open-register.ts';
