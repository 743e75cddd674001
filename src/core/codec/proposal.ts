import type { ProposalPayload } from '../model/proposal.ts'
import type { PayloadFault } from '../model/verdict.ts'
import { bytesOf, hashOf } from './hex.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** Bytes of a proposal's payload. Protocol §6. */
const PROPOSAL_BYTES = 48

/** The payload of a proposal block. Protocol §6. */
export function encodeProposal({ epoch, round, commitIndex, commitDigest }: ProposalPayload) {
  return new Writer(PROPOSAL_BYTES)
    .u32(epoch)
    .u32(round)
    .u64(commitIndex)
    .bytes(bytesOf(commitDigest))
    .finish()
}

/** Parses any bytes. Whether epoch, round and author are good is the check's to say. Protocol §6. */
export function decodeProposal(payload: Uint8Array): ProposalPayload | PayloadFault {
  if (payload.length > PROPOSAL_BYTES)
    return { reason: 'trailing-bytes', length: payload.length, expected: PROPOSAL_BYTES }
  const reader = new Reader(payload)
  const epoch = reader.u32()
  const round = reader.u32()
  const commitIndex = reader.u64()
  const commitDigest = hashOf(reader.bytes(32))
  if (reader.fault) return { reason: reader.fault }
  return { epoch, round, commitIndex, commitDigest }
}
