/* Beside every digest, a button that copies it without the spaces between its groups. */

const copied = document.getElementById("copied");

function addButton(digest) {
  const text = digest.textContent;
  const button = document.createElement("button");
  const label = (words) => {
    button.textContent = words;
    button.setAttribute("aria-label", `${words} ${text.slice(0, 9)}`);
  };
  button.type = "button";
  button.className = "link-button digest-copy";
  label(copied.dataset.copy);
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.replaceAll(" ", ""));
    label(copied.dataset.done);
    copied.textContent = `${copied.dataset.done} ${text.slice(0, 9)}`;
  });
  digest.after(" ", button);
}

if (copied && navigator.clipboard) document.querySelectorAll("code.digest").forEach(addButton);
