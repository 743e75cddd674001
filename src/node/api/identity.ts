/** Whose device it is: its lock, its twelve words, and its way to another device. */
import type { PasskeyLock, Secret } from '../../ports.ts'
import type { CallOptions } from './calls.ts'

export type { PasskeyLock }

/** What a tab knows of this device's identity, locked or not. Nothing of it is secret. */
export interface IdentityView {
  /** `locked`: there are no keys in memory, and no snapshots. */
  readonly state: 'locked' | 'open'
  /** Whether it takes a passphrase to unlock. */
  readonly passphrase: boolean
  /** Present where a passkey unlocks too. */
  readonly passkey?: PasskeyLock
  /** Locks itself when nobody has used the app for so long; absent: never. */
  readonly lockAfterMs?: number
  /** When its person last showed that the words are written down; absent: not yet. */
  readonly verifiedAtMs?: number
  /** After wrong passphrases: none is tried before. */
  readonly waitUntilMs?: number
}

/** Times without use after which a device may lock itself. */
export const LOCK_AFTER_MS = [5 * 60_000, 30 * 60_000, 60 * 60_000] as const

/** Short ones are guessed. NIST SP 800-63B-4 §3.1.1.2: no shorter than 8 where it is one of two factors. */
export const PASSPHRASE_CHARACTERS_MIN = 8

/** A page of text; what is longer was pasted by mistake. */
export const PASSPHRASE_CHARACTERS_MAX = 1024

/** A backup file with as many things as a device can have, and all that is noted of each, takes less than half of it. */
export const BACKUP_BYTES_MAX = 2 ** 22

/** `passphrase`: the present one, where there is one. */
interface Asked {
  readonly passphrase?: string
}

export interface IdentityApi {
  /** Opens a locked device. Reports progress. Rejects with `wrong-secret` or `wait`. */
  unlock(input: Secret, options?: CallOptions): Promise<void>
  /** Saves what waits, drops the keys, and leaves the network. Where there is no passphrase it rejects with `bad-input`. */
  lock(input: Record<string, never>): Promise<void>
  /** Sets a passphrase, or another one. Reports progress. */
  setPassphrase(input: Asked & { readonly next: string }, options?: CallOptions): Promise<void>
  /** Takes the passphrase away, and the passkey with it. */
  removePassphrase(input: Asked, options?: CallOptions): Promise<void>
  /** Has a passkey unlock too. There has to be a passphrase. @param input.prf 32 bytes, its answer to `input.salt` */
  addPasskey(input: Asked & PasskeyLock & { readonly prf: Uint8Array }, options?: CallOptions): Promise<void>
  removePasskey(input: Record<string, never>): Promise<void>
  /** @param input.afterMs one of `LOCK_AFTER_MS`; never where it is left out */
  lockAfter(input: { readonly afterMs?: number }): Promise<void>
  /** The twelve words. They are this device: whoever has them has all that is its own. */
  words(input: Asked, options?: CallOptions): Promise<readonly string[]>
  /** Keeps that its person has just proved to have the words. */
  verifyWords(input: Record<string, never>): Promise<void>
  /** The 2048 words there are. */
  wordList(input: Record<string, never>): Promise<readonly string[]>
  /**
   * Makes this device that of twelve words, locked or not, without a passphrase. Where they are those it has, all stays as it is;
   * else what belongs to the identity before goes from its notes. Rejects with `bad-words`, or `not-backed-up`.
   *
   * @param input.givesUp the person has said that what this device has made so far may be lost for good
   */
  restore(input: { readonly words: readonly string[]; readonly givesUp: boolean }): Promise<void>
  /** Words, network, names and settings of things, and contacts, sealed under `next`. Reports progress. */
  exportBackup(input: Asked & { readonly next: string }, options?: CallOptions): Promise<Blob>
  /** As `restore`, from such a file and under its passphrase. Reports progress. Rejects with `bad-backup` too. */
  importBackup(
    input: { readonly file: Blob; readonly passphrase: string; readonly givesUp: boolean },
    options?: CallOptions,
  ): Promise<void>
}

/** All calls of `IdentityApi`: the compiler sees to that. They are answered by a locked device too. */
export const IDENTITY_METHODS: Readonly<Record<keyof IdentityApi, true>> = {
  unlock: true,
  lock: true,
  setPassphrase: true,
  removePassphrase: true,
  addPasskey: true,
  removePasskey: true,
  lockAfter: true,
  words: true,
  verifyWords: true,
  wordList: true,
  restore: true,
  exportBackup: true,
  importBackup: true,
}
