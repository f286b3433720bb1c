/* Results day in the hall: places are covered and opened one by one, from the last prize to the first. */

const places = [...document.querySelectorAll("[data-place]")];
const stage = document.getElementById("stage");
const announcer = document.getElementById("announcer");
const next = document.getElementById("next");
const back = document.getElementById("back");
const full = document.getElementById("full");
const covers = places.map((place) => {
  const cover = document.createElement("li");
  cover.className = "hall-cover";
  cover.textContent = `${place.querySelector(".hall-prize").textContent} – ${stage.dataset.hidden}`;
  place.before(cover);
  return cover;
});
let opened = 0;

function show() {
  places.forEach((place, number) => {
    place.hidden = number >= opened;
    covers[number].hidden = number < opened;
  });
  const focused = document.activeElement;
  next.disabled = opened === places.length;
  back.disabled = opened === 0;
  if (focused === next && next.disabled) back.focus();
  if (focused === back && back.disabled) next.focus();
}

function open() {
  if (opened === places.length) return;
  opened += 1;
  show();
  const place = places[opened - 1];
  place.scrollIntoView({ block: "center" });
  announcer.textContent = [...place.children].map((line) => line.textContent).join(", ");
}

function cover() {
  opened = Math.max(0, opened - 1);
  show();
}

next.addEventListener("click", open);
back.addEventListener("click", cover);
full.hidden = !document.fullscreenEnabled;
full.addEventListener("click", () => document.documentElement.requestFullscreen());
addEventListener("keydown", (event) => {
  if (event.key === "ArrowRight" || event.key === "PageDown") open();
  else if (event.key === "ArrowLeft" || event.key === "PageUp") cover();
  else if (event.key === " " && !event.target.closest("button, a")) {
    event.preventDefault();
    open();
  }
});
document.getElementById("controls").hidden = false;
show();
