/* The receipt: what the device kept of this sitting is forgotten, and the code can be copied and printed. */

const box = document.getElementById("receipt-tools");
const copied = document.getElementById("copied");
const { code } = box.dataset;

try {
  localStorage.removeItem(`sheet-${code}`);
} catch {
  /* private browsing: nothing was kept */
}

document.getElementById("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(code);
    copied.textContent = copied.dataset.done;
  } catch {
    getSelection().selectAllChildren(document.getElementById("receipt-code"));
    copied.textContent = copied.dataset.select;
  }
});
document.getElementById("print").addEventListener("click", () => print());
box.hidden = false;
