import { decodeBlock } from '../core/codec/block.ts'
import { bytesOf } from '../core/codec/hex.ts'
import { forgetOldest } from '../core/model/forget-oldest.ts'
import type { NetworkId, PublicKey } from '../core/model/id.ts'
import type { KeyStore } from '../ports.ts'
import { THING_KINDS, type ThingKind } from '../reading/kinds.ts'
import type { Reading } from '../reading/reading.ts'
import { decodePack, encodePack } from '../reading/senml.ts'
import { sealRecord, unsealRecord } from '../stream/cipher.ts'
import { encodeRecord, type EncryptedRecord, type OpenRecord, type StreamRecord } from '../stream/record.ts'
import { recordIn } from './streams.ts'

/** Epoch keys kept: a day of one stream by the hour, for a few streams. Each is two HKDF runs to make again. */
const EPOCH_KEYS_MAX = 128

/** What a record says, if it is for our eyes and makes sense. */
export type RecordContent =
  | { readonly type: 'readings'; readonly kind: ThingKind | 'unknown'; readonly readings: readonly Reading[] }
  | { readonly type: 'sealed' }
  | { readonly type: 'malformed' }

/** Writes and reads the records of streams in one network: packs, seals and back. Protocol §10. */
export class RecordReader {
  readonly #keys: KeyStore
  readonly #networkKey: Uint8Array
  readonly #epochKeys = new Map<string, Promise<Uint8Array>>()

  constructor(network: NetworkId, keys: KeyStore) {
    this.#networkKey = bytesOf(network)
    this.#keys = keys
  }

  /** The body of a block for `readings`; encrypted unless `open`. `nonce` is 24 fresh random bytes. */
  async write(
    place: { readonly streamId: Uint8Array; readonly epoch: number; readonly index: number },
    kind: ThingKind,
    readings: readonly Reading[],
    open: boolean,
    nonce: Uint8Array,
  ): Promise<Uint8Array> {
    const record: OpenRecord = { type: 'open', ...place, pack: encodePack(readings, `${kind}/`) }
    if (open) return encodeRecord(record)
    const epochKey = await this.#epochKey(place.streamId, place.epoch)
    const context = { networkKey: this.#networkKey, issuer: this.#keys.publicKey, epochKey }
    return encodeRecord(sealRecord(context, record, nonce))
  }

  /** Reads the record in a block of the store; `undefined` where the store had no block, or the block has no record. */
  async readStored(bytes: Uint8Array | undefined): Promise<RecordContent | undefined> {
    const block = bytes && decodeBlock(bytes)
    if (bytes === undefined || block === undefined || 'type' in block) return undefined
    const record = recordIn({ block })
    return record && this.read(block.issuer, record)
  }

  /** Reads a record of anybody's: open ones, and encrypted ones of our own. */
  async read(issuer: PublicKey, record: StreamRecord): Promise<RecordContent> {
    if (record.type === 'open') return this.#readOpen(record)
    if (issuer !== this.#keys.publicKey) return { type: 'sealed' }
    return this.#readOwn(record)
  }

  #readOpen({ pack }: OpenRecord): RecordContent {
    const content = decodePack(pack)
    if (content.type === 'malformed') return content
    const kind = content.baseName.replace(/\/$/, '')
    const known = THING_KINDS.find((name) => name === kind)
    return { type: 'readings', kind: known ?? 'unknown', readings: content.readings }
  }

  async #readOwn(record: EncryptedRecord): Promise<RecordContent> {
    const epochKey = await this.#epochKey(record.streamId, record.epoch)
    const context = { networkKey: this.#networkKey, issuer: this.#keys.publicKey, epochKey }
    const opened = unsealRecord(context, record)
    return opened.type === 'open' ? this.#readOpen(opened) : { type: 'malformed' }
  }

  #epochKey(streamId: Uint8Array, epoch: number): Promise<Uint8Array> {
    const name = `${streamId.join()}/${epoch}`
    const known = this.#epochKeys.get(name)
    if (known) return known
    const made = this.#keys.epochKey(streamId, epoch)
    this.#epochKeys.set(name, made)
    made.catch(() => this.#epochKeys.delete(name)) // the next record asks again
    forgetOldest(this.#epochKeys, EPOCH_KEYS_MAX)
    return made
  }
}
