/**
 * The licences of what is shipped: a build plugin that notes which packages end up in the build, workers included, and
 * writes what each is distributed under to licences.txt.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const FOLDER = /^\0?(.*\/node_modules\/(?:@[^/]+\/)?[^/]+)\//

/** The service worker is built after everything else; what it is made of is known. */
const SERVICE_WORKER = ['workbox-core', 'workbox-precaching', 'workbox-routing', 'workbox-strategies']

/** `note` goes into every build there is, `write` into that of the page, which ends last. */
export function licences(): { readonly note: Plugin; readonly write: Plugin } {
  const folders = new Set<string>()
  const note: Plugin = {
    name: 'weft-licences-note',
    generateBundle(_, bundle) {
      for (const chunk of Object.values(bundle))
        for (const id of chunk.type === 'chunk' ? chunk.moduleIds : []) {
          const folder = FOLDER.exec(id)?.[1]
          if (folder !== undefined) folders.add(folder)
        }
    },
  }
  const write: Plugin = {
    name: 'weft-licences',
    generateBundle() {
      for (const name of SERVICE_WORKER) folders.add(join(import.meta.dirname, 'node_modules', name))
      const texts = [...folders].map(describe).sort()
      this.emitFile({ type: 'asset', fileName: 'licences.txt', source: HEAD + texts.join(RULE) })
    },
  }
  return { note, write }
}

const HEAD = 'Weft is made with the work of many. These packages are part of what your browser runs.\n\n'
const RULE = `\n${'-'.repeat(60)}\n\n`

/** A package's name, version and licence, with the text of it where it comes with one. */
function describe(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    'name' | 'version' | 'license',
    string | undefined
  >
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)(\.(md|txt))?$/i.test(entry))
  const text = file === undefined ? '' : `\n${readFileSync(join(folder, file), 'utf8').trim()}\n`
  return `${name} ${version}\n${license ?? 'see its own text'}\n${text}`
}
