// Files dropped anywhere on the page go into the file field. Without this file the field itself takes them.
"use strict";
const field = document.querySelector("input[type=file]");
const zone = field.closest("form");

for (const kind of ["dragenter", "dragover"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    zone.classList.add("dropping");
  });
}
for (const kind of ["dragleave", "drop"]) {
  document.addEventListener(kind, (event) => {
    event.preventDefault();
    if (kind === "drop" || !event.relatedTarget) zone.classList.remove("dropping");
  });
}
document.addEventListener("drop", (event) => {
  if (event.dataTransfer.files.length) {
    field.files = event.dataTransfer.files;
    zone.requestSubmit();
  }
});
