// Sliders with a number field each. What was changed is sent once the hand rests; until the server says that it has heard of it,
// the page's own older values do not undo it.

const REST_MS = 120;
const shown = new WeakMap(); // Streamlit's element -> what stands in it
let numIds = 0;

function element(name, parent, attributes = {}) {
  const made = document.createElement(name);
  Object.assign(made, attributes);
  parent.append(made);
  return made;
}

function begin(parentElement) {
  const host = element("div", parentElement, { className: "sliders" });
  const made = { host, rows: new Map(), changed: new Map(), timer: 0, at: 0 };
  shown.set(parentElement, made);
  return made;
}

const written = (value) => String(Number(value.toPrecision(6)));

function nearest(stops, value) {
  const apart = stops.map((stop) => Math.abs(stop - value));
  return apart.indexOf(Math.min(...apart));
}

// Where between the stops a value lies, 0 to 1.
function share(stops, value) {
  const last = stops.length - 1;
  if (value <= stops[0]) return 0;
  const above = stops.findIndex((stop) => stop >= value);
  if (above < 0) return 1;
  return (above - 1 + (value - stops[above - 1]) / (stops[above] - stops[above - 1])) / last;
}

function addRow(made, row) {
  const line = element("div", made.host, { className: "slider-row" });
  const id = `slider-${numIds++}`;
  const label = element("label", line, { htmlFor: id, textContent: row.label, title: row.help });
  const value = element("span", line, { className: "slider-value" });
  const before = element("span", value);
  const number = element("input", value, { type: "number", id, step: "any" });
  const after = element("span", value);
  const way = element("div", line, { className: "slider-way" });
  const mark = element("i", way);
  const range = element("input", way, { type: "range", step: 1, min: 0 });
  const made_row = { line, label, before, number, after, range, mark, value: row.value, typing: false };
  range.addEventListener("input", () => {
    made_row.value = made_row.row.stops[Number(range.value)];
    number.value = written(made_row.value);
    dress(made_row);
  });
  range.addEventListener("change", () => change(made, made_row));
  number.addEventListener("input", () => (made_row.typing = true));
  number.addEventListener("blur", () => (made_row.typing = false));
  number.addEventListener("change", () => {
    made_row.typing = false;
    const wanted = Number.parseFloat(number.value);
    const { low, high } = made_row.row;
    if (Number.isFinite(wanted)) made_row.value = Math.min(Math.max(wanted, low), high);
    put(made_row, made_row.value);
    change(made, made_row, 0); // the next press may be Start, or another page
  });
  made.rows.set(row.name, made_row);
  return made_row;
}

function put(made_row, value) {
  made_row.value = value;
  made_row.number.value = written(value);
  made_row.range.value = nearest(made_row.row.stops, value);
  dress(made_row);
}

function dress(made_row) {
  const { row, range, line, mark, value } = made_row;
  range.setAttribute("aria-valuetext", `${row.before}${written(value)}${row.after}`);
  range.style.setProperty("--share", Number(range.value) / (row.stops.length - 1));
  mark.style.setProperty("--share", share(row.stops, row.usual));
  line.classList.toggle("changed", Math.abs(value - row.usual) > 1e-9);
}

function change(made, made_row, restMs = REST_MS) {
  made.at = Date.now();
  made.changed.set(made_row.row.name, { value: made_row.value, at: made.at });
  clearTimeout(made.timer);
  made.timer = setTimeout(() => {
    const values = Object.fromEntries([...made.changed].map(([name, { value }]) => [name, value]));
    made.say("changed", { at: made.at, values });
  }, restMs);
}

export default function ({ parentElement, data, setTriggerValue }) {
  const made = shown.get(parentElement) ?? begin(parentElement);
  made.say = setTriggerValue;
  for (const [name, { at }] of made.changed) if (at <= data.heard) made.changed.delete(name);
  for (const row of data.rows) {
    const made_row = made.rows.get(row.name) ?? addRow(made, row);
    made_row.row = row;
    made_row.label.title = row.help;
    made_row.before.textContent = row.before;
    made_row.after.textContent = row.after;
    Object.assign(made_row.number, { min: row.low, max: row.high });
    made_row.range.max = row.stops.length - 1;
    made_row.range.setAttribute("aria-label", row.label);
    made_row.range.disabled = made_row.number.disabled = row.disabled;
    made_row.line.classList.toggle("at-rest", row.disabled);
    // A hand on the thumb, a half-typed number or a change on its way comes before what the page says.
    const busy = made.changed.has(row.name) || made_row.typing || made_row.range.matches(":active");
    if (!busy) put(made_row, row.value);
    else dress(made_row);
  }
  return () => {
    clearTimeout(made.timer);
    made.host.remove();
    shown.delete(parentElement);
  };
}
