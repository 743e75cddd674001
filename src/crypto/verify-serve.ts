import type { Verifier } from '../ports.ts'
import { unpackBatch, type Answers, type Batch, type VerifierScope } from './verify-messages.ts'

/** The worker's side of `VerifierPool`: one batch after the other, the signatures of each all at once. */
export function serveVerifier(scope: VerifierScope, verifier: Verifier): void {
  let turn = Promise.resolve()
  scope.addEventListener('message', ({ data }) => {
    turn = turn.then(async () => {
      // a rejected promise would reach nobody: an empty answer says that this worker is of no more use
      const answers = await answersTo(data, verifier).catch((): Answers => new Uint8Array())
      scope.postMessage(answers, [answers.buffer])
    })
  })
}

async function answersTo(batch: Batch, verifier: Verifier): Promise<Answers> {
  const holds = await Promise.all(
    unpackBatch(batch).map(({ signature, message, key }) => verifier.verify(signature, message, key)),
  )
  return Uint8Array.from(holds, Number)
}
