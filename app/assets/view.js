/* A view made by Python (app/markup.py): shows its HTML, keeps focus and typed text, and reports what the reader does.
   Elements with data-event report {type, value}; the HTML is escaped by the template, never here. */
const WAIT_MS = 160;
let wentBack = null;

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".atlas-view");
  const post = openBox(root, data, setTriggerValue);
  const send = (type, value) => post(type, value, { extent: extentOf() });

  if (data.name === "language") {
    // One listener, of the view that is there now: Streamlit runs the script on Back and Forward, but with its old state.
    window.removeEventListener("popstate", wentBack);
    const page = window.location.pathname;
    wentBack = () => { if (root.isConnected && window.location.pathname === page) send("address", window.location.search); };
    window.addEventListener("popstate", wentBack);
  }
  root.className = `atlas-view ${data.name}`;
  if (root.shownHtml !== data.html) {
    const active = document.activeElement, held = root.contains(active) && active.id ? active : null;
    const kept = held && { id: held.id, value: held.value, from: held.selectionStart, to: held.selectionEnd };
    const scroll = [...root.querySelectorAll("[data-scroll]")].map((node) => node.scrollTop);
    root.innerHTML = data.html;
    root.shownHtml = data.html;
    root.querySelectorAll("[data-scroll]").forEach((node, i) => { node.scrollTop = scroll[i] || 0; });
    const again = kept && root.querySelector(`#${CSS.escape(kept.id)}`);
    if (again) {
      // While the reader types, the box holds what was typed since; after a choice it holds what Python says.
      const typing = again.type === "search" && root.last === "search";
      if (typing) again.value = kept.value;
      again.focus({ preventScroll: true });
      if (typing) again.setSelectionRange(kept.from, kept.to);
    }
  }
  if (data.file && root.savedFile !== data.file.id) {
    root.savedFile = data.file.id;
    save(data.file);
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
    root.timer = setTimeout(() => send("search", event.target.value), WAIT_MS);
  };
  root.onkeydown = (event) => {
    const list = [...root.querySelectorAll(".results button")], at = list.indexOf(document.activeElement);
    if (event.key === "Escape") {
      if (event.target.type === "search" && event.target.value) { event.target.value = ""; clearTimeout(root.timer); send("search", ""); }
      else send("clear", "");
    }
    if (event.key === "Enter" && event.target.type === "search") { clearTimeout(root.timer); send("search_first", event.target.value); }
    if (event.key === "ArrowDown" && list.length && (at >= 0 || event.target.type === "search")) { event.preventDefault(); list[Math.min(at + 1, list.length - 1)].focus(); }
    if (event.key === "ArrowUp" && at >= 0) { event.preventDefault(); (list[at - 1] || root.querySelector("input[type=search]")).focus(); }
  };
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
