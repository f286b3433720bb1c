/* The sitting: sends the whole sheet after each choice, keeps it on the device until acknowledged, runs the clock by
   the server's word, and hands in. Without this script the page is a plain form.

   A sheet that was sent is sent again, unchanged and under its number, until the server has acknowledged it; only then
   does a newer sheet go, under the next number. So a lost acknowledgement is never taken for somebody else's sheet. */

const form = document.getElementById("paper");
const { code, save: saveUrl, handIn: handInUrl, signIn, receipt } = form.dataset;
const words = JSON.parse(form.dataset.words);
const token = form.elements.csrf_token.value;
const questions = [...form.querySelectorAll(".question")];
const prediction = document.getElementById("prediction"); // null where the rules ask for none
const savedBox = document.getElementById("saved");
const trouble = document.getElementById("trouble");
const announcer = document.getElementById("announcer");
const dialog = document.getElementById("confirm");
const draftKey = `sheet-${code}`;

const RETRY_MS = 2000;
const TIMEOUT_MS = 10000;
const MINUTE = 60000;

/* The number typed, null for none and for what is not a number: the browser says so before the page is handed in. */
const numberIn = (text) =>
  text && new RegExp(`^(?:${prediction.pattern})$`).test(text) ? Number(text.replace(/[. ]/g, "")) : null;

/* What travels, is kept and is compared as one: as the page shows it, and as the server rendered it. */
const sheetOf = (chosen, typed) => ({
  answers: questions.map((q) => [...q.querySelectorAll(chosen)].map((i) => i.value).join("")),
  ...(prediction && { prediction: numberIn(typed) }),
});
const sheet = () => sheetOf("input:checked", prediction?.value.trim());
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

let seq = Number(form.dataset.seq); // the number of the last sheet sent,
let sent = sheetOf("input[checked]", prediction?.defaultValue); // that sheet,
let acknowledged = true; // and whether the server is known to have it
let deadline = performance.now() + Number(form.dataset.left);
let sending = false;
let handingIn = false;
let stopped = false;
let retryTimer = 0;
const announced = new Set();

const settled = () => acknowledged && same(sheet(), sent);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/* The server's answer; fails where trying again may help. */
async function ask(url, options) {
  const answer = await fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS), credentials: "same-origin" });
  if (answer.status >= 500 || answer.status === 429) throw new Error(answer.statusText);
  return answer;
}

function say(text, unsaved = false) {
  savedBox.textContent = text;
  savedBox.classList.toggle("is-unsaved", unsaved);
}

function stop(message, href, label) {
  stopped = true;
  trouble.replaceChildren(message, " ");
  const link = document.createElement("a");
  link.href = href;
  link.textContent = label;
  trouble.append(link);
  trouble.hidden = false;
  say(words.unsaved, true);
}

function onDevice(use) {
  try {
    return use(localStorage);
  } catch {
    return null; /* private browsing: the server's copy is all there is */
  }
}

function keepDraft() {
  onDevice((kept) => kept.setItem(draftKey, JSON.stringify({ seq, sent, sheet: sheet() })));
}

function forgetDraft() {
  onDevice((kept) => kept.removeItem(draftKey));
}

/* Goes on from the draft, unless another tab or device has saved since: then the server's sheet is the newer one. */
function restoreDraft() {
  const draft = onDevice((kept) => JSON.parse(kept.getItem(draftKey)));
  if (!draft?.sheet) return;
  const arrived = draft.seq === seq && same(draft.sent, sent);
  if (!arrived && draft.seq <= seq) return;
  show(draft.sheet);
  ({ seq, sent } = draft);
  acknowledged = arrived;
}

function show({ answers, prediction: predicted }) {
  questions.forEach((question, place) => {
    for (const input of question.querySelectorAll("input")) input.checked = answers[place].includes(input.value);
  });
  if (prediction) prediction.value = predicted ?? "";
}

function count() {
  document.getElementById("answered").textContent = sheet().answers.filter(Boolean).length;
}

function note() {
  count();
  keepDraft();
  send();
}

function rest() {
  forgetDraft();
  say(words.saved);
}

/* Sends until nothing is left to send. With nothing left it asks again about the last sheet, which sets the clock. */
async function send() {
  if (sending || stopped) return;
  clearTimeout(retryTimer);
  sending = true;
  say(words.saving);
  try {
    do {
      if (acknowledged && !settled()) {
        seq += 1;
        sent = sheet();
        acknowledged = false;
        keepDraft();
      }
      await deliver();
    } while (!stopped && !settled());
    if (!stopped) rest();
  } catch {
    if (!stopped) later();
  }
  sending = false;
}

async function deliver() {
  const answer = await ask(saveUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ seq, ...sent }),
    redirect: "manual",
  });
  if (answer.ok) {
    deadline = performance.now() + (await answer.json()).left;
    acknowledged = true;
  } else await refused(answer);
}

async function refused(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 400) return stop(words.session, signIn, words.sign);
  const { error, message } = await answer.json();
  if (error === "too_late" || error === "already_handed_in") {
    stopped = true;
    location.replace(receipt);
    return undefined;
  }
  forgetDraft();
  return stop(message, location.pathname, words.reload);
}

function later() {
  say(words.unsaved, true);
  retryTimer = setTimeout(send, RETRY_MS);
}

/* Delivers the sheet that is still under way, then ends with what the page shows. Refused, a fresh page knows why. */
async function handIn(message) {
  if (handingIn) return;
  handingIn = true;
  stopped = true;
  clearTimeout(retryTimer);
  say(message);
  while (sending) await pause(50);
  for (;;) {
    try {
      if (!acknowledged) await deliver();
      const handedIn = acknowledged && (await end());
      if (handedIn) forgetDraft();
      location.replace(handedIn ? receipt : location.pathname);
      return;
    } catch {
      say(words.retry, true);
    }
    await pause(RETRY_MS);
  }
}

async function end() {
  form.elements.seq.value = seq + 1;
  const body = new FormData(form);
  if (prediction) body.set("prediction", sheet().prediction ?? "");
  const answer = await ask(handInUrl, { method: "POST", body });
  return new URL(answer.url).pathname === receipt;
}

function tick() {
  const left = Math.max(0, deadline - performance.now());
  const seconds = Math.ceil(left / 1000);
  document.getElementById("clock").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
  for (const [limit, text] of [[5 * MINUTE, words.five], [MINUTE, words.one]]) {
    if (left <= limit && left > limit - 30000 && !announced.has(limit)) {
      announced.add(limit);
      announcer.textContent = text;
    }
  }
  if (left === 0) handIn(words.over);
}

function confirmHandIn(event) {
  event.preventDefault();
  const empty = sheet().answers.flatMap((chosen, place) => (chosen ? [] : [place + 1]));
  const box = document.getElementById("unanswered");
  box.replaceChildren(empty.length ? `${words.none} ` : words.all);
  for (const number of empty) {
    const link = document.createElement("a");
    link.href = `#cau-${number}`;
    link.textContent = number;
    link.addEventListener("click", () => dialog.close());
    box.append(link, " ");
  }
  if (prediction && sheet().prediction === null) box.append(` ${words.unpredicted}`);
  const needed = document.getElementById("needed");
  if (needed) needed.hidden = empty.length === 0;
  dialog.showModal();
}

form.addEventListener("change", note);
prediction?.addEventListener("input", keepDraft);
form.addEventListener("submit", confirmHandIn);
document.getElementById("really").addEventListener("click", () => {
  dialog.close();
  handIn(words.handing);
});
document.getElementById("back").addEventListener("click", () => dialog.close());
addEventListener("online", send);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") send();
});
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
restoreDraft();
count();
if (!settled()) send();
else if (seq > 0) rest();
setInterval(tick, 250);
tick();
