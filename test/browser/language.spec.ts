/** The language the app speaks: chosen in Settings, changed at once, and there from the first paint on. */
import type { Page } from '@playwright/test'
import { violations } from './harness/axe.ts'
import { expect, test } from './harness/stage.ts'

const SCREENS = ['things', 'wallet', 'network', 'settings'] as const

const NAMES = {
  en: ['Things', 'Wallet', 'Network', 'Settings'],
  de: ['Dinge', 'Geldbörse', 'Netzwerk', 'Einstellungen'],
  es: ['Cosas', 'Cartera', 'Red', 'Ajustes'],
  ar: ['الأشياء', 'المحفظة', 'الشبكة', 'الإعدادات'],
} as const

type Spoken = keyof typeof NAMES

/** Fails unless the frame around every screen is in `language`. */
async function expectSpoken(page: Page, language: Spoken): Promise<void> {
  const html = page.locator('html')
  await expect(html).toHaveAttribute('lang', language)
  await expect(html).toHaveAttribute('dir', language === 'ar' ? 'rtl' : 'ltr')
  for (const [i, screen] of SCREENS.entries())
    await expect(page.getByTestId(`nav-${screen}`)).toContainText(NAMES[language][i] ?? '')
}

/** Opens each screen, and waits for its heading in `language`. */
async function onEachScreen(
  page: Page,
  language: Spoken,
  look: (screen: string) => Promise<void>,
): Promise<void> {
  for (const [i, screen] of SCREENS.entries()) {
    await page.getByTestId(`nav-${screen}`).click()
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(NAMES[language][i] ?? '')
    await look(screen)
  }
}

/** What sticks out of the page at either side. */
const sticksOut = (page: Page) =>
  page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    const out = [...document.querySelectorAll('main *, header *, nav *')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect()
      // what is cut, scrolls or is drawn by itself shows the rest in its own way
      if (width === 0 || element.closest('.unseen, .ellipsis, pre, svg, [role="application"]') !== null)
        return false
      return right > clientWidth + 1 || left < -1
    })
    return { scrollWidth, out: out.map(({ outerHTML }) => outerHTML.slice(0, 120)) }
  })

/** What is lost when a page is loaded again. */
const mark = (page: Page) => page.evaluate(() => void Reflect.set(globalThis, 'marked', true))
const isMarked = (page: Page) => page.evaluate(() => Reflect.has(globalThis, 'marked'))

test('the language changes at once, everywhere, without a reload, and back again', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url, { colorScheme: 'light' })
  const { page } = peer
  await peer.addThing('Simulated')
  const other = await stage.tab(peer)
  for (const tab of [page, other.page]) await mark(tab)
  await page.getByTestId('nav-settings').click()
  await expectSpoken(page, 'en')
  await expect(page.getByTestId('language-system')).toBeChecked()

  await page.getByTestId('language-de').check()
  await expectSpoken(page, 'de')
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Einstellungen')
  await expect(page.getByRole('heading', { level: 2 })).toContainText(['Sprache', 'Installieren'])
  await expectSpoken(other.page, 'de')
  expect(await violations(page)).toEqual([])

  await page.getByTestId('language-ar').check()
  await expectSpoken(page, 'ar')
  await expectSpoken(other.page, 'ar')
  await page.getByTestId('language-system').check()
  await expectSpoken(page, 'en')
  await expectSpoken(other.page, 'en')

  await page.getByTestId('theme-dark').check()
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark')
  await expect(other.page.locator('html')).toHaveAttribute('data-theme', 'dark')
  for (const tab of [page, other.page]) expect(await isMarked(tab)).toBe(true)
})

test('German and Arabic fit a screen 360 pixels wide, and break no rule', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url)
  const { page } = peer
  await peer.addThing('Simulated')
  await expect(page.getByTestId('thing-value')).toHaveText(/\d/)
  for (const language of ['de', 'ar'] as const) {
    await page.getByTestId('nav-settings').click()
    await page.getByTestId(`language-${language}`).check()
    await expectSpoken(page, language)
    await onEachScreen(page, language, async (screen) => {
      expect(await sticksOut(page), `${language} ${screen}`).toEqual({ scrollWidth: 360, out: [] })
      expect(await violations(page), `${language} ${screen}`).toEqual([])
    })
  }
})

test('the language that was chosen is there from the first paint on', async ({ stage }) => {
  const app = await stage.app()
  const peer = await stage.peer(app.url)
  const { page } = peer
  await page.getByTestId('nav-settings').click()
  await page.getByTestId('language-ar').check()
  await expectSpoken(page, 'ar')

  // nothing of the app's own script has come, and no English word of the frame is to be seen
  const script = Promise.withResolvers<void>()
  // a browser that has nothing of the app but the choice, so that what is fetched can be held back
  const context = await page.context().browser()?.newContext()
  if (context === undefined) throw new Error('no browser')
  await context.addInitScript(() => localStorage.setItem('weft.language', 'ar'))
  const fresh = await context.newPage()
  await fresh.addInitScript(() => {
    const said: string[] = []
    Reflect.set(globalThis, 'said', said)
    const look = () => {
      const words = document.querySelector('[data-testid="nav-things"]')?.textContent?.trim()
      if (words && !said.includes(words)) said.push(words)
    }
    new MutationObserver(look).observe(document, { childList: true, subtree: true, characterData: true })
  })
  await fresh.route('**/assets/index-*.js', (route) => script.promise.then(() => route.continue()))
  await fresh.goto(app.url, { waitUntil: 'commit' })
  await expect(fresh.getByRole('navigation')).toBeVisible()
  await expect(fresh.locator('html')).toHaveAttribute('lang', 'ar')
  await expect(fresh.locator('html')).toHaveAttribute('dir', 'rtl')
  const words = fresh.locator('.frame-words')
  await expect(words).toHaveCount(7)
  for (const word of await words.all()) await expect(word).toBeHidden()
  script.resolve()
  await expectSpoken(fresh, 'ar')
  expect(await fresh.evaluate(() => Reflect.get(globalThis, 'said') as unknown)).toEqual([NAMES.ar[0]])
  await context.close()

  await page.reload()
  await peer.ready()
  await expectSpoken(page, 'ar')
  await expect(page.getByTestId('language-ar')).toBeChecked()
})

test('a first visit is in the language its browser asks for', async ({ stage }) => {
  const peer = await stage.peer((await stage.app()).url, { locale: 'es-ES' })
  await expectSpoken(peer.page, 'es')
  await onEachScreen(peer.page, 'es', () => Promise.resolve())
  await expect(peer.page.getByTestId('language-system')).toBeChecked()
})

test('words that do not come are said not to, and are fetched when it is tried again', async ({
  stage,
  browser,
}) => {
  // a service worker would have them
  const context = await browser.newContext({ serviceWorkers: 'block' })
  const page = await context.newPage()
  await page.goto((await stage.app()).url)
  await page.route('**/assets/de-*.js', (route) => route.abort())
  await page.getByTestId('nav-settings').click()
  await page.getByTestId('language-de').check()
  await expect(page.getByTestId('language-said')).toContainText('could not be fetched')
  await expectSpoken(page, 'en')
  await page.unroute('**/assets/de-*.js')
  await page.getByRole('button', { name: 'Try again' }).click()
  await expectSpoken(page, 'de')
  await expect(page.getByTestId('language-said')).toBeHidden()
  await context.close()
})
