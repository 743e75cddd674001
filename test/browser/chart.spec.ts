/** A chart under fingers: what a screen that is touched sends, and no mouse and no key. */
import type { CDPSession, Locator } from '@playwright/test'
import { expect, test } from './harness/stage.ts'

/** A point of the screen. */
type Point = { readonly x: number; readonly y: number }

/** Steps of a move: a finger is heard of many times on its way. */
const STEPS = 10

test('two fingers zoom a chart, and one moves it', async ({ stage }) => {
  const gateway = await stage.gateway()
  const { page, context } = await stage.peer(gateway.url, { welcomed: false })
  await page.getByTestId('thing-card').getByRole('link').click()
  const chart = page.getByTestId('thing-chart').getByRole('application')
  await expect(chart.locator('canvas')).toBeVisible()
  const range = page.getByRole('radio', { name: '1 h' })
  await expect(range).toBeChecked()
  const follow = page.getByRole('button', { name: 'Follow now' })
  const fingers = await context.newCDPSession(page)

  const { left, right } = await sides(chart)
  await drag(fingers, [inner(left, right), inner(right, left)], [left, right])
  await expect(range).not.toBeChecked() // half as long is no range that has a name

  await drag(fingers, [left], [right])
  await expect(follow).toHaveAttribute('aria-pressed', 'false')
  await follow.click()
  await expect(follow).toHaveAttribute('aria-pressed', 'true')
})

/** Two points on one level, a little inside the chart. */
async function sides(chart: Locator): Promise<{ left: Point; right: Point }> {
  await chart.scrollIntoViewIfNeeded()
  const box = await chart.boundingBox()
  if (box === null) throw new Error('The chart is not to be seen.')
  const y = box.y + box.height / 2
  return { left: { x: box.x + box.width / 4, y }, right: { x: box.x + (3 * box.width) / 4, y } }
}

/** A quarter of the way from one to the other. */
function inner(from: Point, to: Point): Point {
  return { x: from.x + (to.x - from.x) / 4, y: from.y }
}

/** Puts fingers down, moves them all at once, and lifts them. */
async function drag(session: CDPSession, from: readonly Point[], to: readonly Point[]): Promise<void> {
  const at = (part: number) => from.map(({ x, y }, id) => ({ id, x: x + part * ((to[id]?.x ?? x) - x), y }))
  await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: at(0) })
  for (let step = 1; step <= STEPS; step++)
    await session.send('Input.dispatchTouchEvent', { type: 'touchMove', touchPoints: at(step / STEPS) })
  await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] })
}
