"use strict";
const root = document.documentElement;
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const titles = read("titles");
const labels = read("labels");
const figures = read("figures");
const TAGS = ["zh-CN", "en"];
const PAGE = 680; // the width of the text on A4, in CSS pixels
const HALF = 322; // and of one of two columns
const TALL = 880; // a chart with its title and remark on one sheet
const drawn = new Set();
let printing = false;

/* Language: both are in the page; the style sheet shows one. What only a screen reader says follows. */
function speak(lang) {
  root.dataset.lang = lang;
  root.lang = lang === "zh" ? "zh-CN" : "en";
  document.title = titles[lang];
  for (const part of document.querySelectorAll("[data-zh]")) part.setAttribute("aria-label", part.dataset[lang]);
  for (const id of drawn) draw(id);
}
document.getElementById("language").addEventListener("click", () => speak(root.dataset.lang === "zh" ? "en" : "zh"));

/* plotly.js is packed in the page; it is unpacked once, after the text is there. */
async function unpack() {
  const packed = document.getElementById("plotly").textContent.trim();
  const bytes = await (await fetch(`data:application/octet-stream;base64,${packed}`)).blob();
  const script = document.createElement("script");
  script.textContent = await new Response(bytes.stream().pipeThrough(new DecompressionStream("gzip"))).text();
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

/* The charts in view are drawn at once, those further down while nobody waits. */
function watch() {
  const rest = Object.keys(figures);
  const near = new IntersectionObserver((entries) => {
    for (const entry of entries) if (entry.isIntersecting && !drawn.has(entry.target.id)) { near.unobserve(entry.target); draw(entry.target.id); }
  }, { rootMargin: "600px" });
  for (const id of rest) near.observe(document.getElementById(id));
  const idle = window.requestIdleCallback || ((call) => setTimeout(call, 50));
  (function next() { const id = rest.shift(); if (!id) { root.dataset.charts = "drawn"; return; } if (!drawn.has(id)) draw(id); idle(next); })();
}
unpack().then(watch, () => root.classList.add("no-charts"));

/* Evidence is built when it is opened, from data in the page and as text only. */
let kept = null;
const data = () => (kept ||= read("evidence-data"));
function node(tag, parts = [], attributes = {}) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...parts);
  return made;
}
function say(text) {
  if (!Array.isArray(text)) return [String(text)];
  return text.map((said, place) => node("span", [said], { lang: TAGS[place] }));
}
const text = (number) => say(data().texts[number]);
const both = (said) => (Array.isArray(said) ? said : [said, said]);
function grid(caption, heads, rows, style) {
  const [zh, en] = both(caption);
  const row = (cells) => node("tr", cells.map((cell, place) => {
    const attributes = { ...(place ? {} : { scope: "row" }), ...(heads[place][1] ? { class: "n" } : {}) };
    return node(place ? "td" : "th", cell, attributes);
  }));
  const head = heads.map(([title, numeric]) => node("th", title, { scope: "col", ...(numeric ? { class: "n" } : {}) }));
  const table = node("table", [
    node("caption", say(caption)), node("thead", [node("tr", head)]), node("tbody", rows.map(row)),
  ], { class: style });
  const label = root.dataset.lang === "zh" ? zh : en;
  return node("div", [table], { class: "scroll", tabindex: 0, role: "group", "aria-label": label, "data-zh": zh, "data-en": en });
}
const title = (name) => say(labels[name]);
function fill(details) {
  const one = data().evidence[details.id];
  if (!one || details.dataset.filled) return;
  details.dataset.filled = "yes";
  const parts = [];
  if (one.facts) {
    parts.push(node("dl", one.facts.flatMap(([name, lines]) => [
      node("dt", text(name)),
      node("dd", lines.flatMap((line, place) => (place ? [node("br"), ...text(line)] : text(line)))),
    ])));
  }
  if (one.measures) {
    const used = [0, 1, 2, 3, 4, 5].filter((place) => place < 2 || one.measures.some((cells) => data().texts[cells[place]] !== ""));
    const heads = ["measure", "value", "numerator", "denominator", "counted", "definition"];
    parts.push(grid(
      both(labels.measure), used.map((place) => [title(heads[place]), place > 0 && place < 4]),
      one.measures.map((cells) => used.map((place) => text(cells[place]))), "measures many",
    ));
  }
  for (const table of one.tables || []) {
    const heads = table.columns.map(([head, numeric]) => [text(head), numeric]);
    const rows = table.rows.map((cells) => cells.map(text));
    parts.push(grid(both(data().texts[table.caption]), heads, rows, heads.length > 5 ? "many" : ""));
  }
  if (one.sources) {
    const heads = ["file", "sheet", "cells", "what"].map((name) => [title(name), false]);
    parts.push(grid(both(labels.sources), heads, one.sources.map((cells) => cells.map(text)), "sources"));
  } else parts.push(node("p", title("no_sources"), { class: "note" }));
  if (one.see) {
    const links = one.see.flatMap((id, place) => {
      const link = node("a", [...document.getElementById(id).querySelector("summary").cloneNode(true).childNodes], { href: `#${id}` });
      return place ? [" · ", link] : [link];
    });
    parts.push(node("p", [...title("see"), " ", ...links], { class: "note" }));
  }
  const back = node("a", ["↩ ", ...title("back")], { class: "back", href: "#first" });
  back.addEventListener("click", goBack);
  parts.push(node("p", [back]));
  details.append(...parts);
}
document.getElementById("evidence").addEventListener("toggle", (event) => { if (event.target.open) fill(event.target); }, true);

/* All of it, for who wants to search or print the whole; and a search by name, file or number. */
const everything = () => document.querySelectorAll("#evidence details");
document.getElementById("unfold").addEventListener("click", () => {
  const open = ![...everything()].every((part) => part.open);
  for (const part of everything()) { fill(part); part.open = open; }
});
function holds(details, wanted) {
  const one = data().evidence[details.id];
  const words = (part) => (typeof part === "number" ? String(data().texts[part]) : Array.isArray(part) ? part.map(words).join(" ") : "");
  const tables = (one.tables || []).map((table) => words([table.caption, table.rows]));
  const all = [details.textContent, words(one.facts || []), words(one.measures || []), words(one.sources || []), ...tables];
  return all.join(" ").toLowerCase().includes(wanted);
}
document.getElementById("find").addEventListener("input", (event) => {
  const wanted = event.target.value.trim().toLowerCase();
  let count = 0;
  for (const part of everything()) { part.hidden = wanted !== "" && !holds(part, wanted); count += part.hidden ? 0 : 1; }
  for (const group of document.querySelectorAll("#evidence .group")) group.hidden = !group.querySelector("details:not([hidden])");
  const found = document.getElementById("found");
  found.replaceChildren(...(wanted ? say(labels.found.map((said) => said.replace("{n}", count))) : []));
});

/* Paper: every chart at the width of the page, everything that is folded open. */
const folded = [];
function toPaper() {
  printing = true;
  for (const part of document.querySelectorAll("#annex details:not([open])")) { part.open = true; folded.push(part); }
  for (const part of document.querySelectorAll("#evidence details[open]")) fill(part);
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
function goBack(event) {
  event.preventDefault();
  history.back();
  if (origin) setTimeout(() => { origin.scrollIntoView({ block: "center" }); origin.focus({ preventScroll: true }); }, 60);
}
function unfold() {
  const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  for (const part of document.querySelectorAll("#evidence details.shown")) part.classList.remove("shown");
  if (!target) return;
  if (target.hidden) document.getElementById("find").value = "";
  if (target.hidden) document.getElementById("find").dispatchEvent(new Event("input"));
  if (target.tagName === "DETAILS") fill(target);
  for (let part = target; part; part = part.parentElement) if (part.tagName === "DETAILS") part.open = true;
  target.classList.toggle("shown", target.tagName === "DETAILS");
  target.scrollIntoView();
  const summary = target.querySelector("summary");
  if (summary) summary.focus({ preventScroll: true });
}
window.addEventListener("hashchange", unfold);
unfold();
