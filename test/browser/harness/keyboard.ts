import { expect, type Locator, type Page } from '@playwright/test'

/** Stops on the way to anything: more than any screen has, so that whoever goes round in a circle is stopped. */
const STOPS_MAX = 150

/** What has the focus, and what a person sees of it. */
interface Focus {
  /** Undefined where nothing has it, as between the end of a page and its beginning. */
  readonly element: string | undefined
  /** Whether some of it is in the window, and not behind the bar at the bottom or anything else. WCAG 2.4.11. */
  readonly isSeen: boolean
  /** Whether it is marked. WCAG 2.4.7. */
  readonly isMarked: boolean
}

/** Runs in the page. */
function readFocus(): Focus {
  const focused = document.activeElement
  if (!(focused instanceof HTMLElement) || focused === document.body)
    return { element: undefined, isSeen: true, isMarked: true }
  // a switch that is drawn by its label is seen where that is
  const isDrawn = focused.getBoundingClientRect().width > 2
  const label = focused instanceof HTMLInputElement ? focused.labels?.[0] : undefined
  const shown = isDrawn ? focused : (label ?? focused)
  const { left, top, width, height } = shown.getBoundingClientRect()
  const parts = [0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 0.98]
  const isSeen = parts.some((across) =>
    parts.some((down) =>
      shown.contains(document.elementFromPoint(left + across * width, top + down * height)),
    ),
  )
  const styles = [
    getComputedStyle(focused),
    getComputedStyle(focused, '::after'),
    ...(focused.nextElementSibling ? [getComputedStyle(focused.nextElementSibling)] : []),
  ]
  const isMarked = styles.some(
    ({ outlineStyle, outlineWidth }) => outlineStyle !== 'none' && outlineWidth !== '0px',
  )
  return { element: focused.outerHTML.slice(0, 160), isSeen, isMarked }
}

/** A person without a mouse: Tab leads everywhere, and on the way there the focus is always to be seen. */
export class Keyboard {
  readonly #page: Page

  constructor(page: Page) {
    this.#page = page
  }

  /** Tabs until `wanted` has the focus. */
  async to(wanted: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
    await expect(wanted).toBeVisible()
    const found = wanted.and(this.#page.locator(':focus'))
    const way: string[] = []
    while ((await found.count()) === 0) {
      if (way.length === STOPS_MAX)
        throw new Error(`${String(wanted)} is not reached by ${key}. The way:\n${way.join('\n')}`)
      await this.#page.keyboard.press(key)
      const { element = 'nothing', isSeen, isMarked } = await this.#page.evaluate(readFocus)
      way.push(element)
      expect({ element, isSeen, isMarked }).toEqual({ element, isSeen: true, isMarked: true })
    }
  }

  /** Goes to `wanted` and presses a key there. */
  async press(wanted: Locator, key: 'Enter' | 'Space' = 'Enter'): Promise<void> {
    await this.to(wanted)
    await this.#page.keyboard.press(key)
  }

  /** Goes to a field and types, in the place of what is in it. */
  async type(field: Locator, text: string): Promise<void> {
    await this.to(field)
    await this.#page.keyboard.press('ControlOrMeta+A')
    await this.#page.keyboard.type(text)
    await expect(field).toHaveValue(text)
  }

  /** Goes to the chosen one of a group, and from there to `wanted` by arrows. */
  async choose(wanted: Locator, group: Locator): Promise<void> {
    await this.to(group.getByRole('radio', { checked: true }))
    const count = await group.getByRole('radio').count()
    for (let i = 0; i < count && !(await wanted.isChecked()); i++)
      await this.#page.keyboard.press('ArrowRight')
    await expect(wanted).toBeChecked()
    await expect(wanted).toBeFocused()
  }

  /** Goes to a screen. The focus goes with it. */
  async goTo(screen: 'Things' | 'Wallet' | 'Network' | 'Settings'): Promise<void> {
    const links = this.#page.getByRole('navigation', { name: 'Screens' })
    await this.to(links.getByRole('link', { name: screen }), 'Shift+Tab')
    await this.#page.keyboard.press('Enter')
    await expect(this.#page.getByRole('heading', { level: 1, name: screen })).toBeVisible()
    await expect(this.#page.locator('main')).toBeFocused()
  }

  /** Opens a dialog. The focus goes into it. */
  async open(opener: Locator): Promise<Locator> {
    await this.press(opener)
    const dialog = this.#page.getByRole('dialog')
    await expect(dialog).toBeVisible()
    await expect(dialog.locator(':focus')).toHaveCount(1)
    return dialog
  }

  /** Leaves a dialog. The focus is where it was before. */
  async escape(opener: Locator): Promise<void> {
    await this.#page.keyboard.press('Escape')
    await this.isBack(opener)
  }

  /** Checks that the dialog is gone and what opened it has the focus again. */
  async isBack(opener: Locator): Promise<void> {
    await expect(this.#page.getByRole('dialog')).toBeHidden()
    await expect(opener).toBeFocused()
  }
}
