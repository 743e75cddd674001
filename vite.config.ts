import { svelte } from '@sveltejs/vite-plugin-svelte'
import { VitePWA, type ManifestOptions } from 'vite-plugin-pwa'
import { configDefaults, defineConfig } from 'vitest/config'

const manifest: Partial<ManifestOptions> = {
  id: '/',
  name: 'Weft',
  short_name: 'Weft',
  description: 'Readings from your sensors, signed by this device and shared only when you say so.',
  lang: 'en',
  start_url: '/',
  scope: '/',
  display: 'standalone',
  theme_color: '#f7f4ee',
  background_color: '#f7f4ee',
  categories: ['utilities', 'health'],
  icons: [
    { src: '/icon.svg', sizes: 'any', type: 'image/svg+xml' },
    { src: '/icon-192.png', sizes: '192x192', type: 'image/png' },
    { src: '/icon-512.png', sizes: '512x512', type: 'image/png' },
    { src: '/icon-maskable-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
  shortcuts: [{ name: 'Things', url: '/#/', icons: [{ src: '/icon-192.png', sizes: '192x192' }] }],
}

/** The largest file kept for offline use: several times the script for the network, the largest there is. */
const PRECACHED_FILE_BYTES_MAX = 8 * 1024 * 1024

export default defineConfig({
  plugins: [
    svelte({ configFile: false }),
    VitePWA({
      strategies: 'injectManifest',
      srcDir: 'workers',
      filename: 'service-worker.ts',
      // registered by workbox-window in main.ts; a script put into the page would need an exception in the CSP
      injectRegister: false,
      registerType: 'prompt',
      manifest,
      // the list below has them already
      includeManifestIcons: false,
      injectManifest: {
        // a classic script: service workers as modules are not in every browser
        rollupFormat: 'iife',
        globPatterns: ['**/*.{html,js,css,wasm,svg,png}'],
        globIgnores: ['**/relay.json'],
        maximumFileSizeToCacheInBytes: PRECACHED_FILE_BYTES_MAX,
      },
    }),
  ],
  build: {
    target: 'es2024',
    // wasm and workers as files of their own: a data: address would need an exception in the CSP
    assetsInlineLimit: 0,
    // one small file: the styles of a part that is loaded late are there before it, and cannot fail to come
    cssCodeSplit: false,
    modulePreload: { polyfill: false },
  },
  worker: { format: 'es' },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: [...configDefaults.exclude, 'test/browser/**'],
    environment: 'node',
    // vitest leaves one core to itself, which on two is half of all
    maxWorkers: '100%',
    // tells a test that hangs from one on a busy machine, nothing more
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
