/* global document */
// What was chosen here, before anything is painted: the appearance and the language. Each is chosen and remembered by its
// file in src/app/state. The words of index.html are English, so where another language is spoken they are not shown.
let chosen
try {
  const theme = localStorage.getItem('weft.theme')
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme
  chosen = localStorage.getItem('weft.language')
} catch {
  // nothing can be remembered here, so the system decides
}
const wanted = chosen ? [chosen] : navigator.languages
const primary = wanted.map((tag) => tag.toLowerCase().split('-')[0])
const language = primary.find((tag) => ['en', 'de', 'es', 'ar'].includes(tag)) ?? 'en'
document.documentElement.lang = language
document.documentElement.dir = language === 'ar' ? 'rtl' : 'ltr'
