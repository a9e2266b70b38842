// Keys on the page of a returned row. Without this file the page works by Tab and Enter.
"use strict";
const form = document.querySelector("form.mending");
const boxes = [...form.querySelectorAll("input[data-written]")];
const done = [];

const put = (box, text) => {
  done.push([box, box.value]);
  box.value = text;
  box.focus();
};
const go = (from, by) => {
  const to = boxes[Math.max(0, Math.min(boxes.length - 1, boxes.indexOf(from) + by))];
  to.focus();
  to.select();
  to.scrollIntoView({ block: "nearest" });
};

for (const button of form.querySelectorAll("button[data-for]")) {
  button.hidden = false;
  button.addEventListener("click", () => {
    const box = document.getElementById(button.dataset.for);
    put(box, box.dataset.proposal);
  });
}
document.addEventListener("keydown", (event) => {
  const box = document.activeElement;
  const inBox = boxes.includes(box);
  if (event.key === "F2" && inBox && box.dataset.proposal) {
    event.preventDefault();
    put(box, box.dataset.proposal);
  } else if (event.key === "F4" && inBox) {
    event.preventDefault();
    put(box, box.dataset.written);
  } else if (event.key === "F8" && done.length) {
    event.preventDefault();
    const [last, text] = done.pop();
    last.value = text;
    last.focus();
  } else if ((event.key === "ArrowDown" || event.key === "ArrowUp") && (!inBox || !box.list || event.altKey)) {
    event.preventDefault();
    go(box, event.key === "ArrowDown" ? 1 : -1);
  }
});
