import { randomBytes } from 'node:crypto';
import { KeyStoreFault } from '../../gateway/ports/faults.ts';
import type { Clock } from '../../gateway/ports/system.ts';
import type { TransitKeys } from '../../gateway/ports/transit-keys.ts';
import type { AppendFile } from '../system/index.ts';
import { isKeyId } from './build-line.ts';
import { DEFAULTS } from './config.ts';
import { writeFault } from './errors.ts';
import type { KeyChange } from './key-file.ts';

/** What the store is made of once the file was read. */
export interface KeyStoreParts {
  readonly clock: Clock;
  readonly compactAfterMs: number;
  readonly compactAfterBytes: number;
  /** The live keys; the store's own from here on. */
  readonly keys: Map<string, Uint8Array>;
  readonly file: AppendFile<KeyChange>;
  /** Rewrites the file with these keys alone, and opens it. The one before is closed. */
  rewrite(keys: ReadonlyMap<string, Uint8Array>): Promise<AppendFile<KeyChange>>;
  /** Opens the file as it stands, after a rewriting that failed. */
  reopen(): Promise<AppendFile<KeyChange>>;
  release(): Promise<void>;
}

/** Keys in a file of added and removed ones. In memory stands only what is durable; callers get copies. */
export class FileKeys implements TransitKeys {
  readonly #parts: KeyStoreParts;
  readonly #creating = new Set<string>();
  readonly #removing = new Map<string, Promise<void>>();
  readonly #stopping = new AbortController();
  #file: AppendFile<KeyChange>;
  #compactLength: number;
  #isHealthy = true;
  #holdsRemoved = false;
  #rewriteDueAt = Number.POSITIVE_INFINITY;
  #rewriting: Promise<void> | undefined;
  #closing: Promise<void> | undefined;

  constructor(parts: KeyStoreParts) {
    this.#parts = parts;
    this.#file = parts.file;
    this.#compactLength = parts.file.length();
  }

  async create(id: string): Promise<Uint8Array> {
    const { keys } = this.#parts;
    if (!isKeyId(id)) throw new KeyStoreFault('ERR_KEYS_ID_INVALID');
    if (this.#creating.has(id) || keys.has(id)) throw new KeyStoreFault('ERR_KEYS_ID_TAKEN');
    const key = randomBytes(KEY_BYTES);
    this.#creating.add(id);
    try {
      await this.#append({ line: { kind: 'added', id, key }, commit: () => keys.set(id, key) });
    } finally {
      this.#creating.delete(id);
    }
    return Uint8Array.from(key);
  }

  find(id: string): Promise<Uint8Array | undefined> {
    // An absent key ends a bericht: a closed store doesn't know which are absent.
    if (this.#closing !== undefined) return Promise.reject(new KeyStoreFault('ERR_KEYS_CLOSED'));
    const key = this.#parts.keys.get(id);
    return Promise.resolve(key === undefined ? undefined : Uint8Array.from(key));
  }

  async remove(id: string): Promise<void> {
    const key = this.#parts.keys.get(id);
    if (key === undefined) return;
    const removing = this.#removing.get(id) ?? this.#remove(id, key);
    this.#removing.set(id, removing);
    try {
      await removing;
    } finally {
      this.#removing.delete(id);
    }
  }

  ids(): Promise<readonly string[]> {
    return Promise.resolve([...this.#parts.keys.keys()]);
  }

  isHealthy(): boolean {
    return this.#isHealthy;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #remove(id: string, key: Uint8Array): Promise<void> {
    const commit = (): void => {
      this.#parts.keys.delete(id);
      key.fill(0);
      this.#holdsRemoved = true;
    };
    await this.#append({ line: { kind: 'removed', id }, commit });
    const { compactAfterBytes, compactAfterMs } = this.#parts;
    const isLarge = this.#file.length() - this.#compactLength > compactAfterBytes;
    this.#planRewrite(isLarge ? 0 : compactAfterMs);
  }

  async #append(change: KeyChange): Promise<void> {
    if (this.#closing !== undefined) throw new KeyStoreFault('ERR_KEYS_CLOSED');
    try {
      while (this.#rewriting !== undefined) await this.#rewriting;
      await this.#file.append(change);
      this.#isHealthy = true;
    } catch (cause) {
      this.#isHealthy = false;
      // Nobody offers it a key while it is unhealthy: rewriting finds out whether the disk takes writes again.
      this.#planRewrite(DEFAULTS.retryMs);
      throw writeFault(cause);
    }
  }

  #planRewrite(afterMs: number): void {
    const { clock } = this.#parts;
    const dueAt = clock.now() + afterMs;
    if (this.#rewriteDueAt <= dueAt) return;
    this.#rewriteDueAt = dueAt;
    void clock.sleep(afterMs, this.#stopping.signal).then(() => this.#rewriteWhenDue(dueAt));
  }

  async #rewriteWhenDue(dueAt: number): Promise<void> {
    // One that was planned for later may have been overtaken.
    if (this.#rewriteDueAt !== dueAt || this.#stopping.signal.aborted) return;
    this.#rewriteDueAt = Number.POSITIVE_INFINITY;
    while (this.#rewriting !== undefined) await this.#rewriting;
    this.#rewriting = this.#rewrite().finally(() => {
      this.#rewriting = undefined;
    });
    await this.#rewriting;
    if (!this.#isHealthy) this.#planRewrite(DEFAULTS.retryMs);
  }

  // Never rejects. Appends wait meanwhile, so closing the file brings the keys in memory up to date with it.
  async #rewrite(): Promise<void> {
    try {
      await this.#file.close();
      this.#file = await this.#parts.rewrite(this.#parts.keys);
      this.#compactLength = this.#file.length();
      this.#holdsRemoved = false;
      this.#isHealthy = true;
    } catch {
      this.#isHealthy = false;
      await this.#reopen();
    }
  }

  async #reopen(): Promise<void> {
    try {
      this.#file = await this.#parts.reopen();
    } catch {
      // The closed file refuses every append until the next rewriting succeeds.
    }
  }

  async #close(): Promise<void> {
    this.#stopping.abort();
    await this.#rewriting;
    await this.#file.close();
    // What can't be rewritten now is rewritten when the store is opened.
    if (this.#holdsRemoved) await this.#rewrite();
    await this.#file.close();
    for (const key of this.#parts.keys.values()) key.fill(0);
    this.#parts.keys.clear();
    await this.#parts.release();
  }
}

const KEY_BYTES = 32;
