/** The states a device is in when its pictures are taken: just unpacked, in use, and full. */
import type { Page } from '@playwright/test'
import { hexToBytes } from '@noble/curves/utils.js'
import { encodeDidKey } from '../../src/core/codec/did-key.ts'
import { publicKeyOf } from '../../src/core/codec/hex.ts'
import type { ThingKind } from '../../src/reading/kinds.ts'
import { joinOwnNetwork } from '../bench/device.ts'
import type {} from '../browser/harness/client-in-page.ts' // names `weftTest`

/** A device that has just been opened, and whose person has let go of what it began with. */
const EMPTY: Use = { things: [], readings: 0, payments: 0 }

const USUAL: Use = {
  things: [
    { name: 'Strap', kind: 'heart-rate', quantity: 'heart-rate', unit: 'beat/min', around: 71 },
    { name: 'Barn', kind: 'environment', quantity: 'temperature', unit: 'Cel', around: 11.4 },
    { name: 'Meter in the cellar', kind: 'meter', quantity: 'power', unit: 'W', around: 412 },
  ],
  readings: 1440,
  payments: 4,
}

const CROWDED: Use = {
  things: Array.from({ length: 40 }, (_, i) => ({
    name: `Ear tag ${i + 1} of the herd on the upper pasture, east`,
    kind: 'thermometer' as const,
    quantity: 'body-temperature',
    unit: 'Cel',
    around: 38 + i / 20,
  })),
  readings: 90,
  payments: 60,
}

/** By the name in the file's name. */
export const STATES: Readonly<Record<string, (page: Page) => Promise<void>>> = {
  empty: (page) => use(page, EMPTY),
  usual: (page) => use(page, USUAL),
  crowded: (page) => use(page, CROWDED),
}

/** What a device has been used for. */
interface Use {
  readonly things: readonly {
    readonly name: string
    readonly kind: ThingKind
    readonly quantity: string
    readonly unit: string
    /** What its readings are about. */
    readonly around: number
  }[]
  /** Of each thing, one a minute. */
  readonly readings: number
  readonly payments: number
}

/** Payments that a snapshot names; older ones are asked for by page. */
const NAMED_PAYMENTS = 50

/** An hour of a day that has no readings. */
const GAP = { from: 700, to: 760 }
const MINUTE_MS = 60_000

/** Somebody who is paid: the key of RFC 8032 §7.1, test 2. */
const PAYEE = encodeDidKey(
  publicKeyOf(hexToBytes('3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c')),
)

async function use(page: Page, { things, readings, payments }: Use): Promise<void> {
  await joinOwnNetwork(page, { minRoundMs: 100, dataRoundMs: 100 })
  for (const thing of things) await addThing(page, thing, readings)
  for (let i = 0; i < payments; i++)
    await page.evaluate(
      ([to, amount]) => weftTest.api.pay({ to, amount, memo: amount % 2 === 0 ? 'Eggs' : '' }),
      [PAYEE, 1000 + 37 * i] as const,
    )
  await page.evaluate(
    (count) =>
      weftTest.snapshot(
        ({ wallet, things }) =>
          wallet.payments.length >= count &&
          wallet.payments.every(({ state }) => state.type === 'final') &&
          things.every(({ blocks, waiting }) => waiting === 0 && blocks.committed === blocks.total),
      ),
    Math.min(payments, NAMED_PAYMENTS),
  )
}

async function addThing(page: Page, thing: Use['things'][number], readings: number): Promise<void> {
  const { name, kind, quantity, unit, around } = thing
  const nowMs = Date.now()
  const rows = ['time,quantity,value,unit']
  for (let i = 0; i < readings; i++) {
    if (i >= GAP.from && i < GAP.to) continue
    const value = around * (1 + 0.05 * Math.sin(i / 90) + 0.01 * Math.sin(i))
    const at = new Date(nowMs - (readings - i) * MINUTE_MS).toISOString()
    rows.push(`${at},${quantity},${value.toFixed(2)},${unit}`)
  }
  const report = await page.evaluate(
    async ([input, text]) => {
      const key = await weftTest.api.addThing(input)
      const file = new Blob([text], { type: 'text/csv' })
      return weftTest.api.importHistory({ thing: key, format: 'csv', file })
    },
    [{ name, kind }, rows.join('\n')] as const,
  )
  if (report.bad > 0) throw new Error(`A made history was not taken: ${JSON.stringify(report.badRows[0])}`)
}
