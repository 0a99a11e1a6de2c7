// What a page needs of the browser around it: its look, words for a screen reader, the focus, a sound at the end of a run.

const LOOK = "digitlab-look"; // light, dark, projector, or nothing: as the computer is set
const SOUND = "digitlab-sound";
const PHONE = "(max-width: 767px)";
const NAMES = { light: "Light", dark: "Dark", projector: "Light" }; // as Streamlit keeps its own theme

function kept(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return null; // a browser that keeps nothing
  }
}

// Streamlit keeps its theme by the path that was opened, so each page gets it: a reload may happen on any.
function keepTheme(paths) {
  const look = kept(LOOK);
  const page = document.documentElement;
  if (page.dataset.look !== (look ?? "system")) page.dataset.look = look ?? "system"; // each writing styles the page anew
  if (!look) return false;
  const wanted = JSON.stringify(NAMES[look] ?? "System");
  const key = (path) => `stActiveTheme-${path}-v2`;
  const changed = localStorage.getItem(key(location.pathname)) !== wanted;
  for (const path of [...paths, location.pathname]) localStorage.setItem(key(path), wanted);
  return changed;
}

function beep() {
  const context = new AudioContext();
  const gain = context.createGain();
  gain.connect(context.destination);
  gain.gain.value = 0.08;
  [660, 880].forEach((hertz, place) => {
    const tone = context.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(gain);
    tone.start(context.currentTime + 0.18 * place);
    tone.stop(context.currentTime + 0.18 * place + 0.14);
  });
  setTimeout(() => context.close(), 1000);
}

// A press on a page's link closes the navigation of a phone; the name of what was focused last outlives its removal.
function watchWindow() {
  if (window.digitlabWatched) return;
  window.digitlabWatched = true;
  document.addEventListener("click", ({ target }) => {
    if (!target.closest?.('[data-testid="stSidebar"] [data-testid="stPageLink"]') || !matchMedia(PHONE).matches) return;
    setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click(), 0);
  });
  document.addEventListener("click", ({ target }) => {
    const pressed = target.closest?.(".stMain button");
    if (!pressed) return;
    const around = [];
    for (let part = pressed.parentElement; part && !part.matches(".stMain"); part = part.parentElement) around.push(part);
    let looks = 8;
    const look = () => {
      if (document.activeElement !== document.body && document.activeElement !== pressed) return;
      if (!pressed.isConnected) {
        const near = around.find((part) => part.isConnected);
        focusOn(near?.querySelector("button:not(:disabled), a[href], input:not(:disabled)") ?? heading());
      } else if (looks-- > 0) setTimeout(look, 400);
    };
    setTimeout(look, 400);
  });
  // Streamlit's words for a server that has gone name a file that there is not.
  new MutationObserver(() => {
    for (const code of document.querySelectorAll('[role="dialog"] code')) {
      if (!code.textContent.includes("yourscript.py")) continue;
      const words = code.closest('[role="dialog"]').querySelector("p, [data-testid='stMarkdownContainer']");
      code.textContent = "make run";
      const said = [...code.closest('[role="dialog"]').querySelectorAll("*")].find(
        (part) => part.children.length === 0 && part.textContent.includes("Is Streamlit still running"),
      );
      (said ?? words ?? code).textContent =
        "The Digit Lab server has stopped. Start it again in its folder; this page then goes on by itself:";
    }
  }).observe(document.body, { childList: true });
}

const heading = () => document.querySelector(".stMain h1");

function focusOn(part) {
  if (!part) return;
  if (!part.matches("button, a, input")) part.tabIndex = -1;
  part.focus({ preventScroll: true });
}

// The first visit keeps the browser's own place; after a change of page, reading begins with the new title.
let visit = null;

function movedTo(now) {
  const before = visit;
  visit = now;
  if (before === null || before === now) return;
  let looks = 10;
  const look = () => {
    const title = heading();
    const free = document.activeElement === document.body || document.activeElement?.closest('[data-testid="stSidebar"]');
    if (title && free) focusOn(title);
    else if (!title && looks-- > 0) setTimeout(look, 100);
  };
  setTimeout(look, 100);
}

function drawLooks(root, paths) {
  for (const button of root.querySelectorAll("[data-look]")) {
    const look = button.dataset.look;
    button.setAttribute("aria-pressed", String((kept(LOOK) ?? "system") === look));
    button.onclick = () => {
      if (look === "system") {
        localStorage.removeItem(LOOK);
        for (const path of [...paths, location.pathname]) localStorage.removeItem(`stActiveTheme-${path}-v2`);
      } else localStorage.setItem(LOOK, look);
      keepTheme(paths);
      location.reload(); // Streamlit reads its theme when it starts
    };
  }
  const sound = root.querySelector("[data-sound]");
  sound.setAttribute("aria-pressed", String(kept(SOUND) === "on"));
  sound.onclick = () => {
    const on = kept(SOUND) !== "on";
    localStorage.setItem(SOUND, on ? "on" : "off");
    sound.setAttribute("aria-pressed", String(on));
    if (on) beep();
  };
}

// A press puts the address of the page, as it is at that moment, on the clipboard.
function drawLink(root, shown) {
  const place = root.querySelector(".link");
  place.hidden = !shown;
  const said = place.querySelector("[role=status]");
  const field = place.querySelector("input");
  place.querySelector("[data-copy]").onclick = async () => {
    field.hidden = true;
    try {
      await navigator.clipboard.writeText(location.href); // only over https, or on this computer
    } catch {
      field.value = location.href;
      field.hidden = false;
      field.select();
      if (!document.execCommand("copy")) {
        said.textContent = "Copy it from here:";
        return;
      }
      field.hidden = true;
    }
    said.textContent = "Copied";
    setTimeout(() => (said.textContent = ""), 4000);
  };
}

// The first pages of a visit bring the style sheet. It stays in the document, for a change of page that takes one out and puts
// another in has the browser style everything anew.
function keepStyle() {
  const name = "digitlab-style";
  if (document.getElementById(name)) return;
  const brought = [...document.querySelectorAll(".stApp style")].find((style) => style.textContent.includes("--digitlab-style"));
  if (!brought) return;
  const kept = document.createElement("style");
  kept.id = name;
  kept.textContent = brought.textContent;
  document.body.append(kept);
}

// An idle page asks every few seconds whether a run was queued or has ended, in some hundred bytes, and is drawn anew if so: also when
// it comes back from the background. What is drawn again and again while a run trains asks as well, for one that is queued.
const TURN_MS = 2500;
let turn = null;
let asked = null;
let tell = null;

async function lookForNews(address) {
  if (document.hidden) return;
  try {
    const answer = await fetch(address, { cache: "no-store" });
    if (!answer.ok || !answer.headers.get("content-type")?.includes("json")) return;
    const now = (await answer.json()).turn;
    if (now === turn || now === asked) return;
    asked = now;
    tell(now);
  } catch {
    // the server has gone, of which Streamlit speaks
  }
}

function followRuns(address, now, setTriggerValue) {
  turn = now;
  tell = (value) => setTriggerValue("turned", value);
  if (window.digitlabFollows) return;
  window.digitlabFollows = true;
  setInterval(() => lookForNews(address), TURN_MS);
  document.addEventListener("visibilitychange", () => lookForNews(address));
}

let ended = null;

export default function ({ parentElement, data, setTriggerValue }) {
  watchWindow();
  if (data.paths) {
    const folder = new URL(".", document.baseURI).pathname;
    const paths = data.paths.map((path) => folder + path);
    keepStyle();
    keepTheme(paths);
    drawLink(parentElement, data.links);
    drawLooks(parentElement, paths);
    movedTo(data.visit);
    followRuns(folder + data.asks, data.turn, setTriggerValue);
  } else {
    const said = parentElement.querySelector("[role=status]");
    if (said.textContent !== data.said) said.textContent = data.said;
    if (data.ended && data.ended !== ended && kept(SOUND) === "on") beep();
    ended = data.ended;
  }
}
