// Search over programs, occupations, schools and industries: Chinese by characters, English by words, codes, pinyin.
"use strict";
const KINDS = JSON.parse(document.getElementById("search-kinds").textContent);
const split = (text) => {
  const found = [];
  for (const part of String(text).toLowerCase().match(/[\u3400-\u9fff]+|[a-z0-9]+/g) || []) {
    if (/^[a-z0-9]/.test(part)) found.push(part);
    else if (part.length === 1) found.push(part);
    else for (let at = 0; at < part.length - 1; at += 1) found.push(part.slice(at, at + 2));
  }
  return found;
};
const engine = new MiniSearch({
  fields: ["name", "name_en", "code", "pinyin", "initials", "characters"],
  storeFields: ["kind", "name", "name_en", "code", "url"],
  tokenize: split,
  processTerm: (term) => term,
  searchOptions: {
    prefix: (term) => /^[a-z0-9]/.test(term), combineWith: "AND", boost: { name: 3, code: 3, initials: 2 },
  },
});
engine.addAll(window.DUIKOU_SEARCH);
const box = document.getElementById("search"), list = document.getElementById("search-results");
const said = document.getElementById("search-count");
const show = () => {
  const query = box.value.trim(), found = query ? engine.search(query).slice(0, 20) : [];
  list.replaceChildren(...found.map((hit) => {
    const item = document.createElement("li"), link = document.createElement("a");
    const name = document.documentElement.lang === "en" && hit.name_en ? `${hit.name_en} (${hit.name})` : hit.name;
    link.href = document.body.dataset.root + hit.url;
    link.textContent = [KINDS[hit.kind], name, hit.code].filter(Boolean).join(" · ");
    item.append(link);
    return item;
  }));
  said.textContent = query ? said.dataset.text.replace("{n}", found.length) : "";
};
box.addEventListener("input", show);
box.form.addEventListener("submit", (event) => {
  event.preventDefault();
  const first = list.querySelector("a");
  if (first) first.click();
});
show();
