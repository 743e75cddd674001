import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { keptKey } from '../../src/gateway/identity.ts'

describe("the relay's key", () => {
  let folder = ''

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'weft-key-'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  const idIn = async (place: string) => (await keptKey(place)).publicKey.toString()

  it('is made once, in a folder that need not be there, for nobody else to read', async () => {
    const place = join(folder, 'data')
    const id = await idIn(place)
    expect(await idIn(place)).toBe(id)
    expect((await stat(join(place, 'relay.key'))).mode & 0o777).toBe(0o600)
    expect(await readdir(place)).toEqual(['relay.key'])
    expect(await idIn(folder)).not.toBe(id)
  })

  it('is the same for processes that start together', async () => {
    const ids = await Promise.all([idIn(folder), idIn(folder), idIn(folder)])
    expect(new Set([...ids, await idIn(folder)]).size).toBe(1)
    expect(await readdir(folder)).toEqual(['relay.key'])
  })

  it('is never written over, whatever the damage', async () => {
    await keptKey(folder)
    const file = join(folder, 'relay.key')
    const whole = await readFile(file, 'latin1')
    const flipped = `${whole.startsWith('0') ? '1' : '0'}${whole.slice(1)}`
    const damaged = [
      '',
      whole.slice(0, 100),
      `${whole}0`,
      flipped,
      'x'.repeat(128),
      whole.toUpperCase().replace(/^/, 'A'),
    ]
    for (const text of damaged) {
      await writeFile(file, text)
      await expect(keptKey(folder)).rejects.toThrow(/relay\.key is damaged, and is left as it is/)
      expect(await readFile(file, 'latin1')).toBe(text)
    }
    await writeFile(file, whole)
    await keptKey(folder)
  })

  it('needs a folder', async () => {
    const file = join(folder, 'file')
    await writeFile(file, '')
    await expect(keptKey(file)).rejects.toMatchObject({ code: 'ENOTDIR' })
    await expect(keptKey(join(folder, 'not', 'there'))).rejects.toMatchObject({ code: 'ENOENT' })
  })
})
