"use strict";
const root = document.documentElement;
const figures = JSON.parse(document.getElementById("figures").textContent);
const PAGE = 680; // the width of the text on A4, in CSS pixels
const HALF = 322; // and of one of two columns
const TALL = 880; // a chart with its title and remark on one sheet
const drawn = new Set();
let ready = null;
let printing = false;

/* Language: both are in the page; the style sheet shows one. */
const titles = JSON.parse(document.getElementById("titles").textContent);
function speak(lang) {
  root.dataset.lang = lang;
  root.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = titles[lang];
  for (const id of drawn) draw(id);
}
document.getElementById("language").addEventListener("click", () => speak(root.dataset.lang === "zh" ? "en" : "zh"));

/* plotly.js is packed in the page; it is unpacked once, after the text is there. */
async function unpack() {
  const packed = document.getElementById("plotly").textContent.trim();
  const characters = atob(packed);
  const bytes = new Uint8Array(characters.length);
  for (let place = 0; place < bytes.length; place += 1) bytes[place] = characters.charCodeAt(place);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const script = document.createElement("script");
  script.textContent = await new Response(stream).text();
  document.head.append(script);
}

function draw(id) {
  const place = document.getElementById(id);
  const figure = figures[id][root.dataset.lang];
  const layout = printing ? paper(figure.layout, place.closest(".cards")) : { ...figure.layout };
  const settings = { responsive: !printing, displaylogo: false, displayModeBar: false };
  drawn.add(id);
  place.style.minHeight = `${layout.height || 380}px`; // so that nothing moves when a chart appears
  if (place.data) Plotly.purge(place); // drawn anew: a flow that is redrawn fades in, which paper would not see
  return Plotly.newPlot(place, figure.data, layout, settings);
}

/* The first page holds its three charts beside each other, so they are small. */
function paper(layout, beside) {
  if (!beside) return { ...layout, width: PAGE, height: Math.min(layout.height || 380, TALL) };
  const height = layout.height > 400 ? 470 : 205;
  const font = { ...layout.font, size: 9 };
  const annotations = (layout.annotations || []).map((note) => ({ ...note, font: { size: 9 } }));
  return { ...layout, width: HALF, height, font, annotations, margin: { l: 40, r: 30, t: 30, b: 30 } };
}

/* A chart is drawn when it comes near; those further down while nobody waits. */
function watch() {
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting && !drawn.has(entry.target.id)) { near.unobserve(entry.target); draw(entry.target.id); }
  }, { rootMargin: "600px" });
  for (const id of Object.keys(figures)) near.observe(document.getElementById(id));
  const rest = Object.keys(figures);
  const idle = window.requestIdleCallback || ((call) => setTimeout(call, 50));
  (function next() { const id = rest.shift(); if (!id) { root.dataset.charts = "drawn"; return; } if (!drawn.has(id)) draw(id); idle(next); })();
}
ready = unpack();
ready.then(watch, () => root.classList.add("no-charts"));

/* Paper: every chart at the width of the page, everything that is folded open. */
const folded = [];
function toPaper() {
  printing = true;
  for (const part of document.querySelectorAll("#annex details:not([open])")) { part.open = true; folded.push(part); }
  if (window.Plotly) for (const id of Object.keys(figures)) draw(id);
}
function toScreen() {
  printing = false;
  for (const part of folded.splice(0)) part.open = false;
  if (window.Plotly) for (const id of Object.keys(figures)) draw(id);
}
window.addEventListener("beforeprint", toPaper);
window.addEventListener("afterprint", toScreen);

/* The way to a number's evidence and back. */
let origin = null;
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#ev-']");
  if (link && !link.closest("#evidence")) origin = link;
});
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const part of document.querySelectorAll("#evidence details.shown")) part.classList.remove("shown");
  if (!target) return;
  for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  target.classList.toggle("shown", target.tagName === "DETAILS");
  target.scrollIntoView();
  const summary = target.querySelector("summary");
  if (summary) summary.focus({ preventScroll: true });
}
window.addEventListener("hashchange", unfold);
for (const back of document.querySelectorAll("a.back")) {
  back.addEventListener("click", (event) => { event.preventDefault(); history.back(); if (origin) setTimeout(() => { origin.scrollIntoView({ block: "center" }); origin.focus({ preventScroll: true }); }, 60); });
}
unfold();
