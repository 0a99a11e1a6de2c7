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
      font: { color: value("text-color"), family: value("font"), size: 12 },
      paper_bgcolor: "rgba(0,0,0,0)",
      plot_bgcolor: "rgba(0,0,0,0)",
      xaxis: axis,
      yaxis: axis,
      hoverlabel: { bgcolor: value("secondary-background-color"), font: { color: value("text-color") } },
      modebar: { bgcolor: "rgba(0,0,0,0)", color: value("text-color"), activecolor: value("primary-color") },
    },
  };
}

const shown = new WeakMap(); // Streamlit's element -> what stands in it

function begin(parentElement) {
  const host = document.createElement("div");
  host.className = "plot";
  host.role = "img";
  parentElement.append(host);
  const plot = { host, width: 0, drawn: Promise.resolve() };
  plot.observer = new ResizeObserver(() => {
    if (plot.library && host.clientWidth && host.clientWidth !== plot.width) plot.library.Plots.resize(host);
    plot.width = host.clientWidth;
  });
  shown.set(parentElement, plot);
  return plot;
}

async function draw(plot, { figure, bundle, zoom, theme }) {
  if (plot.figure === figure && plot.theme === theme) return; // a page that polls says the same thing again and again
  const { data, layout } = JSON.parse(figure);
  plot.host.style.height = `${layout.height}px`; // before the first drawing, so that what follows does not jump
  let library;
  try {
    library = await plotly(bundle);
  } catch (error) {
    plot.host.textContent = "This chart could not be loaded. Reload the page to try again.";
    throw error;
  }
  if (!plot.host.isConnected) return;
  layout.template = themed(plot.host);
  const config = { displaylogo: false, displayModeBar: zoom ? "hover" : false, modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d"] };
  await library.react(plot.host, data, layout, config);
  Object.assign(plot, { figure, theme });
  if (plot.library) return;
  plot.library = library;
  plot.observer.observe(plot.host);
  plot.host.on("plotly_click", ({ points: [point] }) => plot.clicked("clicked", { x: point.x, y: point.y }));
}

export default function ({ parentElement, data, setTriggerValue }) {
  const plot = shown.get(parentElement) ?? begin(parentElement);
  plot.host.setAttribute("aria-label", data.alt);
  plot.clicked = setTriggerValue;
  plot.drawn = plot.drawn.catch(() => {}).then(() => draw(plot, data)); // one after the other
  return () => {
    plot.observer.disconnect();
    plot.library?.purge(plot.host);
    plot.host.remove();
    shown.delete(parentElement);
  };
}
