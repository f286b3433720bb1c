/* Fetches the figures anew while the page is looked at. What was opened stays open, and nothing changes under the hand
   of whoever is at it; readers are told of a lost or regained connection only. Without this script the link reloads. */

const live = document.getElementById("live");
const told = document.getElementById("live-state");

const EVERY_MS = 15000;
const TIMEOUT_MS = 10000;
let next;

function show(html) {
  const fresh = document.createElement("template");
  fresh.innerHTML = html;
  for (const part of [...fresh.content.children]) {
    const old = document.getElementById(part.id);
    if (!old || old.contains(document.activeElement)) continue;
    for (const { id } of old.querySelectorAll("details[open]")) part.querySelector(`#${id}`)?.setAttribute("open", "");
    old.replaceWith(part);
  }
}

function tell(words) {
  if (told.textContent !== words) told.textContent = words;
}

async function look() {
  clearTimeout(next);
  try {
    const answer = await fetch(live.dataset.url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      credentials: "same-origin",
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || answer.status === 403) return tell(told.dataset.over);
    if (!answer.ok) throw new Error(answer.status);
    show((await answer.json()).html);
    tell(told.textContent && told.dataset.back);
  } catch {
    tell(told.dataset.lost);
  }
  plan();
}

function plan() {
  clearTimeout(next);
  if (!document.hidden) next = setTimeout(look, EVERY_MS);
}

document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(next) : look()));
plan();
