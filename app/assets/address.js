/* The address tells what is shown (app/browsing.py): Python writes it, and this sees to it that it is right where events in
   quick succession reached Python with an address that was no longer there. */

export default function (component) {
  const { page, wanted, keys } = component.data;
  if (pageNow() !== page) return;
  const url = new URL(window.location.href), told = Object.fromEntries([...url.searchParams].filter(([key]) => keys.includes(key)));
  if (keys.every((key) => told[key] === wanted[key])) return;
  keys.forEach((key) => url.searchParams.delete(key));
  Object.entries(wanted).forEach(([key, value]) => url.searchParams.set(key, value));
  window.history.replaceState(window.history.state, "", url);
}

/* A page that is entered by its link gets its address in two steps, the path and then what it shows: one entry for Back. */
let entered = false;
const push = window.history.pushState.bind(window.history);
window.history.pushState = (state, title, url) => {
  const same = new URL(url, window.location.href).pathname === window.location.pathname;
  if (same && entered) window.history.replaceState(state, title, url);
  else push(state, title, url);
  entered = !same;
};
for (const name of ["pointerdown", "keydown", "blur"]) window.addEventListener(name, () => { entered = false; }, true);
