/* global document */
// The appearance that was chosen here, before anything is painted. src/app/state/theme.svelte.ts chooses and remembers it.
try {
  const chosen = localStorage.getItem('weft.theme')
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
} catch {
  // nothing can be remembered here, so the system decides
}
