import { FILE_OPERATIONS } from '../../adapters/system/index.ts';
import type { FileOperations } from '../../adapters/system/index.ts';

/** File operations that fail on demand, with half of a failed write on the disk. */
export interface FaultyDisk {
  readonly operations: FileOperations;
  /** Makes the call fail the next time, or as many times as given. */
  fail(call: keyof FileOperations, code: string, times?: number): void;
  mend(): void;
}

export function faultyDisk(): FaultyDisk {
  const faults = new Map<keyof FileOperations, { readonly code: string; readonly times: number }>();
  const check = (call: keyof FileOperations): void => {
    const fault = faults.get(call);
    if (fault === undefined) return;
    const { code, times } = fault;
    if (times > 1) faults.set(call, { code, times: times - 1 });
    else faults.delete(call);
    throw Object.assign(new Error(code), { code });
  };
  return {
    fail: (call, code, times = 1) => void faults.set(call, { code, times }),
    mend: () => {
      faults.clear();
    },
    operations: {
      async write(file, bytes, position) {
        if (faults.has('write')) await FILE_OPERATIONS.write(file, bytes.subarray(0, bytes.length >> 1), position);
        check('write');
        await FILE_OPERATIONS.write(file, bytes, position);
      },
      async sync(file) {
        check('sync');
        await FILE_OPERATIONS.sync(file);
      },
      async truncate(file, length) {
        check('truncate');
        await FILE_OPERATIONS.truncate(file, length);
      },
    },
  };
}
