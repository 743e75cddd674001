/** The screens and the dialogs that a picture is taken of, each opened from the home screen. */
import type { Page } from '@playwright/test'

/** Resolves false where the device's state has no such scene. */
type Open = (page: Page) => Promise<boolean>

/** By the name in the file's name. */
export const SCENES: Readonly<Record<string, Open>> = {
  things: async () => true,
  add: async (page) => {
    await page.getByRole('button', { name: 'Add a thing' }).click()
    await page.getByRole('dialog').waitFor()
    return true
  },
  thing: async (page) => {
    const card = page.getByTestId('thing-card').first()
    if ((await card.count()) === 0) return false
    await card.getByRole('link').first().click()
    await page.getByTestId('thing-chart').locator('canvas').waitFor()
    return true
  },
  wallet: screen('wallet'),
  send: dialogOf('send'),
  receive: dialogOf('receive'),
  network: screen('network'),
  settings: screen('settings'),
}

function screen(name: string): Open {
  return async (page) => {
    await page.getByTestId(`nav-${name}`).click()
    await page.getByRole('heading', { level: 1 }).waitFor()
    return true
  }
}

function dialogOf(name: string): Open {
  return async (page) => {
    await page.getByTestId('nav-wallet').click()
    await page.getByTestId(name).click()
    await page.getByRole('dialog').waitFor()
    return true
  }
}
