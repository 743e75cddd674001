import { svelte } from '@sveltejs/vite-plugin-svelte'
import { VitePWA, type ManifestOptions } from 'vite-plugin-pwa'
import { configDefaults, defineConfig } from 'vitest/config'
import { licences } from './.licences.ts'
import pkg from './package.json' with { type: 'json' }

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
  screenshots: [
    { src: '/screen-narrow.png', sizes: '360x740', type: 'image/png', form_factor: 'narrow' },
    { src: '/screen-wide.png', sizes: '1280x800', type: 'image/png', form_factor: 'wide' },
  ],
  shortcuts: [
    ['Things', '/#/'],
    ['Add a thing', '/#/add'],
    ['Wallet', '/#/wallet'],
    ['Network', '/#/network'],
  ].map(([name = '', url = '']) => ({
    name,
    url,
    icons: [{ src: '/icon-192.png', sizes: '192x192', type: 'image/png' }],
  })),
  share_target: {
    action: '/',
    method: 'GET',
    params: { title: 'title', text: 'text', url: 'url' },
  },
  // an open app goes on where it is, and is told what it was launched with
  launch_handler: { client_mode: ['focus-existing', 'auto'] },
}

/** The day of the build; of the source where that is said, so that the same source makes the same build. */
const { SOURCE_DATE_EPOCH } = process.env
const built = SOURCE_DATE_EPOCH === undefined ? new Date() : new Date(1000 * Number(SOURCE_DATE_EPOCH))

const { note, write } = licences()

/** The largest file kept for offline use: several times the script for the network, the largest there is. */
const PRECACHED_FILE_BYTES_MAX = 8 * 1024 * 1024

export default defineConfig({
  plugins: [
    svelte({ configFile: false }),
    note,
    write,
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
        globPatterns: ['**/*.{html,js,css,wasm,svg,png,txt}'],
        // screenshots are for the browser’s own dialog, which is shown online
        globIgnores: ['**/relay.json', '**/screen-*.png'],
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
  worker: { format: 'es', plugins: () => [note] },
  define: {
    __WEFT_VERSION__: JSON.stringify(pkg.version),
    __WEFT_BUILT__: JSON.stringify(built.toISOString()),
  },
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
