import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openFileRegister } from '../../adapters/register-file/index.ts';
import { createTestPki } from '../support/pki.ts';
import { someSigner } from '../support/register.ts';
import { describeRegisterContract } from './register-contract.ts';

const checkpointSigner = someSigner(createTestPki());

describeRegisterContract('file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'register-'));
  return {
    open: (clock) =>
      openFileRegister({ folder, clock, environment: 'ontwikkeling', checkpointSigner, checkpointEvery: 7 }),
    remove: () => rm(folder, { recursive: true }),
  };
});
