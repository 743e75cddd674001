/** The verify worker: checks signatures for whoever started it. */
import { serveVerifier } from '../src/crypto/verify-serve.ts'
import { webCryptoVerifier } from '../src/crypto/verifier.ts'

serveVerifier(self, webCryptoVerifier(crypto.subtle))
