import { createMemoryKeys } from '../../adapters/memory/transit-keys.ts';
import { describeTransitKeysContract } from './transit-keys-contract.ts';

describeTransitKeysContract('memory', async () => ({ keys: createMemoryKeys(), remove: async () => undefined }));
