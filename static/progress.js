/* Asks how far the scheduler is, moves the bar, and shows the page anew when the step is over. Without this script the
   page reloads itself. */

const box = document.getElementById("progress");
const bar = document.getElementById("progress-bar");
const percent = document.getElementById("progress-percent");

const EVERY_MS = 2000;
const TIMEOUT_MS = 10000;

async function look() {
  try {
    const answer = await fetch(box.dataset.url, {
      signal: AbortSignal.timeout(TIMEOUT_MS),
      credentials: "same-origin",
      redirect: "manual",
    });
    if (answer.type === "opaqueredirect" || answer.status === 404) return location.reload();
    const found = await answer.json();
    if (found.state && found.state !== box.dataset.state) return location.reload();
    if (found.percent) {
      bar.value = found.percent;
      percent.textContent = `${found.percent}%`;
    }
  } catch {
    /* the network or the server is away for a moment: ask again */
  }
  setTimeout(look, EVERY_MS);
}

setTimeout(look, EVERY_MS);
