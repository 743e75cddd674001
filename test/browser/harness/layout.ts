import { expect, type Page } from '@playwright/test'

/** The screens, the dialog that adds a thing among them, and their addresses. */
export const SCREENS = {
  things: '#/',
  thing: '#/thing/',
  add: '#/add',
  wallet: '#/wallet',
  network: '#/network',
  settings: '#/settings',
} as const

export type Screen = keyof typeof SCREENS

/** Loads a screen anew, and resolves once it is whole. The device has a thing. */
export async function load(page: Page, screen: Screen): Promise<void> {
  const { key = '' } = await page.evaluate(async () => {
    const { things } = await weftTest.snapshot(({ things }) => things.length > 0)
    return things[0] ?? { key: '' }
  })
  const hash = screen === 'thing' ? SCREENS.thing + key : SCREENS[screen]
  // an address that the app is not told of, so that it is met by the reload
  await page.evaluate((to) => history.replaceState(null, '', to), hash)
  await page.reload()
  await isWhole(page, screen)
}

async function isWhole(page: Page, screen: Screen): Promise<void> {
  await expect(page.getByTestId('peers-chip')).toBeVisible()
  const signs = {
    things: page.getByTestId('thing-card').first(),
    thing: page.getByTestId('thing-chart'),
    add: page.getByRole('dialog').getByText('Simulated', { exact: true }),
    wallet: page.getByTestId('wallet-spendable'),
    network: page.getByTestId('network-name'),
    settings: page.getByTestId('storage-used'),
  }
  await expect(signs[screen]).toBeVisible()
  await expect(page.getByText(/^(?:One moment|Starting|Reading the (?:blocks|history))…$/)).toHaveCount(0)
}

declare global {
  /** What `recordShifts` puts on a page: what has moved since it was asked last, without a person's doing. */
  var takeShifts: () => readonly Shift[]
}

/** What moved by itself, and how much of the window that was. */
interface Shift {
  readonly score: number
  readonly what: readonly string[]
}

/** Runs in the page before the app. */
export function recordShifts(): void {
  interface LayoutShift extends PerformanceEntry {
    readonly value: number
    readonly hadRecentInput: boolean
    readonly sources: readonly { readonly node?: Node }[]
  }
  const seen: LayoutShift[] = []
  const note = (entries: PerformanceEntryList) => seen.push(...(entries as LayoutShift[]))
  const observer = new PerformanceObserver((list) => note(list.getEntries()))
  observer.observe({ type: 'layout-shift', buffered: true })
  const name = (node?: Node) => (node instanceof Element ? node.outerHTML : node?.textContent) ?? ''
  globalThis.takeShifts = () => {
    note(observer.takeRecords())
    return seen
      .splice(0)
      .filter(({ hadRecentInput }) => !hadRecentInput)
      .map(({ value, sources }) => ({
        score: value,
        what: sources.map(({ node }) => name(node).slice(0, 120)),
      }))
  }
}

/** What a screen does wrong to whoever uses it with a finger, or with large text. All lists are of elements. */
export interface Faults {
  /** CSS pixels that the page is too wide. */
  readonly tooWide: number
  readonly sticksOut: readonly string[]
  /** Smaller than 24 by 24 pixels, and with less room around it. WCAG 2.5.8. */
  readonly tooSmall: readonly string[]
  /** Not to be pressed, wherever one scrolls to. */
  readonly covered: readonly string[]
}

export const NO_FAULTS: Faults = { tooWide: 0, sticksOut: [], tooSmall: [], covered: [] }

/** Opens every part of the screen that can be opened, and looks for what is wrong. */
export async function faultsOf(page: Page): Promise<Faults> {
  await page.evaluate(() =>
    document
      .querySelectorAll<HTMLElement>('main details:not([open]) > summary')
      .forEach((one) => one.click()),
  )
  await expect(page.getByText('One moment…')).toHaveCount(0)
  return page.evaluate(findFaults)
}

/** Runs in the page. */
function findFaults(): Faults {
  const TARGET_PX = 24
  const name = ({ outerHTML }: Element) => outerHTML.slice(0, 120)
  const { clientWidth, scrollWidth } = document.documentElement

  const sticksOut = [...document.querySelectorAll('main *, header *, nav *, dialog[open] *')].filter(
    (element) => {
      const { left, right, width } = element.getBoundingClientRect()
      // what is cut, scrolls or is drawn by itself shows the rest in its own way
      if (width === 0 || element.closest('.unseen, .ellipsis, pre, svg, [role="application"]') !== null)
        return false
      return right > clientWidth + 1 || left < -1
    },
  )

  const dialog = document.querySelector('dialog[open]')
  const controls = [
    ...(dialog ?? document).querySelectorAll<HTMLElement>(
      'a[href], button, input, select, textarea, summary, [tabindex="0"]',
    ),
  ].filter((control) => control.checkVisibility())

  /** What a finger may press of a control: the label with it, or all that a link is laid over. */
  const shownOf = (control: HTMLElement): Element => {
    if (control instanceof HTMLInputElement && /^(?:radio|checkbox)$/.test(control.type))
      return control.labels?.[0] ?? control
    return getComputedStyle(control, '::after').position === 'absolute'
      ? (control.offsetParent ?? control)
      : control
  }
  const boxes = controls.map((control) => shownOf(control).getBoundingClientRect())
  const middle = ({ left, top, width, height }: DOMRect) => ({ x: left + width / 2, y: top + height / 2 })
  // half a pixel is what rounding may take
  const isSmall = ({ width, height }: DOMRect) => Math.min(width, height) < TARGET_PX - 0.5
  const isInText = (control: HTMLElement) =>
    getComputedStyle(control).display === 'inline' &&
    (control.parentElement?.textContent?.trim().length ?? 0) > (control.textContent?.trim().length ?? 0)
  /** Whether a circle of the size of a target around the one touches the other. */
  const isNear = (one: DOMRect, other: DOMRect) => {
    const at = middle(one)
    const nearest = isSmall(other)
      ? middle(other)
      : {
          x: Math.min(Math.max(at.x, other.left), other.right),
          y: Math.min(Math.max(at.y, other.top), other.bottom),
        }
    const apart = Math.hypot(at.x - nearest.x, at.y - nearest.y)
    return apart < (isSmall(other) ? TARGET_PX : TARGET_PX / 2)
  }
  const tooSmall = controls.filter((control, i) => {
    const box = boxes[i]
    if (box === undefined || !isSmall(box) || isInText(control)) return false
    return boxes.some((other, j) => j !== i && isNear(box, other))
  })

  const covered = controls.filter((control) => {
    const shown = shownOf(control)
    // as the browser does for what gets the focus
    shown.scrollIntoView({ block: 'nearest', inline: 'nearest', behavior: 'instant' })
    const { left, right, top, bottom } = shown.getBoundingClientRect()
    const x = (Math.max(left, 0) + Math.min(right, innerWidth)) / 2
    const y = (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2
    const hit = document.elementFromPoint(x, y)
    // a card may have another button in its middle
    return !shown.contains(hit) && !(control.contains(hit) && control !== shown)
  })
  scrollTo(0, 0)
  return {
    tooWide: Math.max(0, scrollWidth - clientWidth),
    sticksOut: sticksOut.map(name),
    tooSmall: tooSmall.map(name),
    covered: covered.map(name),
  }
}
