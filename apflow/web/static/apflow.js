// Brings GOV.UK components to life on load and after each HTMX swap. Every page works without it.
import { initAll } from "/static/vendor/govuk-frontend.min.js";

initAll();
document.body.addEventListener("htmx:afterSwap", (event) => initAll({ scope: event.detail.target }));

const summary = document.querySelector(".govuk-error-summary");
if (summary) document.title = `Error: ${document.title}`;
