// Sets the chosen theme before the first paint. A classic script, because modules run too late for that.
try {
  const chosen = localStorage.getItem('skynet.theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch {
  // Storage is switched off: the theme of the system applies.
}
