// Brings GOV.UK components to life on load and after each HTMX swap. Every page works without it.
import { initAll } from "/static/vendor/govuk-frontend.min.js";

initAll();
// Not htmx:afterSwap: when an element is swapped whole, that event names the one that has just gone.
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});

const summary = document.querySelector(".govuk-error-summary");
if (summary && !document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;

// A picture wider than the screen opens where the case is, or where cases begin, not at its empty edge.
for (const frame of document.querySelectorAll("[data-opens-at]")) {
  const state = frame.querySelector(`[data-state="${frame.dataset.opensAt}"]`);
  if (state) frame.scrollLeft = state.getBoundingClientRect().left - frame.getBoundingClientRect().left - 15;
}
