/* The sitting: sends the whole sheet after each choice, keeps it on the device until acknowledged, runs the clock by
   the server's word, and hands in. Without this script the page is a plain form. */

const form = document.getElementById("paper");
const { code, save: saveUrl, handIn: handInUrl, signIn, receipt } = form.dataset;
const words = JSON.parse(form.dataset.words);
const token = form.elements.csrf_token.value;
const questions = [...form.querySelectorAll(".question")];
const savedBox = document.getElementById("saved");
const trouble = document.getElementById("trouble");
const announcer = document.getElementById("announcer");
const dialog = document.getElementById("confirm");
const draftKey = `sheet-${code}`;

const RETRY_MS = 2000;
const TIMEOUT_MS = 10000;
const MINUTE = 60000;

let seq = Number(form.dataset.seq);
let deadline = performance.now() + Number(form.dataset.left);
let changed = false;
let sending = false;
let handingIn = false;
let stopped = false;
let retryTimer = 0;
const announced = new Set();

const sheet = () => questions.map((q) => [...q.querySelectorAll("input:checked")].map((i) => i.value).join(""));

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const ask = (url, options) => fetch(url, { ...options, signal: AbortSignal.timeout(TIMEOUT_MS), credentials: "same-origin" });

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

function keepDraft() {
  try {
    localStorage.setItem(draftKey, JSON.stringify({ seq: seq + 1, answers: sheet() }));
  } catch {
    /* private browsing: the server's copy is all there is */
  }
}

function restoreDraft() {
  let draft = null;
  try {
    draft = JSON.parse(localStorage.getItem(draftKey));
  } catch {
    return;
  }
  if (!draft || draft.seq !== seq + 1 || draft.answers.length !== questions.length) return;
  questions.forEach((question, place) => {
    for (const input of question.querySelectorAll("input")) input.checked = draft.answers[place].includes(input.value);
  });
  if (JSON.stringify(draft.answers) !== form.dataset.first) note();
}

function count() {
  document.getElementById("answered").textContent = sheet().filter(Boolean).length;
}

function note() {
  changed = true;
  count();
  keepDraft();
  send();
}

async function send() {
  if (sending || stopped) return;
  clearTimeout(retryTimer);
  sending = true;
  say(words.saving);
  const answers = sheet();
  const next = seq + 1;
  changed = false;
  try {
    const answer = await ask(saveUrl, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": token },
      body: JSON.stringify({ seq: next, answers }),
      redirect: "manual",
    });
    if (answer.ok) acknowledged(await answer.json());
    else await refused(answer);
  } catch {
    later();
  }
  sending = false;
  if (changed && !retryTimer) send();
}

function acknowledged({ seq: stored, left }) {
  seq = stored;
  deadline = performance.now() + left;
  form.elements.seq.value = seq + 1;
  if (changed) keepDraft();
  else {
    localStorage.removeItem?.(draftKey);
    say(words.saved);
  }
}

async function refused(answer) {
  if (answer.type === "opaqueredirect" || answer.status === 400) return stop(words.session, signIn, words.sign);
  if (answer.status >= 500 || answer.status === 429) return later();
  const { error, message } = await answer.json();
  if (error === "too_late" || error === "already_handed_in") {
    stopped = true;
    location.replace(receipt);
    return undefined;
  }
  localStorage.removeItem(draftKey);
  return stop(message, location.pathname, words.reload);
}

function later() {
  changed = true;
  say(words.unsaved, true);
  clearTimeout(retryTimer);
  retryTimer = setTimeout(() => {
    retryTimer = 0;
    send();
  }, RETRY_MS);
}

async function handIn(message) {
  if (handingIn) return;
  handingIn = true;
  clearTimeout(retryTimer);
  stopped = true;
  say(message);
  for (;;) {
    while (sending) await pause(50);
    form.elements.seq.value = seq + 1;
    try {
      const answer = await ask(handInUrl, { method: "POST", body: new FormData(form) });
      if (answer.ok && answer.redirected) {
        localStorage.removeItem(draftKey);
        location.replace(answer.url);
        return;
      }
      if (answer.status < 500) {
        location.replace(location.pathname);
        return;
      }
    } catch {
      say(words.retry, true);
    }
    await pause(RETRY_MS);
  }
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
  const empty = sheet().flatMap((chosen, place) => (chosen ? [] : [place + 1]));
  const box = document.getElementById("unanswered");
  box.replaceChildren(empty.length ? `${words.none} ` : words.all);
  for (const number of empty) {
    const link = document.createElement("a");
    link.href = `#cau-${number}`;
    link.textContent = number;
    link.addEventListener("click", () => dialog.close());
    box.append(link, " ");
  }
  dialog.showModal();
}

form.dataset.first = JSON.stringify(sheet());
form.addEventListener("change", note);
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
setInterval(tick, 250);
tick();
