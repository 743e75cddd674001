import { createHash } from 'node:crypto'
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ROOT } from './process.ts'

/**
 * A copy of the built app that differs as a later version would: its page carries `data-test-version`, and the service
 * worker's list of files names that page's new revision. Faster than a second build, and the worker's own code is kept.
 */
export async function newerBuild(
  version: string,
): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-newer-'))
  await cp(join(ROOT, 'dist'), folder, { recursive: true })
  const page = join(folder, 'index.html')
  const before = await readFile(page, 'utf8')
  const after = before.replace('<html', `<html data-test-version="${version}"`)
  await writeFile(page, after)
  await replaceInScripts(folder, md5(before), md5(after))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** A copy of the built app in which the part that speaks to others is missing, as where the network went before it came. */
export async function buildWithoutNetwork(): Promise<{ readonly folder: string; remove(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'weft-alone-'))
  await cp(join(ROOT, 'dist'), folder, { recursive: true })
  const assets = join(folder, 'assets')
  const parts = (await readdir(assets)).filter((name) => /^transport-.*\.js$/.test(name))
  if (parts.length !== 1) throw new Error('the build has no script of its own for the network')
  for (const name of parts) await rm(join(assets, name))
  return { folder, remove: () => rm(folder, { recursive: true, force: true }) }
}

/** Workbox names a file's revision by the MD5 of its content. */
function md5(text: string): string {
  return createHash('md5').update(text).digest('hex')
}

async function replaceInScripts(folder: string, revision: string, newRevision: string): Promise<void> {
  const scripts = (await readdir(folder)).filter((name) => name.endsWith('.js'))
  for (const name of scripts) {
    const text = await readFile(join(folder, name), 'utf8')
    if (!text.includes(revision)) continue
    await writeFile(join(folder, name), text.replace(revision, newRevision))
    return
  }
  throw new Error('no service worker lists index.html with its revision')
}
