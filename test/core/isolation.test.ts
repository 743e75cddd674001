import { ed25519 } from '@noble/curves/ed25519.js'
import { describe, expect, it } from 'vitest'
import {
  checkGuard,
  checkPayload,
  checkPayloadHash,
  checkWork,
  identify,
  signedMessage,
} from '../../src/core/check/isolation.ts'
import { publicKeyOf } from '../../src/core/codec/hex.ts'
import { decodeProposal, encodeProposal } from '../../src/core/codec/proposal.ts'
import type { CheckedBlock } from '../../src/core/model/block.ts'
import { Committee } from '../../src/core/model/committee.ts'
import type { Hash, PublicKey } from '../../src/core/model/id.ts'
import type { Invalid, Malformed, Unproven } from '../../src/core/model/verdict.ts'
import {
  ALICE,
  BOB,
  CREATED_AT_MS,
  GENESIS,
  NETWORK,
  NETWORK_KEY,
  idOf,
  makeBlock,
  type BlockParts,
} from './make.ts'

const COMMITTEE = new Committee(GENESIS.committee)
const SECRET = new Uint8Array(32).fill(1)
const ISSUER = publicKeyOf(ed25519.getPublicKey(SECRET))
const ISSUED_AT_MS = CREATED_AT_MS + 1
const PARAMS = { ...GENESIS, powBase: 256 }
const PAYLOAD_AT = 80 + 32 + 8 + 64

/** A block mined at difficulty 256 and truly signed. */
function mineAndSign(parts: Partial<BlockParts> = {}): CheckedBlock {
  for (let nonce = 0; ; nonce++) {
    const wanted = { issuer: ISSUER, issuedAtMs: ISSUED_AT_MS, ...parts, nonce }
    const checked = makeBlock(wanted)
    if (checkWork(checked, PARAMS)) continue
    return makeBlock({ ...wanted, signature: ed25519.sign(signedMessage(checked.id), SECRET) })
  }
}

/** The whole check in isolation, in the order of protocol §4. */
function judge(bytes: Uint8Array): 'valid' | Malformed | Unproven | Invalid {
  const checked = identify(bytes, NETWORK_KEY)
  if ('type' in checked) return checked
  const fault = checkPayloadHash(checked, NETWORK_KEY) ?? checkWork(checked, PARAMS) ?? checkGuard(checked)
  if (fault) return fault
  const { id, block } = checked
  if (!ed25519.verify(block.signature, signedMessage(id), Buffer.from(block.issuer, 'hex'), { zip215: true }))
    return { type: 'bad-signature', id }
  return checkPayload(checked, COMMITTEE) ?? 'valid'
}

function changed(bytes: Uint8Array, offset: number): Uint8Array {
  const copy = Uint8Array.from(bytes)
  copy[offset] = (copy[offset] ?? 0) ^ 1
  return copy
}

describe('the check in isolation', () => {
  const good = mineAndSign()

  it('passes a block that is mined and signed', () => {
    expect(judge(good.bytes)).toBe('valid')
    expect(identify(good.bytes, NETWORK_KEY)).toEqual(good)
  })

  it('names bytes that are no block', () => {
    expect(judge(changed(good.bytes, 0))).toMatchObject({ type: 'malformed', reason: 'bad-version' })
  })

  it('calls a payload that does not match its hash malformed, not invalid: the id may be good', () => {
    const verdict = { type: 'malformed', reason: 'payload-mismatch' }
    expect(judge(changed(good.bytes, PAYLOAD_AT))).toEqual(verdict)
    expect(judge(changed(good.bytes, 48))).toEqual(verdict)
  })

  it('gives another id to bytes with another nonce, parent, issuer or time', () => {
    for (const offset of [8, 16, 80, 112]) {
      const other = identify(changed(good.bytes, offset), NETWORK_KEY)
      expect(other).toHaveProperty('id')
      expect(other).not.toHaveProperty('id', good.id)
    }
  })

  it('gives the same id to bytes with another signature', () => {
    expect(identify(changed(good.bytes, 130), NETWORK_KEY)).toHaveProperty('id', good.id)
  })

  it('asks for the work before the signature, so that a forger pays', () => {
    const idle = makeBlock({ issuer: ISSUER, issuedAtMs: ISSUED_AT_MS, nonce: good.block.nonce + 1 })
    expect(judge(idle.bytes)).toMatchObject({ type: 'too-little-work', id: idle.id, target: 2 ** 24 })
  })

  it('stops a signature the guard refuses', () => {
    const signature = Uint8Array.from(good.block.signature).fill(0xff, 32)
    const { block, bytes, id } = makeBlock({ ...good.block, signature })
    expect(checkGuard({ id, block, bytes })).toEqual({ type: 'bad-signature', id: good.id })
  })

  it('stops a signature by another key, or over another message', () => {
    const wrongKey = ed25519.sign(signedMessage(good.id), new Uint8Array(32).fill(2))
    const untagged = ed25519.sign(Buffer.from(good.id, 'hex'), SECRET)
    for (const signature of [wrongKey, untagged])
      expect(judge(makeBlock({ ...good.block, signature }).bytes)).toEqual({
        type: 'bad-signature',
        id: good.id,
      })
  })

  it('calls a validly signed block whose payload does not decode invalid', () => {
    const payload = Uint8Array.of(0)
    const { bytes, id } = mineAndSign({ payload })
    const fault = { reason: 'topic-length', length: 0, limit: 64 }
    expect(judge(bytes)).toEqual({ type: 'invalid', id, reason: 'payload', fault })
  })

  it.each(['transaction', 'proposal'] as const)('reads the payload of a %s too', (kind) => {
    const empty = makeBlock({ kind, issuedAtMs: ISSUED_AT_MS, payload: new Uint8Array() })
    const fault = { reason: 'truncated' }
    expect(checkPayload(empty, COMMITTEE)).toEqual({
      type: 'invalid',
      id: empty.id,
      reason: 'payload',
      fault,
    })
  })
})

describe('a proposal in isolation', () => {
  const commit = { commitIndex: 0, commitDigest: NETWORK.id as string as Hash }
  const verdictOn = (issuer: PublicKey, epoch: number, round: number) =>
    checkPayload(
      makeBlock({
        kind: 'proposal',
        issuer,
        issuedAtMs: ISSUED_AT_MS,
        payload: encodeProposal({ epoch, round, ...commit }),
      }),
      COMMITTEE,
    )

  it('passes by a validator, in the only epoch, from round 1 on', () => {
    expect(verdictOn(ALICE, 0, 1)).toBeUndefined()
    expect(verdictOn(ALICE, 0, 2 ** 32 - 1)).toBeUndefined()
  })

  it("is nobody else's to make", () => {
    expect(verdictOn(BOB, 0, 1)).toMatchObject({ reason: 'not-a-validator', issuer: BOB })
  })

  it('cannot be of another epoch or of round 0', () => {
    expect(verdictOn(ALICE, 1, 1)).toMatchObject({ reason: 'wrong-epoch', epoch: 1 })
    expect(verdictOn(ALICE, 0, 0)).toMatchObject({ reason: 'no-round' })
  })

  it('says what it has to say in 48 bytes, no more and no less', () => {
    const payload = encodeProposal({ epoch: 0, round: 1, ...commit })
    const judgedWith = (bytes: Uint8Array) =>
      checkPayload(makeBlock({ kind: 'proposal', issuedAtMs: ISSUED_AT_MS, payload: bytes }), COMMITTEE)
    expect(payload).toHaveLength(48)
    expect(judgedWith(payload.slice(0, 47))).toMatchObject({ fault: { reason: 'truncated' } })
    expect(judgedWith(Uint8Array.from([...payload, 0]))).toMatchObject({
      fault: { reason: 'trailing-bytes', length: 49, expected: 48 },
    })
    expect(judgedWith(Uint8Array.from(payload).fill(0xff, 8, 16))).toMatchObject({
      fault: { reason: 'number-too-large' },
    })
  })

  it('comes out of its bytes as it went in', () => {
    const payload = {
      epoch: 7,
      round: 2 ** 32 - 1,
      commitIndex: 2 ** 53 - 1,
      commitDigest: idOf(9) as string as Hash,
    }
    expect(decodeProposal(encodeProposal(payload))).toEqual(payload)
  })
})
