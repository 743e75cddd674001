/** The settings screen, what it has apart from storage, locks and words; and notifications of payments. */
import { count } from '../../numbers.ts'

export const en = {
  title: 'Settings',
  network: 'Network',
  storage: 'Storage',
  joinNetwork: 'Join, make or share a network',
  appearance: 'Appearance',
  appearances: { system: 'System', light: 'Light', dark: 'Dark' },
  language: 'Language',
  languageOfBrowser: 'As the browser',
  tryAgain: 'Try again',
  notifications: 'Notifications',
  notify: {
    granted: 'Allowed. You are told of alerts, and of payments that come while Weft is out of sight.',
    default:
      'Not asked for yet. You would be told of alerts, and of payments that come while Weft is out of sight.',
    denied:
      'Not allowed. Weft says things here instead. To change it, open this page’s settings at the address bar.',
    none: 'This browser has none for pages. On an iPhone or iPad they come with Weft on the Home Screen. Until then Weft says things here.',
  },
  allowNotifications: 'Allow notifications…',
  sendTest: 'Send a test',
  testBody: 'This is how Weft tells you of something.',
  testShown: 'Sent. If you see nothing, the device holds notifications back.',
  testNotShown: 'The browser showed none.',
  receivedTitle: 'Payment received',
  received: (sum: string) => `${sum} came, for good.`,
  receivedMany: (sum: string, payments: number) => `${sum} came in ${count(payments)} payments, for good.`,
  whileLogging: 'While logging',
  keepOn: 'Keep the screen on',
  wakeMeans:
    'The screen stays on while Weft is in sight, until you switch this off or close Weft. It takes more of the battery.',
  wakeCannot: 'This browser cannot keep the screen on. The device’s own settings can.',
  wakeRefused: 'The browser did not agree: the battery is low, or it saves power.',
  hiddenTabs:
    'Out of sight, browsers slow pages down within a minute and may stop them: readings then come late or not at all. On iPhones and iPads they stop at once. What was read before is kept.',
  install: 'Install',
  installWays: {
    installed: 'Weft runs as an app on this device.',
    offer:
      'As an app Weft has its own window and icon, and what it stores is safer. Nothing is moved or copied.',
    ios: 'On an iPhone or iPad, Safari deletes what a page stored if it is not opened for a week, and lets only installed apps notify. Tap Share, then Add to Home Screen. The app there begins anew: bring your twelve words.',
    menu: 'Where this browser can install apps, its menu says Install or Add to Home Screen. Weft works the same without.',
  },
  installWeft: 'Install Weft…',
  installHint:
    'Weft can be an app of its own on this device, and what it stores is safer then. It is in Settings, under Install.',
  installHintIos:
    'Safari deletes what a page has stored if it is not opened for a week. As an app on the Home Screen Weft keeps it, and may notify: tap Share, then Add to Home Screen. Settings says more, under Install.',
  about: 'About',
  version: 'Version',
  built: 'Built',
  licences: 'Licences of what Weft is made of',
  diagnostics: 'Diagnostics',
  diagnosticsMeans:
    'How Weft is doing here, for somebody who helps you. No names, readings, notes, keys or ids are in it. It goes nowhere unless you copy or save it.',
  oneMoment: 'One moment…',
  copy: 'Copy',
  copied: 'Copied',
  copyRefused: 'The browser refused to copy. Select the text and copy it by hand.',
  save: 'Save',
  saved: 'Saved as a download',
}
