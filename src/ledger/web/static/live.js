// New facts: a quiet line under the heading of a page that shows what is known now. The page never changes by itself.
const line = document.getElementById("nyheter");
const from = Number(line.dataset.lage);
const source = new EventSource(`/handelser?efter=${from}`);
source.addEventListener("fakta", (event) => {
  const count = Number(event.data) - from;
  const said = count === 1 ? line.dataset.ordEtt : line.dataset.ordFlera;
  line.querySelector("span").textContent = said.replace("{antal}", count);
  line.hidden = false;
});
addEventListener("pagehide", () => source.close());
