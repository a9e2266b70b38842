// Keys on the screen of a check. Without this file the page works by Tab, the lists and Enter.
"use strict";
const form = document.querySelector("form.checking");
const rows = [...form.querySelectorAll("tbody tr")];
const verdicts = { 0: "", 1: "form", 2: "record", 3: "rekeyed", h: "ask", m: "blurred" };

const place = () => rows.findIndex((row) => row.contains(document.activeElement));
const go = (to) => {
  const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
  row.querySelector("select, input").focus();
  row.scrollIntoView({ block: "nearest" });
};
const mark = (row, verdict) => {
  const list = row && row.querySelector("select");
  if (!list) return;
  const offers = (wanted) => [...list.options].some((option) => option.value === wanted);
  if (!offers(verdict)) verdict = { form: "rekeyed", record: "" }[verdict] ?? list.value;
  list.value = verdict;
  if (verdict === "rekeyed") row.querySelector("input").focus();
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const typing = document.activeElement.matches("input:not([type=hidden], [type=checkbox])");
  const key = event.key.toLowerCase();
  if (key === "arrowdown" || key === "arrowup") {
    event.preventDefault();
    go(place() < 0 ? 0 : place() + (key === "arrowdown" ? 1 : -1));
  } else if (key === "enter" && !document.activeElement.matches("a, button, summary")) {
    event.preventDefault();
    form.requestSubmit();
  } else if (!typing && key in verdicts) {
    event.preventDefault();
    mark(rows[place()], verdicts[key]);
  } else if (!typing && key === "z" && document.getElementById("undo")) {
    document.getElementById("undo").requestSubmit();
  }
});
