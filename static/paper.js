/* The sitting: sends the whole sheet after each choice, keeps it on the device until acknowledged, runs the clock by
   the server's word, and hands in. Without this script the page is a plain form.

   A sheet that was sent is sent again, unchanged and under its number, until the server has acknowledged it; only then
   does a newer sheet go, under the next number. So a lost acknowledgement is never taken for somebody else's sheet.
   Where another window or device has saved since, the page takes what was saved there and keeps its own other answers. */

const form = document.getElementById("paper");
const { code, save: saveUrl, handIn: handInUrl, signIn, receipt } = form.dataset;
const words = JSON.parse(form.dataset.words);
const token = form.elements.csrf_token.value;
const savedBox = document.getElementById("saved");
const clock = document.getElementById("clock");
const advice = document.getElementById("advice");
const trouble = document.getElementById("trouble");
const announcer = document.getElementById("announcer");
const dialog = document.getElementById("confirm");
const draftKey = `sheet-${code}`;

const MINUTE = 60000;
const AGAIN_MS = 1000; // until the next try where the network is gone,
const BUSY_MS = 3000; // and where the server is too busy to answer well
const PATIENCE_MS = 10000; // how long an answer is waited for,
const SHORT_PATIENCE_MS = 3500; // and how long once one has not come
const ASLEEP_MS = 2000; // a jump of the device's time against the page's that means it slept, or that its time was set

const predictionIn = (root) => root.querySelector("#prediction"); // null where the rules ask for none

/* The number typed, null for none and for what is not a number: the browser says so before the page is handed in. */
function numberIn(input, text) {
  return text && new RegExp(`^(?:${input.pattern})$`).test(text) ? Number(text.replace(/[. ]/g, "")) : null;
}

/* What travels, is kept and is compared as one: as a page shows it, or as the server rendered it. */
function sheetOf(root, chosen, typed) {
  const input = predictionIn(root);
  return {
    answers: [...root.querySelectorAll(".question")].map((question) =>
      [...question.querySelectorAll(chosen)].map((each) => each.value).join(""),
    ),
    ...(input && { prediction: numberIn(input, input[typed].trim()) }),
  };
}
const sheet = () => sheetOf(form, "input:checked", "value");
const rendered = (root) => sheetOf(root, "input[checked]", "defaultValue");
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

let seq = Number(form.dataset.seq); // the number of the last sheet sent,
let sent = rendered(form); // that sheet,
let acknowledged = true; // whether the server is known to have it,
let base = sent; // and the last one that it is known to have
let deadline = performance.now() + Number(form.dataset.left);
let drift = Date.now() - performance.now();
let flight = new AbortController();
let patience = PATIENCE_MS;
let sending = false;
let handingIn = false;
let stopped = false;
let retryTimer = 0;
const announced = new Set();

const settled = () => acknowledged && same(sheet(), sent);
const isOver = () => performance.now() >= deadline;
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/* The server's answer, body and all; fails where trying again may help. */
async function ask(url, options = {}) {
  const own = new AbortController();
  flight = own;
  const timer = setTimeout(() => own.abort(), patience);
  try {
    const answer = await fetch(url, { ...options, signal: own.signal, credentials: "same-origin" });
    if (answer.status >= 500 || answer.status === 429) throw Object.assign(new Error(), { wait: BUSY_MS });
    const text = await answer.text();
    patience = PATIENCE_MS;
    return { ok: answer.ok, status: answer.status, moved: answer.type === "opaqueredirect" || answer.redirected, text };
  } catch (error) {
    patience = SHORT_PATIENCE_MS;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

const waitAfter = (error) => (error.wait ?? AGAIN_MS) * (0.75 + Math.random() / 2);

function say(text, unsaved = false) {
  savedBox.textContent = text;
  savedBox.classList.toggle("is-unsaved", unsaved);
}

/* What to do, in a sentence at the foot of the screen, spoken too; '' takes it away. */
function advise(text) {
  if (advice.textContent === text) return;
  advice.textContent = announcer.textContent = text;
  advice.hidden = !text;
}

function stop(message, href, label) {
  stopped = true;
  advise("");
  const link = document.createElement("a");
  link.href = href;
  link.textContent = label;
  trouble.replaceChildren(message, " ", link);
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
  onDevice((kept) => kept.setItem(draftKey, JSON.stringify({ seq, sent, base, sheet: sheet() })));
}

function forgetDraft() {
  onDevice((kept) => kept.removeItem(draftKey));
}

/* Goes on from the draft. A sheet that the server has by now, acknowledged or not, is what both have in common. */
function restoreDraft() {
  const draft = onDevice((kept) => JSON.parse(kept.getItem(draftKey)));
  if (!draft?.base) return;
  const arrived = draft.seq === seq && same(draft.sent, sent);
  if (arrived || draft.seq <= seq) return join(arrived ? sent : draft.base, draft.sheet, sent);
  show(draft.sheet);
  ({ seq, sent, base } = draft);
  acknowledged = false;
}

/* Shows what was saved elsewhere since both were `common`, and this page's own answers to all other questions. */
function join(common, own, theirs) {
  const pick = (before, mine, saved) => (saved === before ? mine : saved);
  const answers = theirs.answers.map((saved, place) => pick(common.answers[place], own.answers[place], saved));
  show({ answers, prediction: pick(common.prediction, own.prediction, theirs.prediction) });
  const lost = answers.flatMap((each, place) =>
    each === own.answers[place] || own.answers[place] === common.answers[place] ? [] : [place + 1],
  );
  if (lost.length) advise(`${words.joined} ${words.look} ${lost.join(", ")}.`);
  else if (!same(theirs, common)) advise(words.joined);
}

function show({ answers, prediction }) {
  form.querySelectorAll(".question").forEach((question, place) => {
    for (const input of question.querySelectorAll("input")) input.checked = answers[place].includes(input.value);
  });
  const input = predictionIn(form);
  if (input) input.value = prediction ?? "";
  count();
}

function count() {
  document.getElementById("answered").textContent = sheet().answers.filter(Boolean).length;
}

function note() {
  count();
  keepDraft();
  if (advice.textContent !== words.carryOn) advise("");
  send();
}

/* Sends until nothing is left to send. With nothing left it asks again about the last sheet, which sets the clock. */
async function send() {
  if (sending || stopped) return;
  clearTimeout(retryTimer);
  sending = true;
  if (!savedBox.classList.contains("is-unsaved")) say(isOver() ? words.over : words.saving);
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
  } catch (error) {
    if (!stopped) later(error);
  }
  sending = false;
  if (!stopped && settled() && isOver()) handIn(words.over);
}

function rest() {
  forgetDraft();
  if (advice.textContent === words.carryOn) {
    advise("");
    announcer.textContent = words.saved;
  }
  say(words.saved);
}

function later(error) {
  say(isOver() ? words.retry : words.unsaved, true);
  advise(isOver() ? "" : words.carryOn);
  retryTimer = setTimeout(send, waitAfter(error));
}

async function deliver() {
  const answer = await ask(saveUrl, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRFToken": token },
    body: JSON.stringify({ seq, ...sent }),
    redirect: "manual",
  });
  if (!answer.ok) return refused(answer);
  deadline = performance.now() + JSON.parse(answer.text).left;
  acknowledged = true;
  base = sent;
  return undefined;
}

async function refused({ moved, status, text }) {
  if (moved || status === 400) return stop(words.session, signIn, words.sign);
  const { error, message } = JSON.parse(text);
  if (error === "older_sheet") return catchUp();
  if (error === "too_late" || error === "already_handed_in") return leave(receipt);
  forgetDraft();
  return stop(message, location.pathname, words.reload);
}

/* Takes what another window or device has saved, and goes on from there. */
async function catchUp() {
  const page = await ask(location.pathname);
  const theirs = new DOMParser().parseFromString(page.text, "text/html").getElementById("paper");
  if (!theirs) return leave(location.pathname);
  join(base, sheet(), rendered(theirs));
  seq = Number(theirs.dataset.seq);
  base = sent = rendered(theirs);
  deadline = performance.now() + Number(theirs.dataset.left);
  acknowledged = true;
  return undefined;
}

function leave(address) {
  stopped = true;
  location.replace(address);
}

/* Delivers the sheet that is still under way, then ends with what the page shows. Refused, a fresh page knows why. */
async function handIn(message) {
  if (handingIn) return;
  handingIn = true;
  stopped = true;
  form.inert = true;
  clearTimeout(retryTimer);
  advise("");
  say(message);
  keepDraft();
  while (sending) await pause(50);
  for (;;) {
    try {
      if (!acknowledged) await deliver();
      if (acknowledged) leave((await end()) ? receipt : location.pathname);
      return;
    } catch (error) {
      say(words.retry, true);
      await pause(waitAfter(error));
    }
  }
}

/* Whether the server has taken it: then it leads on, to the receipt. */
async function end() {
  form.elements.seq.value = seq + 1;
  const body = new FormData(form);
  if (predictionIn(form)) body.set("prediction", sheet().prediction ?? "");
  return (await ask(handInUrl, { method: "POST", body, redirect: "manual" })).moved;
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

function tick() {
  const left = Math.max(0, deadline - performance.now());
  const seconds = Math.ceil(left / 1000);
  write(clock, `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`);
  showHurry(left);
  if (Math.abs(Date.now() - performance.now() - drift) > ASLEEP_MS) {
    drift = Date.now() - performance.now();
    send();
  }
  form.inert = handingIn || left === 0;
  if (left === 0) runOut();
}

/* In words, in colour and aloud when five minutes are left, and when one is. */
function showHurry(left) {
  const label = document.getElementById("clock-label");
  const text = left <= MINUTE ? label.dataset.last : left <= 5 * MINUTE ? label.dataset.soon : label.dataset.calm;
  write(label, text);
  document.getElementById("clock-box").classList.toggle("is-soon", left <= 5 * MINUTE);
  document.getElementById("clock-box").classList.toggle("is-last", left <= MINUTE);
  for (const [limit, spoken] of [[5 * MINUTE, words.five], [MINUTE, words.one]]) {
    if (left > limit) announced.delete(limit);
    else if (!announced.has(limit)) {
      announced.add(limit);
      if (left > limit - MINUTE / 2) announcer.textContent = spoken;
    }
  }
}

/* The server is asked first: it may have given more time, and it takes what is not saved yet. */
function runOut() {
  if (dialog.open) dialog.close();
  if (!sending && !savedBox.classList.contains("is-unsaved")) send();
}

function confirmHandIn(event) {
  event.preventDefault();
  const { answers, prediction } = sheet();
  const empty = answers.flatMap((chosen, place) => (chosen ? [] : [place + 1]));
  const text = empty.length ? words.none.replace("{count}", empty.length) : words.all;
  document.getElementById("unanswered").textContent =
    prediction === null ? `${text} ${words.unpredicted}` : text;
  const list = document.getElementById("unanswered-list");
  list.hidden = !empty.length;
  list.replaceChildren(...empty.map(linkTo));
  const needed = document.getElementById("needed");
  if (needed) needed.hidden = !empty.length;
  dialog.showModal();
}

function linkTo(number) {
  const link = document.createElement("a");
  link.href = `#cau-${number}`;
  link.textContent = document.querySelector(`#cau-${number} .question-number`).textContent;
  link.addEventListener("click", (event) => {
    event.preventDefault();
    dialog.close();
    const question = document.getElementById(`cau-${number}`);
    question.scrollIntoView();
    question.querySelector("input").focus({ preventScroll: true });
  });
  const item = document.createElement("li");
  item.append(link);
  return item;
}

form.addEventListener("change", note);
predictionIn(form)?.addEventListener("input", keepDraft);
form.addEventListener("submit", confirmHandIn);
document.getElementById("really").addEventListener("click", () => {
  dialog.close();
  handIn(words.handing);
});
document.getElementById("back").addEventListener("click", () => dialog.close());
addEventListener("online", () => {
  flight.abort();
  send();
});
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
