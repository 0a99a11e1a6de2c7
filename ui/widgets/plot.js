// A Plotly figure that is brought up to date in place: `Plotly.react` keeps the zoom, and nothing blinks.

let library; // one for all figures of the browser window

function plotly(bundle) {
  library ??= load(bundle).catch((error) => {
    library = undefined; // the next figure tries again
    throw error;
  });
  return library;
}

async function load(bundle) {
  const packed = await fetch(bundle);
  if (!packed.ok) throw new Error(`${bundle}: ${packed.status}`);
  const source = await new Response(packed.body.pipeThrough(new DecompressionStream("gzip"))).blob();
  const script = document.createElement("script");
  script.src = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  await new Promise((resolve, reject) => {
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  URL.revokeObjectURL(script.src);
  return window.Plotly;
}

// Streamlit's colours and letters; what the figure says for itself comes before these.
function themed(host) {
  const style = getComputedStyle(host);
  const value = (name) => style.getPropertyValue(`--st-${name}`).trim();
  const axis = {
    gridcolor: value("border-color-light"),
    linecolor: value("border-color"),
    zerolinecolor: value("border-color-light"),
    automargin: true,
  };
  return {
    layout: {
      font: { color: value("text-color"), family: value("font"), size: 12 * (parseFloat(getComputedStyle(document.documentElement).fontSize) / 16) },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: axis,
      yaxis: axis,
      hoverlabel: { bgcolor: value("secondary-background-color"), font: { color: value("text-color") } },
      newselection: { line: { color: value("text-color"), width: 2 } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: value("text-color"), activecolor: value("primary-color") },
    },
  };
}

const shown = new WeakMap(); // Streamlit's element -> what stands in it

function begin(parentElement) {
  const host = document.createElement("div");
  host.className = "plot";
  host.role = "figure"; // not an img: what can be focused stands in it
  parentElement.append(host);
  const plot = { host, size: "", drawn: Promise.resolve() };
  plot.observer = new ResizeObserver(() => {
    const size = `${host.clientWidth} ${host.clientHeight}`;
    if (plot.library && host.clientWidth && size !== plot.size) plot.library.Plots.resize(host);
    plot.size = size;
  });
  shown.set(parentElement, plot);
  return plot;
}

const IMAGE_SCALE = 4;

// A point's image and text, in a small element beside it that takes no press.
function picture(plot, point) {
  const { sprite, host } = plot;
  if (!sprite || point?.customdata == null || !point.bbox) return;
  if (!plot.float?.isConnected) {
    plot.float = document.createElement("div");
    plot.float.className = "plot-picture";
    plot.float.append(document.createElement("div"), document.createElement("span"));
    host.append(plot.float);
  }
  const [image, text] = plot.float.children;
  const side = sprite.side_px * IMAGE_SCALE;
  const column = point.customdata % sprite.columns;
  const row = Math.floor(point.customdata / sprite.columns);
  Object.assign(image.style, {
    width: `${side}px`,
    height: `${side}px`,
    backgroundImage: `url("${new URL(sprite.address, document.baseURI)}")`,
    backgroundSize: `${side * sprite.columns}px auto`,
    backgroundPosition: `${-side * column}px ${-side * row}px`,
  });
  text.textContent = point.text ?? "";
  plot.float.hidden = false;
  const { offsetWidth: width, offsetHeight: height } = plot.float;
  const gap = 10;
  const right = point.bbox.x1 + gap;
  const left = right + width <= host.clientWidth ? right : Math.max(point.bbox.x0 - gap - width, 0);
  const top = Math.min(Math.max((point.bbox.y0 + point.bbox.y1 - height) / 2, 0), Math.max(host.clientHeight - height, 0));
  plot.float.style.transform = `translate(${left}px, ${top}px)`;
}

const STILL_PX = 4, AFTER_PRESS_MS = 60;

// Plotly forgets what the pointer is on whenever it redraws, and with it a press that follows or is under way. So a figure waits for
// the end of a press, and of a heatmap the cell is found without Plotly where it says nothing.
function watchPresses(plot) {
  const { host } = plot;
  host.addEventListener("pointerdown", (down) => {
    plot.pressed = false;
    const up = new Promise((resolve) => {
      for (const end of ["pointerup", "pointercancel"]) addEventListener(end, resolve, { once: true, capture: true });
    });
    plot.held = up.then(async (end) => {
      await new Promise((resolve) => setTimeout(resolve, AFTER_PRESS_MS));
      const still = end.type === "pointerup" && Math.hypot(end.clientX - down.clientX, end.clientY - down.clientY) < STILL_PX;
      if (!still || plot.pressed || host._fullData?.[0]?.type !== "heatmap") return;
      const { left, top } = host.getBoundingClientRect();
      const { xaxis, yaxis } = host._fullLayout;
      const [x, y] = [xaxis.p2d(end.clientX - left - xaxis._offset), yaxis.p2d(end.clientY - top - yaxis._offset)];
      if (x !== undefined && y !== undefined) plot.say("clicked", { x, y, id: null });
    });
  }, true);
}

function listen(plot) {
  const { host } = plot;
  watchPresses(plot);
  host.on("plotly_click", ({ points: [point] }) => {
    plot.pressed = true;
    picture(plot, point); // a tap has no hover before it
    plot.say("clicked", { x: point.x, y: point.y, id: typeof point.customdata === "number" ? point.customdata : null });
  });
  host.on("plotly_hover", ({ points: [point] }) => picture(plot, point));
  host.on("plotly_unhover", () => plot.float && (plot.float.hidden = true));
  const choose = (ids) => {
    // A redraw tells a choice again, or undoes it where the points have moved: neither was a person.
    if (plot.select && !plot.redrawing) plot.say("selected", { ids });
  };
  host.on("plotly_selected", (choice) => choice && choose(choice.points.map(({ customdata }) => customdata)));
  host.on("plotly_deselect", () => choose([]));
}

async function draw(plot, { figure, bundle, zoom, select, sprite, theme }) {
  Object.assign(plot, { select, sprite });
  if (plot.figure === figure && plot.theme === theme) return; // a page that polls says the same thing again and again
  const { data, layout } = JSON.parse(figure);
  // Before the first drawing, so that what follows does not jump. Without a height of its own the page's style says it.
  plot.host.style.height = layout.height ? `${layout.height}px` : "";
  let library;
  try {
    library = await plotly(bundle);
  } catch (error) {
    plot.host.textContent = "This chart could not be loaded. Reload the page to try again.";
    throw error;
  }
  if (!plot.host.isConnected) return;
  layout.template = themed(plot.host);
  // A finger that drags would choose points where it wants to move the page: there the lasso waits to be pressed.
  const coarse = matchMedia("(pointer: coarse)").matches;
  if (select && coarse) layout.dragmode = false;
  const config = {
    displaylogo: false,
    showSendToCloud: false, // a button that would upload the chart to another company
    displayModeBar: select || (zoom && !coarse ? "hover" : false), // a finger has no hover: it would cover the legend
    modeBarButtonsToRemove: ["autoScale2d", ...(select ? ["toImage", "zoomIn2d", "zoomOut2d"] : ["select2d", "lasso2d"])],
  };
  await plot.held;
  plot.redrawing = true;
  await library.react(plot.host, data, layout, config).finally(() => (plot.redrawing = false));
  Object.assign(plot, { figure, theme });
  if (plot.library) return;
  plot.library = library;
  plot.observer.observe(plot.host);
  listen(plot);
}

// Safari before 26 has no idle callback.
const whenIdle = window.requestIdleCallback ?? ((task) => setTimeout(task, 300));

export default function ({ parentElement, data, setTriggerValue }) {
  if (!data.figure) {
    whenIdle(() => plotly(data.bundle).catch(() => {})); // a figure tries again, and says what is wrong
    return;
  }
  const plot = shown.get(parentElement) ?? begin(parentElement);
  plot.host.setAttribute("aria-label", data.alt);
  plot.say = setTriggerValue;
  plot.drawn = plot.drawn.catch(() => {}).then(() => draw(plot, data)); // one after the other
  return () => {
    plot.observer.disconnect();
    plot.library?.purge(plot.host);
    plot.host.remove();
    shown.delete(parentElement);
  };
}
