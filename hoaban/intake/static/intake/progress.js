// How far the reading of a file is, asked each second and a half. Without this file the page is opened again by hand.
"use strict";
const bar = document.querySelector("progress[data-ask]");

const ask = async () => {
  const answer = await fetch(bar.dataset.ask, { headers: { Accept: "application/json" } });
  if (answer.ok) {
    const now = await answer.json();
    if (now.ended) return location.reload();
    if (now.rows) {
      bar.max = now.rows;
      bar.value = now.done;
      document.getElementById("read-so-far").textContent = `${now.done.toLocaleString("vi")} / ${now.rows.toLocaleString("vi")}`;
    }
  }
  return setTimeout(ask, 1500);
};

ask();
