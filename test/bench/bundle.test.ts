import { expect, test } from 'vitest'
import { partOf } from './bundle.ts'
import { charactersBySource } from './source-map.ts'

test('counts the characters of a script by where they come from', () => {
  // AAAA: column 0, source 0. IACA: 4 on, line 1 of the same. GCAA: 3 on, the next source. E: 2 on, of no source.
  const map = { version: 3, sources: ['a.ts', 'b.ts'], names: [], mappings: 'AAAA,IACA,GCAA,E;;ADAA' }
  const script = 'aaaaAAAbb--\n\naa'
  expect(Object.fromEntries(charactersBySource(script, JSON.stringify(map)))).toEqual({
    'a.ts': 9,
    'b.ts': 2,
    '': 2,
  })
})

test('counts a text of many lines for the source it begins in', () => {
  const map = { version: 3, sources: ['words.ts'], names: [], mappings: 'AAAA;;' }
  expect(Object.fromEntries(charactersBySource('`one\ntwo\nthree`', JSON.stringify(map)))).toEqual({
    'words.ts': 13,
  })
})

test('refuses what is no source map', () => {
  expect(() => charactersBySource('a', '{"version":3}')).toThrow()
  const bad = { version: 3, sources: [], mappings: '!' }
  expect(() => charactersBySource('a', JSON.stringify(bad))).toThrow(/no digit/)
})

test('says which package or folder a source is of', () => {
  expect(partOf('../../node_modules/libp2p/dist/src/index.js')).toBe('libp2p')
  expect(partOf('../../node_modules/@noble/curves/abstract/edwards.js')).toBe('@noble/curves')
  expect(partOf('../../node_modules/a/node_modules/@b/c/index.js')).toBe('@b/c')
  expect(partOf('../../src/app/parts/Chart.svelte')).toBe('src/app')
  expect(partOf('../../workers/peer.ts')).toBe('workers')
  expect(partOf('')).toBe('markup, the bundler')
})
