import { BlockList, isIP } from 'node:net';
import { ConfigurationFault } from '../../gateway/ports/faults.ts';

/** The addresses that may be connected to. */
export interface Networks {
  has(address: string): boolean;
}

/** Reads networks in CIDR form; throws ConfigurationFault at the first that isn't one. */
export function parseNetworks(texts: readonly string[]): Networks {
  const list = new BlockList();
  for (const text of texts) addNetwork(list, text);
  return {
    has: (address) => {
      const family = isIP(address);
      return family !== 0 && list.check(address, family === 6 ? 'ipv6' : 'ipv4');
    },
  };
}

function addNetwork(list: BlockList, text: string): void {
  const [, address = '', bits = ''] = /^([0-9a-fA-F.:]+)\/(0|[1-9][0-9]{0,2})$/.exec(text) ?? [];
  const family = isIP(address);
  if (family === 0 || Number(bits) > (family === 6 ? 128 : 32)) {
    throw new ConfigurationFault('ERR_CONFIG_INVALID', `allowedNetworks: ${text} is not a network such as 10.0.0.0/8`);
  }
  list.addSubnet(address, Number(bits), family === 6 ? 'ipv6' : 'ipv4');
}
