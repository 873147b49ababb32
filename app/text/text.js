/* The text of a plan with its places (app/text/pane.py): only the lines near the window exist as elements, so that a text
   of five megabytes scrolls like a short one. Every character is set as text, never as markup. */
const BLOCK_CHARS = 2400, BLOCK_LINES = 40, PIECE_CHARS = 1200, AHEAD_PX = 1400, CHARS_PER_ROW = 34, ROW_PX = 28;
const texts = new Map(), places = new Map();   // by id, the last two of each: a page left and entered again needs no second copy

const make = (tag, className, text) => { const node = document.createElement(tag); if (className) node.className = className; if (text) node.textContent = text; return node; };
function keep(shelf, id, value) { shelf.delete(id); shelf.set(id, value); if (shelf.size > 2) shelf.delete(shelf.keys().next().value); }

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".text-pane");
  const send = openBox(root, data, setTriggerValue);
  if (data.text) keep(texts, data.text_id, readText(data.text));
  if (data.marks) keep(places, data.marks_id, readMarks(data.marks));
  if (!texts.has(data.text_id) || !places.has(data.marks_id)) { send("need", ""); return; }
  const pane = root.pane || (root.pane = new Pane(root));
  pane.send = send;
  pane.show(data, texts.get(data.text_id), places.get(data.marks_id));
}

function readText({ text, heads }) {
  return { lines: text.split("\n"), heads: new Map(heads) };
}

/** Marks come as rows; `byLine` finds those of a line. */
function readMarks({ rows, keys, categories, resolutions, families }) {
  const byLine = new Map();
  const marks = rows.map(([line, start, end, cat, res, key, doubt], i) => ({ i, line, start, end, cat: categories[cat], res: resolutions[res], key, doubt, family: families[categories[cat]] }));
  for (const mark of marks) { if (!byLine.has(mark.line)) byLine.set(mark.line, []); byLine.get(mark.line).push(mark); }
  return { marks, byLine, keys };
}

class Pane {
  constructor(root) {
    this.root = root;
    const bar = make("div", "pane-bar");
    this.back = this.button("prev", "‹", () => this.step(-1));
    this.count = make("span", "pane-count");
    this.forth = this.button("next", "›", () => this.step(1));
    this.scope = make("span", "pane-scope");
    this.off = this.button("off", "×", () => this.clear());
    // The browser's own search sees only the lines near the window.
    this.seek = make("input", "pane-seek");
    Object.assign(this.seek, { type: "search", id: "atlas-search", maxLength: 80, autocomplete: "off", spellcheck: false });
    this.seek.addEventListener("keydown", (event) => { if (event.key === "Enter") this.find(this.seek.value.trim()); });
    this.seek.addEventListener("input", () => { this.seek.classList.remove("none"); this.hit = null; });
    bar.append(this.back, this.count, this.forth, this.scope, this.off, this.seek);
    this.count.setAttribute("role", "status");
    this.box = make("div", "pane-box");
    this.box.tabIndex = 0;
    this.box.setAttribute("role", "document");
    root.replaceChildren(bar, this.box);
    this.watch = new IntersectionObserver((entries) => entries.forEach((e) => { if (e.isIntersecting) this.fill(e.target); else this.empty(e.target); }), { root: this.box, rootMargin: `${AHEAD_PX}px 0px` });
    this.box.addEventListener("click", (event) => this.click(event));
    this.box.addEventListener("keydown", (event) => this.press(event));
  }
  button(name, text, action) {
    const node = make("button", `pane-${name}`, text);
    node.type = "button";
    node.addEventListener("click", action);
    return node;
  }

  show(data, text, marks) {
    const before = this.data, sameText = before && before.text_id === data.text_id && before.range.join() === data.range.join();
    const sameMarks = sameText && before.marks_id === data.marks_id && before.hidden.join() === data.hidden.join() && before.unshown.join() === data.unshown.join();
    const place = before ? this.top() : null;
    Object.assign(this, { data, text, marks, hidden: new Set(data.hidden), unshown: new Set(data.unshown), structures: new Map(data.structures) });
    const { words } = data;
    this.back.setAttribute("aria-label", words.previous); this.back.title = words.previous;
    this.forth.setAttribute("aria-label", words.next); this.forth.title = words.next;
    this.off.setAttribute("aria-label", words.clear); this.off.title = words.clear;
    this.box.setAttribute("aria-label", words.pane);
    this.seek.placeholder = words.seek; this.seek.setAttribute("aria-label", words.seek);
    this.root.lang = "zh-CN";
    if (!sameText) this.build();
    else if (!sameMarks || before.words.pane !== words.pane || before.structures.length !== data.structures.length) this.repaint();
    if (!sameText || !sameMarks) this.list = marks.marks.filter((mark) => this.isShown(mark));
    this.choose(data);
    if (!before || before.go !== data.go) this.goTo(place);
    else if (!sameText) this.box.scrollTop = 0;
    // What tests wait for.
    this.root.dataset.shown = `${data.text_id} ${data.marks_id}`;
    this.root.dataset.marks = this.list.length;
  }
  isShown(mark) {
    const [from, to] = this.data.range;
    return !this.hidden.has(mark.cat) && !this.unshown.has(mark.res) && mark.line >= from && mark.line <= to;
  }

  // ------------ blocks: lines, or pieces of a very long line
  build() {
    this.watch.disconnect();
    const blocks = [], [from, to] = this.data.range, lines = this.text.lines;
    let pieces = [], chars = 0, rows = 0;
    const close = () => { if (pieces.length) blocks.push(this.block(pieces, rows)); pieces = []; chars = 0; rows = 0; };
    for (let n = from; n <= Math.min(to, lines.length); n++) {
      for (const [start, end] of this.cut(n, lines[n - 1])) {
        pieces.push([n, start, end]);
        chars += end - start; rows += Math.max(end === start ? 0.4 : 1, Math.ceil((end - start) / CHARS_PER_ROW));
        if (chars >= BLOCK_CHARS || pieces.length >= BLOCK_LINES) close();
      }
    }
    close();
    this.blocks = blocks;
    this.box.replaceChildren(...blocks);
    blocks.forEach((block) => this.watch.observe(block));
  }
  /** Cut a very long line between marks. */
  cut(line, text) {
    if (text.length <= 2 * PIECE_CHARS) return [[0, text.length]];
    const out = [], marks = this.marks.byLine.get(line) || [];
    let start = 0, m = 0;
    while (start < text.length) {
      let end = Math.min(start + PIECE_CHARS, text.length);
      while (m < marks.length && marks[m].end <= end) m += 1;
      if (m < marks.length && marks[m].start < end && marks[m].end > end) end = marks[m].end;
      out.push([start, end]);
      start = end;
    }
    return out;
  }
  block(pieces, rows) {
    const node = make("div", "block");
    node.pieces = pieces;
    node.style.minHeight = `${Math.round(rows * ROW_PX)}px`;
    return node;
  }
  fill(block) {
    if (block.full) return;
    block.full = true;
    block.style.minHeight = "";
    block.replaceChildren(...block.pieces.map((piece) => this.piece(piece)));
    this.dress(block);
  }
  empty(block) {
    if (!block.full) return;
    block.full = false;
    block.style.minHeight = `${block.offsetHeight}px`;
    block.replaceChildren();
  }
  repaint() {
    for (const block of this.blocks) if (block.full) { block.replaceChildren(...block.pieces.map((piece) => this.piece(piece))); }
  }
  piece([line, start, end]) {
    const text = this.text.lines[line - 1], row = make("div", "row-line"), body = make("p", "");
    row.dataset.line = line;
    const level = this.text.heads.get(line);
    if (level !== undefined) { row.classList.add("head", `level-${level}`); body.setAttribute("role", "heading"); body.setAttribute("aria-level", level + 2); }
    if (start === end || !text.trim()) row.classList.add("blank");
    row.append(make("span", "no", start === 0 ? String(line) : ""));
    let at = start;
    for (const mark of this.marks.byLine.get(line) || []) {
      if (mark.start < start || mark.start >= end || !this.isShown(mark)) continue;
      if (mark.start > at) body.append(text.slice(at, mark.start));
      const node = make("span", `mark ${mark.family} ${mark.res}${mark.doubt ? " doubt" : ""}`, text.slice(mark.start, mark.end));
      node.tabIndex = -1;
      node.setAttribute("role", "button");
      node.dataset.i = mark.i;
      body.append(node);
      at = mark.end;
    }
    if (at < end) body.append(text.slice(at, end));
    const linked = this.structures.get(line);
    if (linked && end === text.length) {
      const link = make("button", "structures", linked);
      link.type = "button"; link.dataset.line = line; link.title = this.data.words.structures;
      link.setAttribute("aria-label", `${this.data.words.structures} ${linked}`);
      body.append(link);
    }
    row.append(body);
    return row;
  }

  // ------------ what is chosen
  choose({ at, place, wander }) {
    const [line, start] = at.split(":").map(Number);
    this.current = at.includes(":") ? (this.marks.byLine.get(line) || []).find((mark) => mark.start === start) || null : null;
    this.key = this.current ? this.current.key : place ? this.marks.keys.indexOf(place) : -1;
    this.line = at && !at.includes(":") ? line : 0;
    this.mates = this.key < 0 || wander ? this.list : this.list.filter((mark) => mark.key === this.key);
    this.blocks.forEach((block) => { if (block.full) this.dress(block); });
    this.tell();
  }
  dress(block) {
    for (const node of block.querySelectorAll(".mark")) {
      const mark = this.marks.marks[node.dataset.i];
      node.classList.toggle("same", mark.key === this.key);
      node.classList.toggle("chosen", mark === this.current);
      if (mark === this.current) node.setAttribute("aria-current", "true"); else node.removeAttribute("aria-current");
    }
    for (const node of block.querySelectorAll(".row-line")) node.classList.toggle("chosen-line", Number(node.dataset.line) === this.line);
  }
  tell() {
    const { words } = this.data, at = this.current ? this.mates.indexOf(this.current) + 1 : 0, chosen = this.key >= 0;
    this.count.textContent = `${at || "–"} / ${this.mates.length}`;
    this.scope.textContent = chosen && this.mates !== this.list ? words.of_place.replace("{name}", this.data.chosen_name || "") : words.of_all;
    this.off.hidden = !chosen && !this.line;
    this.back.disabled = this.forth.disabled = !this.mates.length;
    this.root.dataset.at = this.data.at;
  }
  clear() { this.current = null; this.send("clear", ""); }

  // ------------ moving
  /** The line at the top of the window. */
  top() {
    const edge = this.box.getBoundingClientRect().top;
    for (const row of this.box.querySelectorAll(".row-line")) if (row.getBoundingClientRect().bottom > edge + 4) return Number(row.dataset.line);
    return 1;
  }
  /** Show what Python asks for: the chosen mention, the chosen line, or the next mention of the chosen place. */
  goTo(place) {
    let target = this.current;
    if (!target && this.key >= 0) target = this.mates.find((mark) => mark.line >= (place || 1)) || this.mates[0];
    if (target) this.reveal(target.line, target.start, !this.current);
    else if (this.line) this.reveal(this.line, 0);
    else if (this.data.range[0] > 1) this.box.scrollTop = 0;
  }
  reveal(line, start, flash) {
    const block = this.blocks.find(({ pieces }) => pieces.some(([n, from, to]) => n === line && start >= from && (start < to || from === to)));
    if (!block) return;
    this.fill(block);
    const mark = (this.marks.byLine.get(line) || []).find((each) => each.start === start);
    const node = (mark && block.querySelector(`.mark[data-i="${mark.i}"]`)) || block.querySelector(`.row-line[data-line="${line}"]`);
    const seat = () => { const box = this.box.getBoundingClientRect(), own = node.getBoundingClientRect(); this.box.scrollTop += own.top - box.top - box.height * 0.35; };
    seat();
    // Blocks that fill above the target would push it away.
    requestAnimationFrame(() => { if (node.isConnected) seat(); setTimeout(() => { if (node.isConnected) seat(); }, 60); });
    if (flash) { node.classList.add("flash"); setTimeout(() => node.classList.remove("flash"), 1200); }
  }
  /** Go to the next place where words stand, from the last hit or the top of the window; round to the beginning. */
  find(words) {
    if (!words) return;
    const [from, to] = this.data.range, last = Math.min(to, this.text.lines.length), count = last - from + 1;
    const begin = this.hit ? this.hit.line : this.top(), after = this.hit ? this.hit.start + 1 : 0;
    for (let i = 0; i <= count; i++) {
      const line = from + (begin - from + i) % count, start = this.text.lines[line - 1].indexOf(words, i === 0 ? after : 0);
      if (start < 0) continue;
      this.hit = { line, start };
      this.reveal(line, start);
      setTimeout(() => this.select(line, start, words.length), 90);
      return;
    }
    this.seek.classList.add("none");
  }
  /** Select a stretch of a line, as the browser's search would. */
  select(line, start, length) {
    const block = this.blocks.find(({ pieces }) => pieces.some(([n, from, to]) => n === line && start >= from && start < to));
    const piece = block && block.pieces.findIndex(([n, from, to]) => n === line && start >= from && start < to);
    if (!block || !block.full) return;
    const walker = document.createTreeWalker(block.children[piece].querySelector("p"), NodeFilter.SHOW_TEXT), range = document.createRange();
    let at = block.pieces[piece][1], open = false;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const end = at + node.length;
      if (!open && start < end) { range.setStart(node, start - at); open = true; }
      if (open && start + length <= end) { range.setEnd(node, start + length - at); break; }
      if (open) range.setEnd(node, node.length);
      at = end;
    }
    const selection = window.getSelection();
    selection.removeAllRanges();
    selection.addRange(range);
  }
  step(by) {
    if (!this.mates.length) return;
    let at = this.current ? this.mates.indexOf(this.current) + by : -1;
    if (!this.current) {
      const here = this.top();
      at = this.mates.findIndex((mark) => mark.line >= here);
      if (by < 0) at -= 1;
    }
    const mark = this.mates[(at + this.mates.length) % this.mates.length];
    this.pick(mark);
    this.reveal(mark.line, mark.start);
  }
  pick(mark) {
    this.current = mark;
    // Without a chosen place the reader goes through all mentions, and goes on doing so.
    const wandering = this.mates === this.list;
    this.blocks.forEach((block) => { if (block.full) this.dress(block); });
    const at = this.mates.indexOf(mark);
    this.count.textContent = `${at + 1} / ${this.mates.length}`;
    this.send(wandering ? "visit" : "mention", `${mark.line}:${mark.start}`);
  }
  click(event) {
    const linked = event.target.closest(".structures");
    if (linked) { this.send("line", linked.dataset.line); return; }
    const node = event.target.closest(".mark");
    if (!node) return;
    const mark = this.marks.marks[node.dataset.i];
    this.current = mark;
    this.key = mark.key;
    this.mates = this.list.filter((each) => each.key === mark.key);
    this.blocks.forEach((block) => { if (block.full) this.dress(block); });
    this.count.textContent = `${this.mates.indexOf(mark) + 1} / ${this.mates.length}`;
    this.send("mention", `${mark.line}:${mark.start}`);
  }
  press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowRight" || event.key === "n") { event.preventDefault(); this.step(1); }
    if (event.key === "ArrowLeft" || event.key === "p") { event.preventDefault(); this.step(-1); }
    if (event.key === "Escape") this.clear();
    if (event.key === "Enter" && event.target.matches(".mark,.structures")) event.target.click();
  }
}
