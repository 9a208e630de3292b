// Keeps what is typed into a form in this tab until it is sent, for when the page or the connection is lost.
// Only in this tab, and only until then: it may be about a child. Signing out takes it away (apflow.js).
const form = document.querySelector("[data-typed]");
const store = `apflow-typed:${form.dataset.typed}:${form.getAttribute("action")}`;
const back = document.querySelector("[data-typed-back]");
const offline = form.querySelector("[data-typed-offline]");
const asked = [...form.elements].filter((one) => one.name && !["hidden", "file", "submit", "button"].includes(one.type));

const isTicked = (one) => one.type === "checkbox" || one.type === "radio";
const called = (one) => (isTicked(one) ? `${one.name}=${one.value}` : one.name);
const said = (one) => (isTicked(one) ? one.checked : one.value);
function shown(one) {
  if (isTicked(one)) return one.defaultChecked;
  if (one.tagName !== "SELECT") return one.defaultValue;
  return ([...one.options].find((option) => option.defaultSelected) || one.options[0])?.value ?? "";
}

const read = () => {
  try {
    return JSON.parse(sessionStorage.getItem(store));
  } catch {
    return null;
  }
};
const write = (kept) => {
  try {
    if (Object.keys(kept.typed).length) sessionStorage.setItem(store, JSON.stringify(kept));
    else sessionStorage.removeItem(store);
  } catch {
    // Where nothing can be kept, the page works as it does without this script.
  }
};

let key = ""; // Of the form that was sent without an answer: sent again with it, nothing is done twice.
function keep() {
  const own = asked.filter((one) => said(one) !== shown(one));
  write({ key, typed: Object.fromEntries(own.map((one) => [called(one), { shown: shown(one), said: said(one) }])) });
}

// An answer that the page shows otherwise than when it was typed over stays as the page has it.
function bringBack({ typed }) {
  const own = asked.filter((one) => typed[called(one)]?.shown === shown(one));
  for (const one of own) one[isTicked(one) ? "checked" : "value"] = typed[called(one)].said;
  return own.length > 0;
}

const kept = read();
if (kept && bringBack(kept)) {
  back.hidden = false;
  key = kept.key;
  if (key) form.elements.namedItem("key").value = key;
}
keep();

form.addEventListener("input", keep);
form.addEventListener("change", keep);
form.addEventListener("submit", (event) => {
  offline.hidden = navigator.onLine;
  if (!navigator.onLine) {
    event.preventDefault();
    return;
  }
  key = form.elements.namedItem("key").value;
  keep();
});
back.querySelector("button").addEventListener("click", () => {
  write({ typed: {} });
  location.replace(form.getAttribute("action"));
});
