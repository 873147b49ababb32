/* The handle between two maps that lie one over the other (app/compare/page.py): it sets --swipe on the box around them,
   which clips the upper one. A slider for the keyboard too: arrows, Page Up and Page Down, Home, End. */
const STEP = 2, LEAP = 10, REST_MS = 300;

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".swipe"), handle = root.querySelector("[role=slider]");
  const send = openBox(root, data, setTriggerValue), box = root.closest(".st-key-compare_maps");
  handle.hidden = !data.on;
  handle.setAttribute("aria-label", data.label);
  const show = (value) => {
    root.value = Math.min(100, Math.max(0, value));
    handle.setAttribute("aria-valuenow", Math.round(root.value));
    handle.setAttribute("aria-valuetext", data.told.replace("{n}", Math.round(root.value)));
    box.style.setProperty("--swipe", `${root.value}%`);
  };
  const rest = () => { clearTimeout(root.timer); root.timer = setTimeout(() => send("swipe", String(Math.round(root.value))), REST_MS); };
  // What the reader does meanwhile leads; Python's value counts when it is another one than before.
  if (root.told !== data.value) { root.told = data.value; show(data.value); }

  handle.onkeydown = (event) => {
    const by = { ArrowLeft: -STEP, ArrowDown: -STEP, ArrowRight: STEP, ArrowUp: STEP, PageDown: -LEAP, PageUp: LEAP, Home: -100, End: 100 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    show(root.value + by);
    rest();
  };
  handle.onpointerdown = (event) => { event.preventDefault(); handle.focus({ preventScroll: true }); handle.setPointerCapture(event.pointerId); root.dragged = true; };
  handle.onpointermove = (event) => {
    if (!root.dragged) return;
    const { left, width } = box.getBoundingClientRect();
    show((event.clientX - left) / width * 100);
  };
  handle.onpointerup = handle.onpointercancel = () => { if (root.dragged) { root.dragged = false; rest(); } };
}
