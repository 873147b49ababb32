/* A table of places (app/places/table.py): its HTML is made and escaped by the template. A row is one button; arrow keys go
   from row to row, Page Up and Page Down from page to page. */
export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".places-table");
  const send = openBox(root, data, setTriggerValue);
  lay(root, data.html, () => {
    if (root.gone === data.go) return;
    const first = root.gone === undefined;
    root.gone = data.go;
    const rows = root.querySelector(".rows"), chosen = root.querySelector("tr.chosen");
    if (chosen && rows) rows.scrollTop = chosen.offsetTop - rows.clientHeight / 2;
    else if (rows && !first) rows.scrollTop = 0;
  });

  root.onclick = (event) => {
    const node = event.target.closest("[data-event]");
    if (!node || node.disabled) return;
    if (node.matches("tr")) {
      // The look changes at once; the card follows from Python.
      root.querySelectorAll("tr.chosen").forEach((each) => each.classList.remove("chosen"));
      node.classList.add("chosen");
    }
    root.touched = true;
    send(node.dataset.event, node.dataset.value || "");
  };
  root.onkeydown = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") { send("clear", ""); return; }
    const list = [...root.querySelectorAll(".row-name")], at = list.indexOf(document.activeElement);
    const go = { ArrowDown: Math.min(at + 1, list.length - 1), ArrowUp: Math.max(at - 1, 0), Home: 0, End: list.length - 1 }[event.key];
    if (at >= 0 && go !== undefined) { event.preventDefault(); list[go].focus(); list[go].scrollIntoView({ block: "nearest" }); }
    if (at >= 0 && (event.key === "PageDown" || event.key === "PageUp")) {
      const button = root.querySelector(event.key === "PageDown" ? ".pager .next" : ".pager .previous");
      if (button && !button.disabled) { event.preventDefault(); button.click(); }
    }
  };
}
