// The screen of a check by keyboard, with the paper beside it. Without this file the page works by Tab, the lists and Enter.
"use strict";
{ // every form that comes runs this again
  const form = document.querySelector("form.checking");
  const rows = [...form.querySelectorAll("tbody tr")];
  const verdicts = { 0: "", 1: "form", 2: "record", 3: "rekeyed", h: "ask", m: "blurred" };
  const RETRY_MS = 3000;

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
    else if (row.matches(".differs")) next(row);
  };
  // After a difference is decided: to the next one, or to the button that goes on.
  const open = () => rows.filter((row) => row.matches(".differs") && row.querySelector("select")?.value === "");
  const next = (row) => {
    const left = open();
    const to = left.find((one) => rows.indexOf(one) > rows.indexOf(row)) ?? left[0];
    if (to) to.querySelector("select").focus();
    else form.querySelector("button[type=submit]").focus();
  };

  // The paper follows the field in hand: its box fills the width, framed.
  const view = document.querySelector(".sheet .view");
  const show = (row) => {
    if (!view || !row?.dataset.box || document.getElementById("zoom").checked) return;
    const [x, y, w, h] = row.dataset.box.split(" ").map(Number);
    const leaf = view.querySelector(".leaf");
    const frame = view.querySelector(".mark");
    leaf.style.width = `${100 * Math.min(3, Math.max(1, 0.8 / w))}%`;
    Object.assign(frame.style, { left: `${100 * x}%`, top: `${100 * y}%`, width: `${100 * w}%`, height: `${100 * h}%` });
    frame.hidden = false;
    view.scrollTo({
      left: (x + w / 2) * leaf.offsetWidth - view.clientWidth / 2,
      top: (y + h / 2) * leaf.offsetHeight - view.clientHeight / 2,
    });
  };
  document.addEventListener("focusin", (event) => show(event.target.closest("tbody tr")));

  // An answer that the line loses is kept and sent again until it has arrived; the page stays as it is.
  const wait = (time) => new Promise((done) => setTimeout(done, time));
  const send = async () => {
    const body = new URLSearchParams(new FormData(form));
    for (;;) {
      try {
        return await fetch(form.action, { method: "POST", body, redirect: "follow" });
      } catch {
        document.getElementById("cut").hidden = false;
        await wait(RETRY_MS);
      }
    }
  };
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (form.dataset.sending) return;
    form.dataset.sending = "1";
    const answer = await send();
    const page = await answer.text();
    document.open(); // what came is the next form: to go there would ask for it a second time
    document.write(page);
    document.close();
    if (answer.redirected) history.pushState(null, "", answer.url);
  });

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

  const first = open()[0];
  if (first) first.querySelector("select").focus();
}
