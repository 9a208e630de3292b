// Marks sessions at once, and keeps on this device what could not be sent. No name is kept: only numbers and marks.
const form = document.querySelector("[data-marks]");
const { marks: address, person, day } = form.dataset;
const store = `apflow-marks:${address}:${person}`;
const status = form.querySelector("[data-status]");
const SAID = { present: "Present", late: "Late", absent: "Absent" };
const AGAIN_AFTER = 10000;
const REASON_WITHIN = 4000; // Sent sooner, an absence would alarm the school while its reason is being chosen.
let sending = false;
let problem = "";
let onThisPage = null; // What waits, where the device lets nothing be kept.
const held = new Map();

const read = () => {
  if (onThisPage) return onThisPage;
  try {
    return JSON.parse(localStorage.getItem(store)) || [];
  } catch {
    return [];
  }
};
const write = (marks) => {
  try {
    if (marks.length) localStorage.setItem(store, JSON.stringify(marks));
    else localStorage.removeItem(store);
    onThisPage = null;
  } catch {
    onThisPage = marks;
  }
};
const rowOf = (mark) => (mark.day === day ? form.querySelector(`[data-session="${mark.placement}-${mark.half}"]`) : null);
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (one) => one.toString(16).padStart(2, "0")).join("");

function say(row, text, kind = "") {
  const state = row.querySelector("[data-state]");
  state.textContent = text;
  state.className = `app-mark__state${kind && ` app-mark__state--${kind}`}`;
}

function count() {
  for (const half of form.querySelectorAll("[data-half]")) {
    const rows = [...half.querySelectorAll("[data-session]")];
    const left = rows.filter((row) => !row.querySelector("input[type=radio]:checked")).length;
    half.querySelector("[data-left]").textContent = left ? `${left} of ${rows.length} not marked` : "All marked";
    half.querySelector("[data-all]").hidden = left === 0;
  }
}

function tell() {
  const every = read();
  const waiting = every.filter((mark) => !held.has(mark.key)).length;
  const many = `${waiting} mark${waiting === 1 ? "" : "s"}`;
  const where = onThisPage ? "on this page alone, so do not close it" : "on this device";
  const kind = problem ? "wrong" : waiting && !sending ? "waiting" : "";
  if (problem) status.textContent = problem;
  else if (waiting && sending) status.textContent = `Sending ${many}`;
  else if (waiting) status.textContent = `No connection. ${many} kept ${where}, and sent when the connection returns`;
  else if (every.length) status.textContent = "Choose the reason, if they gave one. The absence is sent in a moment";
  else status.textContent = "Everything you marked is saved";
  status.className = `app-marks__status${kind && ` app-marks__status--${kind}`}`;
  status.hidden = false;
}

function keep(row) {
  const chosen = row.querySelector("input[type=radio]:checked");
  if (!chosen) return;
  const [placement, half] = row.dataset.session.split("-");
  const reason = chosen.value === "absent" ? row.querySelector("select").value : "";
  const mark = { placement: Number(placement), half, day, mark: chosen.value, reason, seen: Number(row.dataset.seen) };
  const others = read().filter((one) => one.placement !== mark.placement || one.half !== half || one.day !== day);
  const key = newKey();
  write([...others, { ...mark, key, marked_at: new Date().toISOString() }]);
  say(row, `${SAID[mark.mark]}: not sent yet`, "waiting");
  count();
  if (mark.mark !== "absent" || reason) return;
  hold(row, key);
  row.scrollIntoView({ block: "nearest" }); // The status at the foot of the screen must not lie on the reasons.
}

// An absence waits a moment for its reason, on the device like all that waits.
function hold(row, key) {
  const release = () => {
    const waits = read().some((mark) => mark.key === key);
    if (waits && document.activeElement === row.querySelector("select")) hold(row, key);
    else letGo(key);
  };
  held.set(key, setTimeout(release, REASON_WITHIN));
}

function letGo(key) {
  clearTimeout(held.get(key));
  held.delete(key);
  send();
}

function heard(taken) {
  const answers = new Map(taken.map((one) => [one.key, one]));
  for (const mark of read()) {
    const answer = answers.get(mark.key);
    if (!answer) continue;
    const isOtherwise = answer.became === "changed" || answer.became === "refused";
    const row = rowOf(mark);
    // Of another day, so that there is nothing on this page to say it beside.
    if (!row && isOtherwise) problem = `A mark of ${mark.day} was not kept. ${answer.message}`;
    if (!row) continue;
    row.dataset.seen = answer.number;
    row.querySelector("input[type=hidden]").value = answer.number;
    for (const radio of row.querySelectorAll("input[type=radio]")) radio.checked = radio.value === answer.stands;
    if (isOtherwise) say(row, answer.message, "wrong");
    else say(row, `${SAID[answer.stands]}: saved`);
  }
  write(read().filter((mark) => !answers.has(mark.key)));
  count();
}

async function send() {
  const waiting = read().filter((mark) => !held.has(mark.key));
  if (sending || !waiting.length) return;
  sending = true;
  let isMore = false;
  tell();
  try {
    const answer = await fetch(address, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ marks: waiting.slice(0, 200) }),
      keepalive: document.visibilityState === "hidden",
    });
    problem = "";
    if (answer.ok) {
      const { taken } = await answer.json();
      heard(taken);
      isMore = taken.length > 0; // What was marked meanwhile, or is too much for once.
    } else if (answer.status === 401) problem = "You are signed out. What you marked is kept on this device: sign in again to send it";
    else if (answer.status < 500 && answer.status !== 409) problem = "What you marked could not be sent. It is kept on this device: load this page again, or ring the council";
  } catch {
    // No connection: what waits is sent by the next try.
  } finally {
    sending = false;
    tell();
  }
  if (isMore) send();
}

form.addEventListener("change", (event) => {
  keep(event.target.closest("[data-session]"));
  tell();
  send();
});
form.addEventListener("focusout", (event) => {
  const row = event.target.closest("[data-session]");
  if (!row || row.contains(event.relatedTarget)) return;
  for (const mark of read()) if (rowOf(mark) === row && held.has(mark.key)) letGo(mark.key);
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") for (const key of [...held.keys()]) letGo(key);
});
form.addEventListener("click", (event) => {
  const all = event.target.closest("[data-all]");
  if (!all) return;
  event.preventDefault();
  for (const row of form.querySelectorAll(`[data-half="${all.dataset.all}"] [data-session]`)) {
    if (row.querySelector("input[type=radio]:checked")) continue;
    row.querySelector("input[value=present]").checked = true;
    keep(row);
  }
  send();
});
window.addEventListener("online", send);
setInterval(send, AGAIN_AFTER);

// Everything is sent as it is marked, so there is nothing left for the button to do.
form.querySelector(".app-marks__save").hidden = true;
form.addEventListener("submit", (event) => event.preventDefault());
for (const mark of read()) {
  const row = rowOf(mark);
  if (!row) continue;
  row.querySelector(`input[value=${mark.mark}]`).checked = true;
  row.querySelector("select").value = mark.reason;
  say(row, `${SAID[mark.mark]}: not sent yet`, "waiting");
}
count();
if (read().length) {
  tell();
  send();
}
