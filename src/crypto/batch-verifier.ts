import type { Verifier } from '../ports.ts'
import type { BatchEngine } from './signature-batch.ts'
import type { SignatureClaim } from './verify-messages.ts'

/** Signatures that are checked together, and what will be known of them. */
interface Batch {
  readonly claims: SignatureClaim[]
  readonly holds: Promise<readonly boolean[]>
}

/**
 * The signature rule of protocol §3 behind the byte guard, by an engine that checks many at once: whatever is asked in one
 * turn of the event loop. What the engine does not confirm, `each` decides; so it does all where there is no engine.
 * Whoever asks bounds how much is asked.
 */
export function batchVerifier(engine: Promise<BatchEngine | undefined>, each: Verifier): Verifier {
  let gathering: Batch | undefined

  const gather = (): Batch => {
    const claims: SignatureClaim[] = []
    const holds = engine.then((judge) => {
      gathering = undefined
      return judge?.(claims) ?? []
    })
    return { claims, holds }
  }

  return {
    async verify(signature, message, key) {
      const { claims, holds } = (gathering ??= gather())
      const at = claims.push({ signature, message, key }) - 1
      return (await holds)[at] === true || each.verify(signature, message, key)
    },
  }
}
