// Stands beside the canvas, whose elements lie in another component's shadow root. Whatever is missing there, the canvas goes on
// by itself.

const LOOK_MS = 300; // the canvas may be set up after this, and again with another theme or mode
const BUSY_MS = 1500; // after so long a picture is sent though the page is still at work
const FLUSH_MS = 20; // after the pen has left: by then the canvas has the stroke
const STEP = 8, SMALL_STEP = 2; // of an arrow key, in hundredths of the canvas' height
const STYLE = `
.dc-toolbar { display: none !important }
.upper-canvas:focus { outline: none }
.upper-canvas:focus-visible { outline: 3px solid var(--st-primary-color, #e5484d); outline-offset: -3px }
.pen-place { position: absolute; z-index: 15; width: 18px; height: 18px; margin: -9px 0 0 -9px; border-radius: 50%;
  border: 3px solid var(--st-primary-color, #e5484d); pointer-events: none; box-sizing: border-box }
.pen-place.down { background: var(--st-primary-color, #e5484d) }
.pen-place[hidden] { display: none }`;

const pens = new WeakMap(); // Streamlit's element -> its pen

// The answer to the last picture is on the page once its script has ended.
const atWork = () => document.querySelector(".stApp")?.dataset.testScriptState === "running";

function shadowOf(board) {
  const hosts = document.querySelector(`.${board}`)?.querySelectorAll("*") ?? [];
  for (const { shadowRoot } of hosts) if (shadowRoot?.querySelector(".upper-canvas")) return shadowRoot;
}

class Pen {
  constructor() {
    this.looking = setInterval(() => this.attach(), LOOK_MS);
    this.up = () => this.lift();
    for (const each of ["pointerup", "pointercancel"]) addEventListener(each, this.up, true);
  }

  attach() {
    try {
      if (this.upper?.isConnected) return;
      const root = shadowOf(this.data.board);
      if (!root) return;
      this.root = root;
      this.lower = root.querySelector(".lower-canvas");
      this.upper = root.querySelector(".upper-canvas");
      if (!root.querySelector("style.pen")) {
        const style = document.createElement("style");
        style.className = "pen";
        style.textContent = STYLE;
        root.append(style);
      }
      this.upper.addEventListener("pointerdown", () => this.press());
      this.upper.addEventListener("pointermove", () => (this.moved = this.isDown));
      this.keyboard();
    } catch (error) {
      console.warn("The canvas has no companion:", error);
    }
  }

  press() {
    this.isDown = true;
    this.moved = false;
    clearInterval(this.ticking);
    this.ticking = setInterval(() => this.tick(), this.data.every_ms / 2);
  }

  tick() {
    const since = performance.now() - (this.sentAt ?? 0);
    if (!this.isDown || !this.moved || since < this.data.every_ms || (atWork() && since < BUSY_MS)) return;
    this.moved = false;
    this.sentAt = performance.now();
    try {
      const [width, height] = this.data.size;
      this.small ??= Object.assign(document.createElement("canvas"), { width, height });
      const pen = this.small.getContext("2d", { willReadFrequently: true });
      for (const each of [this.lower, this.upper]) pen.drawImage(each, 0, 0, width, height);
      this.say("drawn", this.small.toDataURL("image/png"));
    } catch (error) {
      console.warn("The drawing could not be sent:", error);
    }
  }

  // The canvas' own button for it sends the stroke at once; by itself it would wait for 200 ms.
  lift() {
    if (!this.isDown) return;
    this.isDown = false;
    clearInterval(this.ticking);
    setTimeout(() => this.root?.querySelector(".dc-toolbar button")?.click(), FLUSH_MS);
  }

  // Arrow keys move the pen, the space bar sets it down and lifts it.
  keyboard() {
    const { upper, root } = this;
    const place = document.createElement("div");
    place.className = "pen-place";
    place.hidden = true;
    upper.parentElement.append(place);
    upper.tabIndex = 0;
    upper.setAttribute("role", "application");
    upper.setAttribute("aria-label", "Canvas. Arrow keys move the pen, the space bar sets it down and lifts it.");
    let [x, y, down] = [upper.width / 2, upper.height / 4, false];
    const mouse = (type, target) => {
      const box = upper.getBoundingClientRect();
      const clientX = box.left + (x * box.width) / upper.width;
      const clientY = box.top + (y * box.height) / upper.height;
      target.dispatchEvent(new MouseEvent(type, { bubbles: true, composed: true, cancelable: true, clientX, clientY, buttons: 1 }));
    };
    const show = () => {
      place.hidden = root.activeElement !== upper || !upper.matches(":focus-visible");
      place.classList.toggle("down", down);
      Object.assign(place.style, { left: `${x}px`, top: `${y}px` });
    };
    const toggle = () => {
      down = !down;
      mouse(down ? "mousedown" : "mouseup", down ? upper : document);
      if (down) this.press();
      else this.lift();
    };
    const ways = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    upper.addEventListener("focus", show);
    upper.addEventListener("blur", () => {
      if (down) toggle();
      show();
    });
    upper.addEventListener("keydown", (event) => {
      const way = ways[event.key];
      if ((!way && event.key !== " ") || event.ctrlKey || event.metaKey || event.altKey) return;
      event.preventDefault();
      event.stopPropagation();
      if (way) {
        const far = (upper.height * (event.shiftKey ? SMALL_STEP : STEP)) / 100;
        x = Math.min(Math.max(x + way[0] * far, 0), upper.width);
        y = Math.min(Math.max(y + way[1] * far, 0), upper.height);
        mouse("mousemove", down ? document : upper);
        this.moved = down;
      } else toggle();
      show();
    });
  }

  close() {
    clearInterval(this.looking);
    clearInterval(this.ticking);
    for (const each of ["pointerup", "pointercancel"]) removeEventListener(each, this.up, true);
  }
}

export default function ({ parentElement, data, setTriggerValue }) {
  const pen = pens.get(parentElement) ?? new Pen();
  pens.set(parentElement, pen);
  pen.data = data;
  pen.say = setTriggerValue;
  pen.attach();
  return () => {
    pen.close();
    pens.delete(parentElement);
  };
}
