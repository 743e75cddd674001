/** Runs a seed of the simulator in a page. Bundled by a browser test. */
import { DIGEST_SEED, simulateDigest } from './digest.ts'

Object.assign(globalThis, { simulatorDigest: simulateDigest(DIGEST_SEED) })
