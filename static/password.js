/* One button per form that shows what is typed as a password, so that nobody has to type it twice.
   What was shown is hidden again before the form is sent, so that the browser keeps it as a password. */

for (const form of document.querySelectorAll("form[data-show]")) {
  const fields = [...form.querySelectorAll("input[type=password]")];
  const button = document.createElement("button");
  const show = (shown) => {
    for (const field of fields) field.type = shown ? "text" : "password";
    button.textContent = shown ? form.dataset.hide : form.dataset.show;
  };
  button.type = "button";
  button.className = "link-button";
  button.addEventListener("click", () => show(fields[0].type === "password"));
  form.addEventListener("submit", () => show(false));
  fields.at(-1).after(button);
  show(false);
}
