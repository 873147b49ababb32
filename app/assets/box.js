/* Events on their way to Python; app/markup.py puts this before each view's own script.
   Streamlit keeps one value of an event; what happens while a run is under way must not get lost. So each event waits
   in a box until Python says that it has seen it, and goes again once if a run has passed it by. */
const PATIENCE_MS = 60;

/** Return `send(type, value, more)` for a view; to be called on every run, with the run's data. */
function openBox(root, data, setTriggerValue) {
  root.box = (root.box || []).filter((event) => event.seq > data.seen);
  const post = () => setTriggerValue("event", { events: root.box });
  const missed = root.box.filter((event) => event.again && Date.now() - event.seq > PATIENCE_MS);
  if (missed.length) { missed.forEach((event) => { event.again = 0; }); post(); }
  return (type, value, more = {}) => {
    // The clock may be set back, the numbers may not.
    root.seq = Math.max(Date.now(), (root.seq || 0) + 1, data.seen + 1);
    root.box.push({ seq: root.seq, type, value, ...more, again: 1 });
    post();
  };
}

/** The page that the address names; the first one has no path of its own. */
const pageNow = () => window.location.pathname.split("/").pop() || "map";
