/* A receipt in the address, after the #: code, seal, week, batch. It is shown and handed on; it is never sent. */

const box = document.getElementById("own-receipt");
const WRITTEN = /^#([A-Z2-7]{16})-([A-Z2-7]{16})(?:-(\d+))?(?:-(\d+))?$/;

function grouped(text) {
  return text.match(/.{4}/g).join(" ");
}

function show() {
  const [, code, seal, week, batch] = WRITTEN.exec(location.hash) ?? [];
  box.hidden = !code;
  if (!code) return;
  document.getElementById("own-code").textContent = grouped(code);
  document.getElementById("own-seal").textContent = grouped(seal);
  for (const part of box.querySelectorAll("[data-week]")) {
    part.hidden = Boolean(week) && part.dataset.week !== week;
    const find = part.querySelector("[data-bundle]");
    if (find) {
      const receipt = new URLSearchParams({ "bien-nhan": `${code}-${seal}`, goi: find.dataset.bundle });
      find.href = `${box.dataset.verifier}#${receipt}`;
    }
    const chain = part.querySelector("[data-chain]");
    if (chain && batch) chain.href = `${chain.dataset.chain}?den=${batch}`;
    for (const name of part.querySelectorAll("[data-batch]")) {
      name.hidden = !batch;
      name.querySelector("strong").textContent = batch;
    }
  }
  document.getElementById("own-title").focus();
  box.scrollIntoView();
}

addEventListener("hashchange", show);
show();
