import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';

/** Reads the OpenAPI document to publish; rejects with ConfigurationFault when it isn't there. */
export async function readOpenApi(schemasFolder: string): Promise<string> {
  const path = join(schemasFolder, 'openapi.json');
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new ConfigurationFault('ERR_CONFIG_INVALID', `schemasFolder: ${path} can't be read`, { cause });
  }
}
