import '../parts/shell.js';
import '../parts/snippet.js';
import '../parts/panel.js';

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Swagger UI has a dark look of its own, switched by a class. */
function dress() {
  const theme = document.documentElement.dataset.theme;
  document.documentElement.classList.toggle('dark-mode', theme ? theme === 'dark' : dark.matches);
}

dress();
dark.addEventListener('change', dress);
document.addEventListener('theme-turned', dress);

if (window.SwaggerUIBundle) {
  window.SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null, docExpansion: 'list', defaultModelsExpandDepth: 0 });
} else {
  document.querySelector('#api-missing').empty('The browsable contract could not be loaded. The contract itself is at /openapi.json and /openapi.yaml.');
}
