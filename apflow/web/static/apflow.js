// Brings GOV.UK components to life on load and after each HTMX swap. Every page works without it.
import { initAll } from "/static/vendor/govuk-frontend.min.js";

initAll();
// Not htmx:afterSwap: when an element is swapped whole, that event names the one that has just gone.
document.body.addEventListener("htmx:load", (event) => {
  if (event.detail.elt !== document.body) initAll({ scope: event.detail.elt });
});

const summary = document.querySelector(".govuk-error-summary");
if (summary && !document.title.startsWith("Error: ")) document.title = `Error: ${document.title}`;

// What is folded on the screen is whole on paper, also in browsers that know no other way.
const folded = document.querySelectorAll("details.app-whole-on-paper:not([open])");
addEventListener("beforeprint", () => folded.forEach((fold) => fold.setAttribute("open", "")));
addEventListener("afterprint", () => folded.forEach((fold) => fold.removeAttribute("open")));

// A picture wider than the screen opens where the case is, or where cases begin, not at its empty edge.
for (const frame of document.querySelectorAll("[data-opens-at]")) {
  const state = frame.querySelector(`[data-state="${frame.dataset.opensAt}"]`);
  if (state) frame.scrollLeft = state.getBoundingClientRect().left - frame.getBoundingClientRect().left - 15;
}

// What typed.js keeps goes once it was sent, as the address of the page after it says, and when its writer signs out.
const keptHere = () => {
  try {
    return Object.keys(sessionStorage).filter((name) => name.startsWith("apflow-typed:"));
  } catch {
    return [];
  }
};
const said = new URLSearchParams(location.search);
const sent = said.get("done") ?? said.get("kept");
const reference = location.pathname.match(/^\/cases\/([^/]+)/)?.[1];
if (sent && reference) {
  const item = said.get("item");
  const address = `:/cases/${reference}/do/${sent}${item ? `?${new URLSearchParams({ item })}` : ""}`;
  const gone = keptHere().filter((name) => name.endsWith(address) && JSON.parse(sessionStorage.getItem(name)).key);
  for (const name of gone) sessionStorage.removeItem(name);
}
document.querySelector('form[action="/sign-out"]')?.addEventListener("submit", () => {
  for (const name of keptHere()) sessionStorage.removeItem(name);
});
