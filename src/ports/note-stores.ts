/** Stores of pages and of notes. */

/**
 * Keeps pages of bytes under keys, for what can be made again from the blocks. Keys are ASCII, in the order of their
 * characters.
 */
export interface PageStore {
  /** The pages under these keys, in the order asked; `undefined` where there is none. */
  get(keys: readonly string[]): Promise<readonly (Uint8Array | undefined)[]>
  /** The first `count` of the pages whose keys are at least `from` and less than `before`, in the order of keys. */
  range(
    from: string,
    before: string,
    count: number,
  ): Promise<readonly (readonly [key: string, page: Uint8Array])[]>
  /** Writes all entries or none; `undefined` deletes. Throws `StoreError`. */
  put(entries: readonly (readonly [key: string, page: Uint8Array | undefined])[]): Promise<void>
  /** Forgets everything. */
  clear(): Promise<void>
  close(): Promise<void>
}

/** The newest proposal a validator's key has signed in one network: no round up to its own is ever proposed again. */
export interface ProposerNote {
  /** 0 before the first. */
  readonly round: number
  /** The whole block; empty before the first, or where only the round is known. */
  readonly bytes: Uint8Array
}

/** Keeps it: written for good before a proposal is sent. Protocol §6. */
export interface ProposerStore {
  /** `undefined` where this store's key has never been allowed to propose from here. */
  load(): Promise<ProposerNote | undefined>
  /** Resolves once it is on disk. Throws `StoreError`. */
  save(note: ProposerNote): Promise<void>
}

/** Remembers, for one network, that blocks this node had were lost once and came back. */
export interface LossMark {
  isSet(): Promise<boolean>
  /** Resolves once it is on disk. Throws `StoreError`. */
  set(): Promise<void>
}

/** Small named values: identity, things, networks, what peers are known to hold. Values are structured-cloneable. */
export interface NoteStore {
  /** The value under `key`, unparsed: whoever reads it parses it. */
  get(key: string): Promise<unknown>
  /** All entries whose key starts with `prefix`, in key order. */
  list(prefix: string): Promise<readonly (readonly [key: string, value: unknown])[]>
  /** Writes all entries or none, strictly durable; `undefined` deletes. Throws `StoreError`. */
  put(entries: readonly (readonly [key: string, value: unknown])[]): Promise<void>
  close(): Promise<void>
}
