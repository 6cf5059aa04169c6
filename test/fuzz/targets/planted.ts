import { mutateBytes } from '../mutate/bytes.ts';
import type { FuzzTarget } from '../target.ts';

// A fault behind three octets that must all be right: guided, the fuzzer finds one after the other; blind, it has to draw all at once.
const target: FuzzTarget = {
  invariant: 'never throws',
  seeds: [Buffer.from('aaa')],
  mutators: [mutateBytes([])],
  maxBytes: 64,
  run: (input) => {
    if (input[0] !== 0x44) return;
    if (input[1] !== 0x47) return;
    if (input[2] === 0x4c) throw new RangeError('planted');
  },
};

export default target;
