import { fileURLToPath } from 'node:url'
import { dirname, relative } from 'node:path'
import { ESLint, Linter } from 'eslint'
import tseslint from 'typescript-eslint'
import { describe, expect, it } from 'vitest'
import { layers } from '../../.lint/layers.js'
import { ROOMS, mayImportPackage, mayImportRoom } from '../../.lint/rooms.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const rooms = Object.keys(ROOMS)
const linter = new Linter({ cwd: root })

const config = {
  files: ['**/*.ts'],
  languageOptions: { parser: tseslint.parser },
  plugins: { weft: { rules: { layers } } },
  rules: { 'weft/layers': 'error' },
} as Linter.Config

/** Every way one file can name another, one a line. */
const FORMS: readonly ((specifier: string) => string)[] = [
  (specifier) => `import { a } from '${specifier}'`,
  (specifier) => `import '${specifier}'`,
  (specifier) => `import type { B } from '${specifier}'`,
  (specifier) => `import { type C } from '${specifier}'`,
  (specifier) => `export { d } from '${specifier}'`,
  (specifier) => `export type { D } from '${specifier}'`,
  (specifier) => `export * from '${specifier}'`,
  (specifier) => `export * as e from '${specifier}'`,
  (specifier) => `void import('${specifier}')`,
  (specifier) => `void import(\`${specifier}\`)`,
  (specifier) => `type F = import('${specifier}').F`,
  (specifier) => `type G = typeof import('${specifier}')`,
  (specifier) => `import h = require('${specifier}')`,
]

/** The forms that name a file and never a package. */
const FILE_FORMS = [
  ...FORMS,
  (specifier: string) => `new URL('${specifier}', import.meta.url)`,
  (specifier: string) => `new URL(\`${specifier}\`, import.meta.url)`,
  (specifier: string) => `new Worker(new URL('${specifier}?worker', import.meta.url), { type: 'module' })`,
]

/** A file of a room that no narrower room claims. */
const fileOf = (room: string) => (room.endsWith('.ts') ? room : `${room}/some-file.ts`)

function specifierOf(from: string, to: string): string {
  const path = relative(dirname(fileOf(from)), fileOf(to))
  return path.startsWith('.') ? path : `./${path}`
}

/** Lints `lines` as one file of `room`; the rule's message ids, one list a line. */
function reportsOn(room: string, lines: readonly string[]): readonly (readonly string[])[] {
  const found = lines.map((): string[] => [])
  for (const { ruleId, messageId, message, line } of linter.verify(lines.join('\n'), [config], {
    filename: fileOf(room),
  })) {
    expect(ruleId, message).toBe('weft/layers')
    found[line - 1]?.push(messageId ?? '')
  }
  return found
}

/** The lines among `specifiers` × `forms`, written in a file of `room`, that do not get exactly the report expected. */
function wronglyJudged(
  room: string,
  specifiers: readonly string[],
  forms: typeof FORMS,
  expected: (specifier: string) => readonly string[],
): readonly string[] {
  const lines = specifiers.flatMap((specifier) => forms.map((form) => ({ specifier, text: form(specifier) })))
  const texts = lines.map(({ text }) => text)
  const reports = reportsOn(room, texts)
  return lines
    .filter(({ specifier }, i) => reports[i]?.join() !== expected(specifier).join())
    .map(({ text }) => text)
}

describe('the table of rooms', () => {
  it('names rooms that are there', () => {
    for (const { rooms: allowed } of Object.values(ROOMS))
      if (allowed !== '*') for (const name of allowed) expect(rooms).toContain(`src/${name}`)
  })

  it('lets the protocol import nothing outside itself', () => {
    for (const room of rooms.filter((name) => name.startsWith('src/core')))
      for (const target of rooms.filter((name) => !name.startsWith('src/core')))
        expect(mayImportRoom(room, target), `${room} → ${target}`).toBe(false)
  })

  it('keeps the layers of the core in order: model, codec, crypto, dag, check', () => {
    const layersUp = ['model', 'codec', 'crypto', 'dag', 'check'].map((name) => `src/core/${name}`)
    for (const [low, lower] of layersUp.entries())
      for (const higher of layersUp.slice(low + 1)) expect(mayImportRoom(lower, higher)).toBe(false)
  })

  it('lets a node fulfil its own api and keeps it from the shells around it', () => {
    expect(mayImportRoom('src/node', 'src/node/api.ts')).toBe(true)
    for (const shell of ['store', 'net', 'mining', 'crypto', 'app', 'sensor'])
      expect(mayImportRoom('src/node', `src/${shell}`)).toBe(false)
  })

  it('lets the app see the peer through its api alone', () => {
    for (const hidden of [
      'core',
      'core/dag',
      'crypto',
      'store',
      'net',
      'mining',
      'wallet',
      'stream',
      'node',
      'ports.ts',
    ])
      expect(mayImportRoom('src/app', `src/${hidden}`)).toBe(false)
  })
})

describe('the rule', () => {
  it('has pairs to be tried on', () => {
    const forbidden = rooms.flatMap((from) => rooms.filter((to) => !mayImportRoom(from, to)))
    expect(forbidden.length).toBeGreaterThan(250)
  })

  describe.each(rooms)('in %s', (from) => {
    const specifiersOf = (targets: readonly string[]) => targets.map((to) => specifierOf(from, to))

    it('reports every forbidden room in every form', () => {
      const targets = rooms.filter((to) => !mayImportRoom(from, to))
      expect(wronglyJudged(from, specifiersOf(targets), FILE_FORMS, () => ['room'])).toEqual([])
    })

    it('reports none of the permitted rooms in any form', () => {
      const targets = rooms.filter((to) => mayImportRoom(from, to))
      expect(wronglyJudged(from, specifiersOf(targets), FILE_FORMS, () => [])).toEqual([])
    })

    it('reports a package it is not for, and none that it is for', () => {
      const named = Object.values(ROOMS).flatMap(({ packages }) => (packages === '*' ? [] : packages))
      const specifiers = [...new Set([...named, 'node:fs', 'left-pad'])].flatMap((name) => [
        name,
        `${name}/deep.js`,
      ])
      const expected = (specifier: string) => (mayImportPackage(from, specifier) ? [] : ['package'])
      expect(wronglyJudged(from, specifiers, FORMS, expected)).toEqual([])
    })
  })

  const oneOf = (room: string, line: string) => reportsOn(room, [line])[0]

  it('does not take the start of a name for the name', () => {
    expect(oneOf('src/store', "import 'idb-keyval'")).toEqual(['package'])
  })

  it('reports what it cannot check', () => {
    expect(oneOf('src/node', 'void import(name)')).toEqual(['computed'])
    expect(oneOf('src/node', 'void import(`../store/${name}.ts`)')).toEqual(['computed'])
    expect(oneOf('src/node', 'new URL(name, import.meta.url)')).toEqual(['computed'])
    expect(oneOf('src/node', "import.meta.glob('../store/*.ts')")).toEqual(['computed'])
  })

  it('reports files outside every room, on either end', () => {
    expect(oneOf('src/store', "import '../../test/contract/block-store.ts'")).toEqual(['room'])
    expect(oneOf('src/store', "import '../nowhere/file.ts'")).toEqual(['room'])
    const messages = linter.verify('export {}', [config], { filename: 'src/nowhere/file.ts' })
    expect(messages.map(({ messageId }) => messageId)).toEqual(['homeless'])
  })

  it('leaves tests and an ordinary URL alone', () => {
    expect(
      linter.verify("import '../../src/core/engine.ts'", [config], { filename: 'test/core/x.test.ts' }),
    ).toEqual([])
    expect(oneOf('src/net', "new URL('../store/x.ts', location.href)")).toEqual([])
    expect(oneOf('src/net', 'new URL(address)')).toEqual([])
  })
})

describe('eslint.config.js', () => {
  const eslint = new ESLint({ cwd: root })
  const rulesFor = async (file: string) =>
    ((await eslint.calculateConfigForFile(file)) as { rules: Record<string, readonly unknown[]> }).rules

  it('turns the rule on as an error for a file of every room, and for components', async () => {
    for (const file of [...rooms.map(fileOf), 'src/app/parts/Any.svelte', 'src/app/state/any.svelte.ts'])
      expect((await rulesFor(file))['weft/layers'], file).toEqual([2])
  }, 20_000)

  it('forbids clock and chance in every room of the core, and nowhere else', async () => {
    const ofCore = await rulesFor('src/core/engine.ts')
    const isFree = (code: string) => {
      const rules = Object.fromEntries(
        ['no-restricted-syntax', 'no-restricted-globals', 'no-restricted-properties'].flatMap((name) =>
          ofCore[name] ? [[name, ofCore[name]]] : [],
        ),
      ) as Linter.RulesRecord
      const only = {
        files: ['**/*.ts'],
        languageOptions: { parser: tseslint.parser },
        rules,
      } as Linter.Config
      return linter.verify(code, [only], { filename: 'src/core/engine.ts' }).length === 0
    }
    for (const code of [
      'Date.now()',
      'const f = Date.now',
      'new Date()',
      'new Date(5)',
      'Math.random()',
      'const r = Math.random',
    ])
      expect(isFree(code), code).toBe(false)
    expect(isFree('Math.max(1, 2); clock.now(); const date = 5')).toBe(true)
    for (const room of rooms.filter((name) => name.startsWith('src/core')))
      expect((await rulesFor(fileOf(room)))['no-restricted-syntax'], room).toEqual(
        ofCore['no-restricted-syntax'],
      )
    expect((await rulesFor('src/node/node.ts'))['no-restricted-syntax']).toBeUndefined()
  })
})
