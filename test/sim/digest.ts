import { simulate } from './run.ts'

/** The seed whose digest a browser and Node compare: 4 validators, 2 others, 20 virtual seconds, all faults. */
export const DIGEST_SEED = 42

/** The digest of a short run, to be the same on every engine. Throws where the run shows a violation. */
export function simulateDigest(seed: number): string {
  const outcome = simulate({ seed, validators: 4, others: 2, activeMs: 20_000 })
  if (outcome.type === 'violation') throw new Error(`seed ${seed}: ${outcome.kind}: ${outcome.detail}`)
  return outcome.digest
}
