// Registering: pasting, filling down, sums, and trying what has been typed. The page works without it.
const form = document.querySelector("form[data-registrera]");
const table = form.querySelector("table[data-klistra]");
const said = document.getElementById("klistrat");
const WAIT = 700;

// 1. Amounts, as the ledger reads them.
function oreOf(text) {
  const plain = text.replace(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-").replace(",", ".");
  if (!/^-?\d+(\.\d{1,2})?$/.test(plain)) return null;
  const [whole, part = ""] = plain.replace("-", "").split(".");
  return (plain[0] === "-" ? -1 : 1) * (Number(whole) * 100 + Number(part.padEnd(2, "0")));
}

function total() {
  const amounts = [...table.querySelectorAll("[data-regel=belopp]")].map((input) => oreOf(input.value)).filter((ore) => ore !== null);
  const sum = amounts.reduce((all, ore) => all + ore, 0);
  document.getElementById("summa").textContent = amounts.length
    ? (sum / 100).toLocaleString("sv-SE", { minimumFractionDigits: 2, maximumFractionDigits: 2 })
    : "–";
}

// 2. The grid: rows are added when what is pasted needs them.
const rows = () => [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input")]);

function addRow() {
  const body = table.tBodies[0];
  const number = body.rows.length + 1;
  const row = body.rows[body.rows.length - 1].cloneNode(true);
  row.cells[0].textContent = number;
  for (const input of row.querySelectorAll("input")) {
    const id = input.id.replace(/^rad-\d+/, `rad-${number}`);
    const note = input.nextElementSibling;
    Object.assign(input, { id, name: id, value: "" });
    input.setAttribute("aria-label", input.getAttribute("aria-label").replace(/\d+$/, number));
    input.setAttribute("aria-describedby", `${id}-fel`);
    input.removeAttribute("aria-invalid");
    Object.assign(note, { id: `${id}-fel`, hidden: true, textContent: "" });
  }
  body.append(row);
}

table.addEventListener("paste", (event) => {
  const text = event.clipboardData.getData("text/plain");
  if (!/[\t\n]/.test(text.trimEnd())) return;
  event.preventDefault();
  const pasted = text.replace(/\r\n?/g, "\n").replace(/\n$/, "").split("\n").map((line) => line.split("\t"));
  const top = rows().findIndex((inputs) => inputs.includes(event.target));
  const left = rows()[top].indexOf(event.target);
  while (rows().length < top + pasted.length && rows().length < 500) addRow();
  const grid = rows();
  pasted.forEach((parts, y) => parts.forEach((part, x) => {
    const input = grid[top + y]?.[left + x];
    if (input) input.value = part.trim();
  }));
  said.textContent = said.dataset.ordInklistrat.replace("{antal}", pasted.length);
  total();
  tryLater();
});

// 3. Keys: fill down, and try.
form.addEventListener("keydown", (event) => {
  if (event.altKey && event.key === "Enter") {
    event.preventDefault();
    form.querySelector("button[value=prova]").click();
  }
  if (event.ctrlKey && event.key === "d" && event.target.closest("table[data-klistra]")) {
    event.preventDefault();
    const grid = rows();
    const at = grid.findIndex((inputs) => inputs.includes(event.target));
    if (at < 1) return;
    event.target.value = grid[at - 1][grid[at].indexOf(event.target)].value;
    total();
    tryLater();
  }
});

// 4. Trying while one types: the same page is asked for, and its findings are put into this one.
let timer;
let asked = 0;
function tryLater() {
  clearTimeout(timer);
  timer = setTimeout(tryNow, WAIT);
}

// The page as it answers to what is typed; none where the network, the server or the sign-in fails.
async function answerTo(body) {
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/html" } });
    if (![200, 422].includes(answer.status)) return null;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    return page.getElementById("verkan") ? page : null;
  } catch {
    return null;
  }
}

async function tryNow() {
  const mine = ++asked;
  const body = new URLSearchParams(new FormData(form));
  body.set("gor", "prova");
  const filled = rows().filter((inputs) => inputs.some((input) => input.value)).length;
  if (!filled) return;
  const page = await answerTo(body);
  if (mine !== asked) return;
  if (!page) {
    said.textContent = said.dataset.ordOprovat;
    return;
  }
  document.getElementById("verkan").replaceChildren(...page.getElementById("verkan").childNodes);
  for (const input of form.querySelectorAll("input, select")) {
    const note = document.getElementById(`${input.id}-fel`);
    const found = page.getElementById(`${input.id}-fel`);
    if (!note || !found) continue;
    // A cell that is being typed in is not called wrong yet.
    const sentence = input === document.activeElement && !input.hasAttribute("aria-invalid") ? "" : found.textContent;
    note.textContent = sentence;
    note.hidden = sentence === "";
    input.toggleAttribute("aria-invalid", sentence !== "");
    if (sentence) input.setAttribute("aria-invalid", "true");
  }
  const faults = form.querySelectorAll("table [aria-invalid=true]").length;
  const words = said.dataset;
  const sentence = filled === 1 ? (faults ? words.ordRadFel : words.ordRad) : faults ? words.ordRaderFel : words.ordRader;
  said.textContent = sentence.replace("{antal}", filled).replace("{fel}", faults);
}

form.addEventListener("input", () => { total(); tryLater(); });
total();
