import type {
  BackupSeal,
  Clock,
  KeyStore,
  NoteEntries,
  NoteStore,
  OnProgress,
  Secret,
  Vault,
} from '../ports.ts'
import { entropyOf, WORD_LIST, wordsOf } from '../wallet/words.ts'
import type { CallOptions, IdentityApi, IdentityView } from './api.ts'
import { decodeBackup, encodeBackup } from './backup-content.ts'
import type { Device } from './device.ts'
import { IDENTITY_INPUTS } from './identity-inputs.ts'
import { IdentityNotes } from './identity-notes.ts'
import { badBackup, badWords, noPassphrase, notBackedUp, waiting, wrongSecret } from './identity-words.ts'
import { parseInput } from './inputs.ts'
import { LAST_KNOWN } from './last-known.ts'
import { RunningDevice, type RunningParts } from './running-device.ts'
import { stored } from './storage-errors.ts'
import { UNLOCK_TRIES, UnlockTries } from './unlock-tries.ts'

export interface IdentityParts extends Omit<RunningParts, 'keepsLastKnown' | 'onChanged'> {
  readonly clock: Clock
  readonly notes: NoteStore
  readonly vault: Vault
  readonly backups: BackupSeal
  /** The keys of an entropy, which it overwrites. */
  readonly keysOf: (entropy: Uint8Array, madeHere: boolean) => Promise<KeyStore>
  /** The view is another. */
  readonly show: (view: IdentityView) => void
}

/** Whose device this is: its vault, and the device itself while that is open. One thing at a time. */
export class Identity implements IdentityApi {
  readonly #parts: IdentityParts
  readonly #noted: IdentityNotes
  readonly #tries: UnlockTries
  readonly #running: RunningDevice
  #usedAtMs: number
  /** A passphrase is being set: what was known last must not be written any more. */
  #isLocking = false
  #turn: Promise<unknown> = Promise.resolve()

  private constructor(parts: IdentityParts, noted: IdentityNotes, tries: UnlockTries) {
    this.#parts = parts
    this.#noted = noted
    this.#tries = tries
    this.#usedAtMs = parts.clock.nowMs()
    this.#running = new RunningDevice({
      ...parts,
      keepsLastKnown: () => !this.#hasPassphrase && !this.#isLocking,
      onChanged: () => this.#show(),
    })
  }

  /** Reads what is noted, and opens nothing yet. Throws `StoreError`. */
  static async load(parts: IdentityParts): Promise<Identity> {
    return new Identity(parts, await IdentityNotes.load(parts.notes), await UnlockTries.load(parts.notes))
  }

  /** Opens the device, unless it takes a person to unlock it. Rejects with what keeps it from opening. */
  start(): Promise<void> {
    this.#show()
    return this.#inTurn(() => this.#openUnlocked())
  }

  /** Resolves once the device is open. @throws ApiError `locked`; what kept it from opening */
  async device(): Promise<Device> {
    await this.#turn.catch(() => undefined) // it may be opening or closing
    return this.#running.device()
  }

  /** Lets time pass; call it about once a second. The device may have been left alone for long enough to lock. */
  tick(): void {
    this.#running.tick()
    const { lockAfterMs } = this.#noted
    if (lockAfterMs === undefined || !this.#running.isOn || !this.#hasPassphrase) return
    const nowMs = this.#parts.clock.nowMs()
    this.#usedAtMs = Math.min(this.#usedAtMs, nowMs) // a clock set back
    if (nowMs - this.#usedAtMs < lockAfterMs) return
    this.#usedAtMs = nowMs
    void this.#inTurn(() => this.#running.close()).catch(() => undefined) // a store that fails to close is gone all the same
  }

  /** Nobody looks any more: what is known now is kept, in case nobody comes back. */
  hidden(): void {
    this.#running.hidden()
  }

  /** Somebody uses the app. */
  used(): void {
    this.#usedAtMs = this.#parts.clock.nowMs()
  }

  get view(): IdentityView {
    const { locks } = this.#parts.vault
    const { lockAfterMs, verifiedAtMs } = this.#noted
    const waitUntilMs = this.#tries.waitUntilMs(this.#parts.clock.nowMs())
    return {
      state: this.#hasPassphrase && !this.#running.isOn ? 'locked' : 'open',
      passphrase: this.#hasPassphrase,
      ...(locks.type === 'passphrase' && locks.passkey && { passkey: locks.passkey }),
      ...(lockAfterMs !== undefined && { lockAfterMs }),
      ...(verifiedAtMs !== undefined && { verifiedAtMs }),
      ...(waitUntilMs !== undefined && { waitUntilMs }),
    }
  }

  async unlock(input: unknown, { onProgress }: CallOptions = {}): Promise<void> {
    const secret = parseInput(IDENTITY_INPUTS.unlock, input)
    return this.#inTurn(async () => {
      if (this.#running.isOn) return
      await this.#open(await this.#entropy(secret, onProgress))
    })
  }

  async lock(): Promise<void> {
    if (!this.#hasPassphrase) throw noPassphrase()
    return this.#inTurn(() => this.#running.close())
  }

  async setPassphrase(input: unknown, { onProgress }: CallOptions = {}): Promise<void> {
    const { next, passphrase } = parseInput(IDENTITY_INPUTS.next, input)
    return this.#with(passphrase, async (entropy, device) => {
      const { vault } = this.#parts
      this.#isLocking = true
      try {
        device.hidden() // what waits to be written down as known last is written no more
        const also = [[LAST_KNOWN, undefined]] as const
        await stored(vault.setPassphrase(entropy, next, { also, ...(onProgress && { onProgress }) }))
      } finally {
        this.#isLocking = false
      }
    })
  }

  async removePassphrase(input: unknown): Promise<void> {
    const { passphrase } = parseInput(IDENTITY_INPUTS.asked, input)
    return this.#with(passphrase, (entropy) => stored(this.#parts.vault.removeLocks(entropy)))
  }

  async addPasskey(input: unknown): Promise<void> {
    const { passphrase, prf, ...passkey } = parseInput(IDENTITY_INPUTS.addPasskey, input)
    if (!this.#hasPassphrase) throw noPassphrase()
    return this.#with(passphrase, (entropy) => stored(this.#parts.vault.setPasskey(entropy, passkey, prf)))
  }

  async removePasskey(): Promise<void> {
    await this.device()
    await this.#inTurn(() => stored(this.#parts.vault.removePasskey()))
    this.#show()
  }

  async lockAfter(input: unknown): Promise<void> {
    const { afterMs } = parseInput(IDENTITY_INPUTS.lockAfter, input)
    await this.device()
    await stored(this.#noted.setLockAfter(afterMs))
    this.#show()
  }

  async words(input: unknown): Promise<readonly string[]> {
    const { passphrase } = parseInput(IDENTITY_INPUTS.asked, input)
    return this.#with(passphrase, async (entropy) => wordsOf(entropy))
  }

  async verifyWords(): Promise<void> {
    await this.device()
    await stored(this.#noted.setVerified(this.#parts.clock.nowMs()))
    this.#show()
  }

  async wordList(): Promise<readonly string[]> {
    return WORD_LIST
  }

  async restore(input: unknown): Promise<void> {
    const { words, givesUp } = parseInput(IDENTITY_INPUTS.restore, input)
    const entropy = entropyOf(words)
    if ('type' in entropy) throw badWords(entropy)
    return this.#become(entropy, givesUp)
  }

  async exportBackup(input: unknown, { onProgress }: CallOptions = {}): Promise<Blob> {
    const { next, passphrase } = parseInput(IDENTITY_INPUTS.next, input)
    return this.#with(passphrase, async (entropy, device) => {
      const content = await encodeBackup(this.#parts.notes, entropy, await device.invite())
      const file = await this.#parts.backups.seal(content, next, onProgress)
      return new Blob([Uint8Array.from(file)])
    })
  }

  async importBackup(input: unknown, { onProgress }: CallOptions = {}): Promise<void> {
    const { file, passphrase, givesUp } = parseInput(IDENTITY_INPUTS.importBackup, input)
    const bytes = new Uint8Array(await file.arrayBuffer())
    const content = await this.#parts.backups.open(bytes, passphrase, onProgress)
    if (typeof content === 'string') throw badBackup(content)
    const { entropy, notes } = decodeBackup(content)
    return this.#become(entropy, givesUp, notes)
  }

  get #hasPassphrase(): boolean {
    return this.#parts.vault.locks.type === 'passphrase'
  }

  /** Makes this the device of `entropy`, which is overwritten. */
  #become(entropy: Uint8Array, givesUp: boolean, bringing: NoteEntries = []): Promise<void> {
    const { vault, clock, keysOf } = this.#parts
    return this.#inTurn(async () => {
      const { publicKey } = await keysOf(entropy.slice(), false)
      const isSame = publicKey === this.#noted.owner
      if (!isSame && !givesUp && this.#noted.verifiedAtMs === undefined) throw notBackedUp()
      await this.#running.close()
      try {
        // read once the device is closed, for until then it writes
        const entries = await this.#noted.takeover(publicKey, clock.nowMs())
        const also = [...entries, ...bringing, [LAST_KNOWN, undefined], [UNLOCK_TRIES, undefined]] as const
        await stored(vault.replace(entropy, isSame ? vault.restored : true, also))
        this.#noted.owner = publicKey
        this.#noted.verifiedAtMs = clock.nowMs()
        this.#tries.reset()
      } finally {
        entropy.fill(0)
        await this.#openUnlocked() // where nothing was written, as it was
      }
    })
  }

  /** Does what takes an open device and its passphrase once more, if it has one. The entropy is overwritten after. */
  #with<T>(
    passphrase: string | undefined,
    work: (entropy: Uint8Array, device: Device) => Promise<T>,
  ): Promise<T> {
    return this.#inTurn(async () => {
      const device = await this.#running.device() // not `device`, which waits for this turn
      const entropy = await this.#entropy(
        passphrase === undefined ? undefined : { type: 'passphrase', passphrase },
      )
      try {
        return await work(entropy, device)
      } finally {
        entropy.fill(0)
        this.#show()
      }
    })
  }

  /** @throws ApiError `wrong-secret`, `wait` */
  async #entropy(secret: Secret | undefined, onProgress?: OnProgress): Promise<Uint8Array> {
    const { vault, clock } = this.#parts
    if (!this.#hasPassphrase) secret = undefined
    else if (secret === undefined) throw wrongSecret('passphrase')
    const nowMs = clock.nowMs()
    if (secret?.type === 'passphrase') {
      if (this.#tries.waitUntilMs(nowMs) !== undefined) throw waiting()
      await this.#tries.begin(nowMs)
    }
    const entropy = await vault.open(secret, onProgress)
    if (entropy === 'wrong-secret') {
      this.#show()
      throw wrongSecret(secret?.type ?? 'passphrase')
    }
    if (secret !== undefined) await this.#tries.passed()
    return entropy
  }

  async #openUnlocked(): Promise<void> {
    if (this.#hasPassphrase) return this.#show()
    await this.#open(await this.#entropy(undefined))
  }

  async #open(entropy: Uint8Array): Promise<void> {
    const { keysOf, vault } = this.#parts
    this.used()
    await this.#running.open(async () => {
      const keys = await keysOf(entropy, !vault.restored)
      await this.#noted.setOwner(keys.publicKey)
      return keys
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work)
    this.#turn = turn.catch(() => undefined)
    return turn
  }

  #show(): void {
    this.#parts.show(this.view)
  }
}
