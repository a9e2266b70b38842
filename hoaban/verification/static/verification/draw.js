// Counts the communes that are ticked. Without this file the page says it after the draw.
"use strict";
const ticks = document.querySelector(".ticks");
const count = (within) => within.querySelectorAll("input:checked").length;
ticks.addEventListener("change", () => {
  for (const district of ticks.querySelectorAll("details")) {
    district.querySelector(".chosen").textContent = count(district);
  }
  ticks.querySelector("[role=status] .chosen").textContent = count(ticks);
});
