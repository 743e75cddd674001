/** The nonce search on WebGPU. A machine without a GPU has SwiftShader, which is one in software: right, and slow. */
import { chromium, expect, test } from '@playwright/test'
import type { GpuCheck } from '../bench/mining-gpu-page.ts'
import { CHROMIUM_ARGS, findChromium } from './chromium.ts'
import { serveModule } from './harness/bundle.ts'

declare global {
  /** Set by the page. */
  var checkGpu: (parts: number, each: number) => Promise<GpuCheck | undefined>
}

/** Without `--disable-gpu`, which leaves no adapter at all. */
const ARGS = [
  ...CHROMIUM_ARGS.filter((arg) => arg !== '--disable-gpu'),
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
]

test('the shader equals noble on 100 000 inputs, and finds the first winner', async () => {
  const found = findChromium()
  if (found === undefined) throw new Error('No Chromium here.')
  const served = await serveModule('test/bench/mining-gpu-page.ts')
  const browser = await chromium.launch({ executablePath: found.path, args: ARGS })
  try {
    const page = await browser.newPage()
    await page.goto(served.url)
    const check = await page.evaluate(() => globalThis.checkGpu(100, 1000))
    test.skip(check === undefined, 'This Chromium gives no WebGPU adapter, not even SwiftShader.')
    expect(check).toMatchObject({ words: 100_000, wrongWords: 0, searches: 50, wrongSearches: 0 })
    console.log(`WebGPU adapter: ${check?.adapter}`)
  } finally {
    await browser.close()
    await served.close()
  }
})
