/* How a view's new HTML comes into the page; app/markup.py puts this before each view's own script. What stays keeps its
   node, and with it focus, caret, scrolling and an open list. Nothing changes under a press, for a button that goes between
   press and release is never clicked; nor for what was made before Python had seen what the reader has done since. */
const LONGEST_WAIT_MS = 3000, RELEASE_MS = 100;
const TYPED = "textarea, input[type=search], input[type=text]";

/** Lay `html` into a view, at once or as soon as nothing speaks against it; then call `then`. */
function lay(root, html, then = () => {}) {
  if (!root.watched) watch(root);
  root.next = { html, then };
  root.waiting = root.waiting || Date.now();
  layNext(root);
}

function layNext(root) {
  clearTimeout(root.laying);
  const left = root.waiting + LONGEST_WAIT_MS - Date.now();
  // Answers to a search may come while the reader types on.
  const typing = root.contains(document.activeElement) && document.activeElement.matches(TYPED);
  if (left > 0 && (root.pressed || root.box.some((event) => !(typing && event.type === "search")))) { root.laying = setTimeout(layNext, left, root); return; }
  if (!root.next) return;
  const { html, then } = root.next;
  root.next = root.waiting = null;
  if (root.shownHtml !== html || root.touched) {
    const fresh = document.createElement("template"), active = document.activeElement, held = root.contains(active) ? active : null;
    fresh.innerHTML = html;
    named = new WeakMap();
    matchChildren(root, fresh.content);
    root.shownHtml = html;
    root.touched = false;
    // What was moved has lost the focus, and what is gone leaves it to what bears its name, or to the box it was found by.
    if (held && document.activeElement !== held) {
      const heir = (held.id && root.querySelector(`#${CSS.escape(held.id)}`)) || (held.isConnected ? held : root.querySelector("input[type=search]"));
      heir?.focus({ preventScroll: true });
    }
  }
  then();
}

/** Know of presses and of typing in a view. */
function watch(root) {
  root.watched = true;
  const begin = () => {
    const ended = new AbortController();
    const end = () => { ended.abort(); setTimeout(() => { root.pressed = false; layNext(root); }, RELEASE_MS); };
    root.pressed = true;
    for (const name of ["pointerup", "pointercancel", "keyup", "blur"]) window.addEventListener(name, end, { signal: ended.signal });
  };
  root.addEventListener("pointerdown", (event) => { if (event.button === 0) begin(); });
  root.addEventListener("keydown", (event) => { if (event.key === " " && !event.target.matches(TYPED)) begin(); });
  root.addEventListener("input", (event) => { if (event.target.matches(TYPED)) event.target.typed = true; });
}

/** Give a node the children of another: those that mean the same stay, the others come and go. */
function matchChildren(node, wanted) {
  const left = [...node.childNodes], pairs = [...wanted.childNodes].map((each) => [each, null]);
  for (const pair of pairs) {
    const at = left.findIndex((each) => isSame(each, pair[0]));
    if (at >= 0) [pair[1]] = left.splice(at, 1);
  }
  left.forEach((each) => each.remove());
  let here = node.firstChild;
  for (const [fresh, old] of pairs) {
    if (old && old === here) here = here.nextSibling;
    else node.insertBefore(old || fresh, here);
    if (old) matchNode(old, fresh);
  }
}

/** Whether two nodes mean the same: elements that bear one name, and hold named ones in common or none. */
function isSame(old, fresh) {
  if (old.nodeName !== fresh.nodeName) return false;
  const [own, ...inside] = namesOf(old), [wanted, ...others] = namesOf(fresh);
  return own === wanted && (inside.length && others.length ? inside.some((each) => others.includes(each)) : inside.length === others.length);
}

/** What an element is called, by its id or by what it does ("" if by neither), and what those in it are. */
function namesOf(node) {
  if (node.nodeType !== 1) return [""];
  if (!named.has(node)) named.set(node, [node, ...node.querySelectorAll("[id], [data-event]")].map(({ id, dataset }) => id || (dataset.event ? `${dataset.event} ${dataset.value || ""}` : "")));
  return named.get(node);
}
let named = new WeakMap();

/** Make a node what another is, but for what the reader has in hand. */
function matchNode(old, fresh) {
  if (old.nodeType !== 1) { if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue; return; }
  // Whether it is open is the reader's choice.
  const kept = (name) => name === "open" && old.nodeName === "DETAILS";
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !kept(name)) old.removeAttribute(name);
  for (const { name, value } of [...fresh.attributes]) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.nodeName === "TEXTAREA") { if (!old.typed) old.value = fresh.value; return; }
  matchChildren(old, fresh);
  if (old.nodeName === "SELECT" || (old.nodeName === "INPUT" && !(old.typed && old === document.activeElement))) {
    // Set to what it is, a field would lose its caret.
    if (old.type !== "file" && old.value !== fresh.value) old.value = fresh.value;
    if (old.type === "checkbox") old.checked = fresh.checked;
    old.typed = false;
  }
}
