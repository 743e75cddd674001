/** What is noted of whose device this is, beside the vault; nothing of it is secret. */
import * as v from 'valibot'
import type { PublicKey } from '../core/model/id.ts'
import type { NoteEntries, NoteStore } from '../ports.ts'
import { LOCK_AFTER_MS } from './api.ts'
import { loadNetwork } from './networks.ts'
import { INDEX_OWNERS } from './owned-index.ts'

/** Whose things, payments and proposals the other notes are: the public key. */
const OWNER = 'owner'

const BACKUP = 'backup'

const LOCK_AFTER = 'lock-after'

/** Notes that are the browser's, whoever uses it. All others belong to an identity. */
const OF_THE_BROWSER = new Set(['identity', 'network', 'clock', 'mining-for-others', LOCK_AFTER])

const Owner = v.object({ version: v.literal(1), publicKey: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)) })
const Backup = v.object({ version: v.literal(1), verifiedAtMs: v.number() })
const LockAfter = v.object({ version: v.literal(1), afterMs: v.picklist(LOCK_AFTER_MS) })

export type LockAfterMs = (typeof LOCK_AFTER_MS)[number]

/** Notes about the identity. A note that does not parse counts as none. */
export class IdentityNotes {
  readonly #notes: NoteStore
  owner: PublicKey | undefined
  verifiedAtMs: number | undefined
  lockAfterMs: LockAfterMs | undefined

  private constructor(notes: NoteStore) {
    this.#notes = notes
  }

  static async load(notes: NoteStore): Promise<IdentityNotes> {
    const found = new IdentityNotes(notes)
    const owner = v.safeParse(Owner, await notes.get(OWNER))
    const backup = v.safeParse(Backup, await notes.get(BACKUP))
    const lockAfter = v.safeParse(LockAfter, await notes.get(LOCK_AFTER))
    if (owner.success) found.owner = owner.output.publicKey as PublicKey
    if (backup.success) found.verifiedAtMs = backup.output.verifiedAtMs
    if (lockAfter.success) found.lockAfterMs = lockAfter.output.afterMs
    return found
  }

  /** Throws `StoreError`. */
  async setOwner(publicKey: PublicKey): Promise<void> {
    if (this.owner === publicKey) return
    await this.#notes.put([ownerEntry(publicKey)])
    this.owner = publicKey
  }

  /** Throws `StoreError`. */
  async setVerified(atMs: number): Promise<void> {
    await this.#notes.put([backupEntry(atMs)])
    this.verifiedAtMs = atMs
  }

  /** Throws `StoreError`. */
  async setLockAfter(afterMs: LockAfterMs | undefined): Promise<void> {
    await this.#notes.put([[LOCK_AFTER, afterMs === undefined ? undefined : { version: 1, afterMs }]])
    this.lockAfterMs = afterMs
  }

  /**
   * What is written when `owner` takes the device over and has proved to have its words: what belongs to another identity goes,
   * its proposals above all, for they say nothing of what the new key has proposed. Its own network goes along: nobody would
   * ever decide in it again. Blocks are everybody's, and stay.
   */
  async takeover(owner: PublicKey, nowMs: number): Promise<NoteEntries> {
    const entries = [ownerEntry(owner), backupEntry(nowMs)]
    if (owner === this.owner) return entries
    const names = (await this.#notes.list('')).map(([name]) => name)
    const gone = names.filter((name) => !OF_THE_BROWSER.has(name) && !name.startsWith(INDEX_OWNERS))
    const { network } = (await loadNetwork(this.#notes)) ?? {}
    if (network?.genesis.committee.every(({ key }) => key === this.owner)) gone.push('network')
    return [...gone.map((name) => [name, undefined] as const), ...entries]
  }
}

function ownerEntry(publicKey: PublicKey): readonly [string, unknown] {
  return [OWNER, { version: 1, publicKey }]
}

function backupEntry(verifiedAtMs: number): readonly [string, unknown] {
  return [BACKUP, { version: 1, verifiedAtMs }]
}
