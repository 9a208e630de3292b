// Keys for whoever works through lists all day. They do nothing while somebody types, or with Ctrl, Alt or Command,
// and can be turned off in this browser (WCAG 2.1.4), as speech input takes every letter that is said for a key.
const STORE = "apflow-keys";
const OFF = "off";
const SAID = [
  ["/", "Go to the search of this page, or else of cases"],
  ["j", "Go to the next row of a list or of your work"],
  ["k", "Go to the row before"],
  ["Enter", "Open the row"],
  ["?", "Show these keys"],
];
const row = ([key, does]) => `<div class="app-keys__row"><dt><kbd class="app-keys__key">${key}</kbd></dt><dd>${does}</dd></div>`;
// Without this script there are no keys to speak of, so that it brings the words too.
document.body.insertAdjacentHTML(
  "beforeend",
  `<dialog class="app-keys" id="keys" aria-labelledby="keys-title">
    <h2 class="govuk-heading-m" id="keys-title">Keyboard shortcuts</h2>
    <dl class="app-keys__list">${SAID.map(row).join("")}</dl>
    <p class="govuk-body">They do nothing while you type. <span role="status" data-keys-state></span></p>
    <div class="govuk-button-group govuk-!-margin-bottom-0">
      <button class="govuk-button govuk-!-margin-bottom-2" type="button" data-keys-close>Close</button>
      <button class="govuk-button govuk-button--secondary govuk-!-margin-bottom-2" type="button" data-keys-turn></button>
    </div>
  </dialog>`,
);
document.querySelector(".app-footer ul").insertAdjacentHTML(
  "beforeend",
  `<li class="govuk-footer__inline-list-item"><button class="app-footer__button" type="button" data-keys-open>Keyboard shortcuts</button></li>`,
);
const dialog = document.getElementById("keys");
const opener = document.querySelector("[data-keys-open]");
const state = dialog.querySelector("[data-keys-state]");
const turn = dialog.querySelector("[data-keys-turn]");
let isOff = false; // Of this page alone, where the browser lets nothing be kept.

try {
  isOff = localStorage.getItem(STORE) === OFF;
} catch {
  // Then they are on, and off again only for this page.
}

const ROWS = "main .app-work__row, main tbody tr, main .app-listed__entry";
const TYPED_INTO = "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])";
const isSeen = (one) => one.getClientRects().length > 0;
const isTypedInto = (one) => one.isContentEditable || one.matches(TYPED_INTO);

function search() {
  const field = [...document.querySelectorAll('main [role="search"] input[type="search"]')].find(isSeen);
  if (!field) location.assign("/cases#q");
  else {
    field.focus();
    field.select();
  }
}

// What is focused is the row's own link, so that Enter opens it and a screen reader says what it is.
function move(by) {
  const rows = [...document.querySelectorAll(ROWS)].filter((row) => [...row.querySelectorAll("a[href]")].some(isSeen));
  const at = rows.findIndex((row) => row.contains(document.activeElement));
  const to = at === -1 ? 0 : Math.min(Math.max(at + by, 0), rows.length - 1);
  [...(rows[to]?.querySelectorAll("a[href]") ?? [])].find(isSeen)?.focus();
}

const open = () => {
  if (!dialog.open) dialog.showModal();
};
const KEYS = { "/": search, j: () => move(1), k: () => move(-1), "?": open };

function tell() {
  state.textContent = isOff ? "They are turned off in this browser." : "They are turned on in this browser.";
  turn.textContent = isOff ? "Turn them on" : "Turn them off";
}

document.addEventListener("keydown", (event) => {
  const press = Object.hasOwn(KEYS, event.key) ? KEYS[event.key] : null;
  if (!press || isOff || dialog.open || event.defaultPrevented || event.isComposing) return;
  if (event.ctrlKey || event.altKey || event.metaKey || isTypedInto(event.target)) return;
  event.preventDefault();
  press();
});
turn.addEventListener("click", () => {
  isOff = !isOff;
  try {
    if (isOff) localStorage.setItem(STORE, OFF);
    else localStorage.removeItem(STORE);
  } catch {
    // Then it holds for this page.
  }
  tell();
});
dialog.querySelector("[data-keys-close]").addEventListener("click", () => dialog.close());
opener.addEventListener("click", open);
tell();
