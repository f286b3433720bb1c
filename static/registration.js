/* Narrows the list of agencies to those that hold every word typed, with or without marks, and spells out a long name.
   Without this script the list is simply whole. */

const list = document.getElementById("agency");
const search = document.getElementById("agency-search");
const typed = document.getElementById("agency-words");
const found = document.getElementById("agency-found");
const chosen = document.getElementById("agency-chosen");
const FITS = 34;

const plain = (text) =>
  text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replaceAll("đ", "d").split(/\s+/).filter(Boolean);

const groups = [...list.querySelectorAll("optgroup")].map((group) => ({
  group,
  options: [...group.children].map((option) => ({ option, words: plain(option.label).join(" ") })),
}));

function narrow() {
  const wanted = plain(typed.value);
  let count = 0;
  for (const { group, options } of groups) {
    const fits = options.filter(({ option, words }) => option.selected || wanted.every((word) => words.includes(word)));
    group.replaceChildren(...fits.map(({ option }) => option));
    group.hidden = !fits.length;
    count += fits.filter(({ words }) => wanted.every((word) => words.includes(word))).length;
  }
  found.textContent = wanted.length ? (count ? found.dataset.some.replace("{count}", count) : found.dataset.none) : "";
}

/* A closed list cuts long names off: the name chosen is written out below it. */
function spellOut() {
  const name = list.value ? list.selectedOptions[0].label : "";
  chosen.textContent = name.length > FITS ? name : "";
}

search.hidden = false;
spellOut();
list.addEventListener("change", spellOut);
typed.addEventListener("input", narrow);
typed.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  event.preventDefault(); // would send the form
  list.focus();
});
