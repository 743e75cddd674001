/** The miner worker: finds nonces for whoever started it. */
import { loadKernel } from '../src/mining/search.ts'
import { serveMiner } from '../src/mining/serve.ts'

// Each address is spelt out whole, so that the bundler sees the file.
const kernels = {
  relaxed: new URL('../src/mining/kernel.relaxed.wasm', import.meta.url),
  simd: new URL('../src/mining/kernel.simd.wasm', import.meta.url),
  scalar: new URL('../src/mining/kernel.scalar.wasm', import.meta.url),
}

const load = () =>
  loadKernel(async (build) => {
    const response = await fetch(kernels[build])
    if (!response.ok) throw new Error(`${kernels[build].pathname}: HTTP status ${response.status}`)
    return new Uint8Array(await response.arrayBuffer())
  })

serveMiner(self, load, () => performance.now())
