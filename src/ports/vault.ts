/** Where a device's secret rests, and what opens it. */

/** What a person brings to a locked vault. The device's own key is needed beside it. */
export type Secret =
  | { readonly type: 'passphrase'; readonly passphrase: string }
  /** `prf`: 32 bytes, what the authenticator makes of the salt in `PasskeyLock`. WebAuthn Level 3 §10.1.4. */
  | { readonly type: 'passkey'; readonly prf: Uint8Array }

/** What a page has to ask an authenticator for. Neither is secret. */
export interface PasskeyLock {
  readonly credentialId: Uint8Array
  /** 32 bytes. */
  readonly salt: Uint8Array
}

/** How a vault is locked. `none`: by this device alone. */
export type Locks =
  { readonly type: 'none' } | { readonly type: 'passphrase'; readonly passkey?: PasskeyLock }

/** 0 … 1, now and then. */
export type OnProgress = (done: number) => void

/** Notes that are written together with the vault's own, all or none; `undefined` deletes. */
export type NoteEntries = readonly (readonly [key: string, value: unknown])[]

/**
 * Keeps the entropy (16 bytes) behind this device's keys. It is not changed where a call fails. Whoever gets entropy overwrites
 * it as soon as it has served.
 */
export interface Vault {
  readonly locks: Locks
  /** Whether the words were typed in, so that another device may be at work with the same keys. */
  readonly restored: boolean
  /**
   * The entropy. `wrong-secret`: what was brought does not open it, or it takes a secret and none was brought.
   *
   * @throws KeyStoreError where what is kept is damaged; `StoreError`
   */
  open(secret?: Secret, onProgress?: OnProgress): Promise<Uint8Array | 'wrong-secret'>
  /** Locks by a passphrase from now on, in place of the one before; a passkey stays. Throws `StoreError`. */
  setPassphrase(
    entropy: Uint8Array,
    passphrase: string,
    options?: { readonly onProgress?: OnProgress; readonly also?: NoteEntries },
  ): Promise<void>
  /** Unlocks by a passkey too. There has to be a passphrase. Throws `StoreError`. */
  setPasskey(entropy: Uint8Array, passkey: PasskeyLock, prf: Uint8Array): Promise<void>
  /** Takes the passkey away. Throws `StoreError`. */
  removePasskey(): Promise<void>
  /** Takes every lock away. Throws `StoreError`. */
  removeLocks(entropy: Uint8Array): Promise<void>
  /** Keeps another entropy instead, without a lock. What was there is gone. Throws `StoreError`. */
  replace(entropy: Uint8Array, restored: boolean, also?: NoteEntries): Promise<void>
}

/** Seals what leaves the device as a file. */
export interface BackupSeal {
  seal(content: Uint8Array, passphrase: string, onProgress?: OnProgress): Promise<Uint8Array>
  /**
   * The content. `not-a-backup`: other bytes. `other-version`: of another version of Weft. `too-costly`: it asks for more work
   * or memory than this device gives a file. `does-not-open`: the passphrase is another, or the file is damaged; nobody can
   * tell which.
   */
  open(
    file: Uint8Array,
    passphrase: string,
    onProgress?: OnProgress,
  ): Promise<Uint8Array | 'not-a-backup' | 'other-version' | 'too-costly' | 'does-not-open'>
}
