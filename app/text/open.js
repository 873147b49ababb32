/* Where the reader brings a text (app/text/open.py): a file chosen or dropped, or words pasted. Nothing is sent but to the
   app's own server; a file that is too large is refused here, before it is sent. */
const AGAIN_MS = 8000;

export default function (component) {
  const { parentElement, data, setTriggerValue } = component;
  const root = parentElement.querySelector(".text-open");
  const send = openBox(root, data, setTriggerValue);
  lay(root, data.html);
  const say = (text) => { const node = root.querySelector(".trouble"); node.textContent = text; node.hidden = !text; };

  // A text is too large for the box of small events: it goes by itself, again if a run has passed it by.
  const hand = (text) => {
    root.busy = { id: `${Date.now()}`, ...text, left: 3 };
    root.classList.add("busy");
    deliver();
  };
  const deliver = () => {
    const { left, ...text } = root.busy;
    root.busy.left -= 1;
    setTriggerValue("text", text);
    clearTimeout(root.timer);
    if (left > 1) root.timer = setTimeout(() => { if (root.isConnected && root.busy) deliver(); }, AGAIN_MS + (text.base64 || text.text || "").length / 100);
  };
  if (root.busy && data.received === root.busy.id) { root.busy = null; root.classList.remove("busy"); clearTimeout(root.timer); }

  const take = (file) => {
    if (!file) return;
    if (!file.size) { say(data.words.empty.replace("{name}", file.name)); return; }
    if (file.size > data.largest) { say(data.words.large.replace("{name}", file.name).replace("{got}", (file.size / 1048576).toFixed(1)).replace("{most}", Math.floor(data.largest / 1048576))); return; }
    say("");
    const reader = new FileReader();
    reader.onload = () => hand({ name: file.name, base64: reader.result.slice(reader.result.indexOf(",") + 1) });
    reader.onerror = () => say(data.words.unread.replace("{name}", file.name));
    reader.readAsDataURL(file);
  };
  root.onclick = (event) => {
    const node = event.target.closest("button");
    if (!node) return;
    if (node.dataset.event === "paste") {
      const text = root.querySelector("textarea").value;
      if (!text.trim()) say(data.words.nothing);
      else if (text.length > data.largest) say(data.words.large.replace("{name}", "").replace("{got}", (text.length / 1048576).toFixed(1)).replace("{most}", Math.floor(data.largest / 1048576)));
      else { say(""); hand({ name: "", text }); }
    } else if (node.dataset.event === "example") {
      root.querySelector("textarea").value = data.example;
      say("");
      hand({ name: "", text: data.example });
    } else if (node.dataset.event === "choose") root.querySelector("input[type=file]").click();
    else send(node.dataset.event, node.dataset.value || "");
  };
  root.onchange = (event) => { if (event.target.type === "file") { take(event.target.files[0]); event.target.value = ""; } };
  root.ondragover = (event) => { event.preventDefault(); root.classList.add("over"); };
  root.ondragleave = (event) => { if (!root.contains(event.relatedTarget)) root.classList.remove("over"); };
  root.ondrop = (event) => { event.preventDefault(); root.classList.remove("over"); take(event.dataTransfer.files[0]); };
}
