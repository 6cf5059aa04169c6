/**
 * Keys that make ciphertext in the broker (and the evidence in the register) readable: one fresh 32-byte key per id,
 * living only here. `create` resolves when the key is as durable as this store is; `remove` when it is gone for good.
 */
export interface TransitKeys {
  /** Makes a key under a new id. Rejects with KeyStoreFault. */
  create(id: string): Promise<Uint8Array>;
  /** Undefined only if there is no such key; rejects with KeyStoreFault when that can't be told, as after closing. */
  find(id: string): Promise<Uint8Array | undefined>;
  /** Removing an absent id succeeds. */
  remove(id: string): Promise<void>;
  /** Ids of all live keys. */
  ids(): Promise<readonly string[]>;
  isHealthy(): boolean;
  close(): Promise<void>;
}
