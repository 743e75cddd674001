/**
 * Who may import whom. One table; the rule in `layers.js` reads it, and so does the test that proves the rule.
 * A room is the longest path here that a file's path starts with. `rooms` lists rooms it may import besides itself,
 * `packages` the libraries it is for; `'*'` stands for anything.
 */
const PROTOCOL = [
  'core/model',
  'core/codec',
  'core/crypto',
  'core/dag',
  'core/check',
  'core/consensus',
  'core/ledger',
  'core',
]

export const ROOMS = {
  'src/core/model': { rooms: [], packages: [] },
  'src/core/codec': { rooms: ['core/model'], packages: ['@noble/hashes', '@scure/base'] },
  'src/core/crypto': { rooms: ['core/model', 'core/codec'], packages: ['@noble/hashes'] },
  'src/core/dag': { rooms: ['core/model', 'core/codec', 'core/crypto'], packages: [] },
  'src/core/check': { rooms: ['core/model', 'core/codec', 'core/crypto', 'core/dag'], packages: [] },
  'src/core/consensus': {
    rooms: ['core/model', 'core/codec', 'core/crypto', 'core/dag', 'core/check'],
    packages: [],
  },
  'src/core/ledger': { rooms: ['core/model', 'core/codec', 'core/crypto'], packages: ['@noble/hashes'] },
  'src/core': { rooms: PROTOCOL, packages: [] },
  'src/ports': { rooms: ['core/model'], packages: [] },
  'src/ports.ts': { rooms: ['core/model', 'ports'], packages: [] },
  'src/reading': { rooms: ['core/model'], packages: ['cborg'] },
  'src/crypto': {
    rooms: [...PROTOCOL, 'ports.ts', 'reading'],
    packages: ['@noble/ciphers', '@noble/curves', '@noble/hashes', 'valibot'],
  },
  'src/store': { rooms: [...PROTOCOL, 'ports.ts', 'reading'], packages: ['idb', 'crc-32', 'valibot'] },
  'src/net': {
    rooms: [...PROTOCOL, 'ports.ts', 'reading'],
    packages: ['libp2p', '@libp2p', '@multiformats', '@noble/hashes', 'valibot'],
  },
  'src/mining': { rooms: [...PROTOCOL, 'ports.ts', 'reading'], packages: [] },
  'src/wallet': { rooms: [...PROTOCOL, 'ports.ts', 'reading'], packages: ['@noble/hashes', '@scure/bip39'] },
  'src/stream': {
    rooms: [...PROTOCOL, 'ports.ts', 'reading'],
    packages: ['@noble/ciphers', '@noble/hashes'],
  },
  'src/node': {
    rooms: [...PROTOCOL, 'ports.ts', 'reading', 'wallet', 'stream', 'node/api.ts', 'node/rpc.ts'],
    packages: ['valibot', 'cborg', '@scure/base'],
  },
  'src/node/api': { rooms: ['core/model', 'ports.ts', 'reading'], packages: [] },
  'src/node/api.ts': { rooms: ['node/api'], packages: [] },
  'src/node/rpc': { rooms: ['node/api.ts'], packages: [] },
  'src/node/rpc.ts': { rooms: ['node/rpc'], packages: [] },
  'src/sensor': { rooms: ['reading'], packages: [] },
  'src/app': {
    rooms: ['node/api.ts', 'node/rpc.ts', 'reading', 'sensor', 'core/model'],
    packages: ['svelte', 'uplot', 'qr', '@lucide/svelte', 'valibot', 'workbox-window', 'bits-ui'],
  },
  'src/app/main.ts': { rooms: '*', packages: '*' },
  'src/gateway': { rooms: '*', packages: '*' },
  workers: { rooms: '*', packages: '*' },
}

/** The room of a path from the repository's root, or undefined outside every room. */
export function roomOf(path) {
  return Object.keys(ROOMS)
    .filter((room) => path === room || path.startsWith(`${room}/`))
    .sort((a, b) => b.length - a.length)[0]
}

/** Whether `room` composes the others, so that there is nothing to check. */
export function mayImportAnything(room) {
  const { rooms, packages } = ROOMS[room]
  return rooms === '*' && packages === '*'
}

/** Whether a file in `room` may import a file in `target`. */
export function mayImportRoom(room, target) {
  const { rooms } = ROOMS[room]
  return room === target || rooms === '*' || rooms.some((name) => `src/${name}` === target)
}

/** Whether a file in `room` may import this package. */
export function mayImportPackage(room, specifier) {
  const { packages } = ROOMS[room]
  return packages === '*' || packages.some((name) => specifier === name || specifier.startsWith(`${name}/`))
}
