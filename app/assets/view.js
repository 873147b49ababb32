/* A view made by Python (app/markup.py): shows its HTML and reports what the reader does.
   Elements with data-event report {type, value}; the HTML is escaped by the template, never here. */
const WAIT_MS = 160, INSIST_MS = 1500;
const saved = new Set();   // ids of files: one is sent until Python knows that it has come
let wentBack = null, arrived = null;

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".atlas-view");
  const post = openBox(root, data, setTriggerValue);
  const search = (box, type = "search") => { clearTimeout(root.timer); root.timer = 0; post(type, box.value, { extent: extentOf() }); };
  const send = (type, value) => {
    // What is typed goes first, and what else is done may change what stands in a field.
    if (root.timer) search(root.seek);
    root.querySelectorAll("input").forEach((node) => { node.typed = false; });
    root.touched = true;
    post(type, value, { extent: extentOf() });
  };

  if (data.name === "language") {
    // One listener, of the view that is there now: Streamlit runs the script on Back and Forward, but with its old state.
    window.removeEventListener("popstate", wentBack);
    wentBack = () => { if (root.isConnected && pageNow() === data.page) { send("address", window.location.search); insist(root, setTriggerValue); } else arrived = window.location.search; };
    window.addEventListener("popstate", wentBack);
    // Another page than that is there only now.
    if (arrived !== null && pageNow() === data.page) { send("address", arrived); arrived = null; }
  }
  root.className = `atlas-view ${data.name}`;
  lay(root, data.html, () => {
    // For screen readers, and for how lines break.
    const spoken = root.querySelector('[data-event="lang"][aria-pressed="true"]');
    if (spoken) document.documentElement.lang = spoken.dataset.value === "en" ? "en" : "zh-CN";
  });
  if (data.file && !saved.has(data.file.id)) {
    saved.add(data.file.id);
    save(data.file);
    post("saved", data.file.id);
  }

  root.onclick = (event) => {
    const node = event.target.closest("[data-event]");
    if (!node || node.matches("select,input")) return;
    if (node.dataset.event === "copy") copy(node);
    else if (node.dataset.event === "find") openSearch();
    else send(node.dataset.event, node.dataset.value || "");
  };
  root.onchange = (event) => {
    const node = event.target.closest("[data-event]");
    if (node && node.matches("select,input[type=checkbox],input[type=text]")) send(node.dataset.event, node.dataset.value || node.value);
  };
  root.oninput = (event) => {
    if (event.target.type !== "search") return;
    clearTimeout(root.timer);
    root.seek = event.target;
    root.timer = setTimeout(search, WAIT_MS, root.seek);
  };
  root.onfocusout = (event) => { if (root.timer && event.target === root.seek) search(root.seek); };
  root.onkeydown = (event) => {
    // What chooses among the characters of an input method is no key of ours.
    if (event.isComposing) return;
    const list = [...root.querySelectorAll(".results button")], at = list.indexOf(document.activeElement), box = event.target.type === "search" ? event.target : null;
    if (event.key === "Escape") {
      if (box && box.value) { box.value = ""; search(box); } else send("clear", "");
    }
    if (event.key === "Enter" && box) { box.typed = false; root.touched = true; search(box, "search_first"); }
    if (event.key === "ArrowDown" && list.length && (at >= 0 || box)) { event.preventDefault(); list[Math.min(at + 1, list.length - 1)].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (list[at - 1] || root.querySelector("input[type=search]")).focus(); }
  };
}

/** Tell of Back again until Python has seen it: Streamlit runs the script for Back too, and one of two runs may be passed by. */
function insist(root, setTriggerValue, left = 3) {
  clearTimeout(root.insisting);
  root.insisting = setTimeout(() => {
    if (!root.isConnected || !root.box.some((event) => event.type === "address")) return;
    setTriggerValue("event", { events: root.box });
    if (left > 1) insist(root, setTriggerValue, left - 1);
  }, INSIST_MS);
}

/** What the map shows now, as west,south,east,north; app/map/atlas.js writes it on its frame. */
const extentOf = () => document.querySelector("iframe[data-extent]")?.dataset.extent || "";

/** Open the side panel if it is closed, and put the cursor into its search box once that is there. */
function openSearch(left = 20) {
  const box = document.querySelector("#atlas-search"), closed = document.querySelector('[data-testid="stSidebar"][aria-expanded="false"]');
  if (box && !box.closest('[data-testid="stSidebar"]')) { box.focus(); return; }
  if (left === 20) document.querySelector('[data-testid="stExpandSidebarButton"]')?.click();
  if (box && !closed && box.getBoundingClientRect().left >= 0) box.focus();
  else if (left) setTimeout(openSearch, 50, left - 1);
}

function copy(node) {
  const text = window.location.href, done = () => { const before = node.textContent; node.textContent = node.dataset.done; setTimeout(() => { node.textContent = before; }, 1600); };
  const byHand = () => {
    // Without https a browser offers no clipboard to scripts; a chosen text can still be copied.
    const area = Object.assign(document.createElement("textarea"), { value: text });
    document.body.append(area); area.select(); document.execCommand("copy"); area.remove(); done();
  };
  if (navigator.clipboard && window.isSecureContext) navigator.clipboard.writeText(text).then(done, byHand);
  else byHand();
}

function save(file) {
  const bytes = Uint8Array.from(atob(file.base64), (c) => c.charCodeAt(0));
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(new Blob([bytes], { type: file.mime })), download: file.name });
  document.body.append(link); link.click(); link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
