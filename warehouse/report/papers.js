// The table of papers: all of them unpacked from the page, searched, sorted and shown a page at a time.
// What comes from the dump goes in as text and as checked addresses, never as HTML.
"use strict";

const byId = (id) => document.getElementById(id);

/** The packed columns as one object per paper, each with the rows of its numbers and links. */
async function unpack(packed) {
  const stream = new Blob([bytesOf(packed)]).stream().pipeThrough(new DecompressionStream("gzip"));
  const { papers, numbers, links } = await new Response(stream).json();
  let number = 0;
  let link = 0;
  return papers.paper_id.map((paper_id, at) => {
    const paper = {
      at, paper_id, title: papers.title[at], system: papers.system_name[at], arxiv: papers.arxiv_id[at],
      published_on: papers.published_on[at], numbers: [], links: [], ownCode: null, searched: null,
    };
    for (const end = number + numbers.counts[at]; number < end; number += 1) {
      paper.numbers.push(rowOf(numbers, ["metric", "value", "dataset", "kind", "quote"], number));
    }
    for (const end = link + links.counts[at]; link < end; link += 1) {
      const found = rowOf(links, ["url", "kind", "role"], link);
      paper.links.push(found);
      if (links.is_own_code[link] && paper.ownCode === null) paper.ownCode = found.url;
    }
    return paper;
  });
}

/** The bytes of a base64 text; a loop, because a call per byte takes a second at 100,000 papers. */
function bytesOf(packed) {
  const text = atob(packed);
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  return bytes;
}

function rowOf(columns, names, row) {
  const found = {};
  for (const name of names) {
    const text = columns[name].rows[row];
    found[name] = text < 0 ? "" : columns[name].texts[text];
  }
  return found;
}

/** What a search looks at: title, system, arXiv id, metrics, datasets, addresses; made when first asked for. */
function searchedText(paper) {
  if (paper.searched === null) {
    const texts = [paper.title, paper.system, paper.arxiv];
    for (const number of paper.numbers) texts.push(number.metric, number.dataset);
    for (const link of paper.links) texts.push(link.url);
    paper.searched = texts.filter(Boolean).join("\n").toLowerCase();
  }
  return paper.searched;
}

const compareTexts = new Intl.Collator("en", { numeric: true }).compare;
const orders = {
  numbers: null, // as they come
  title: (one, other) => compareTexts(one.title, other.title),
  code: (one, other) => absentLast(one.ownCode, other.ownCode) ?? compareTexts(one.ownCode, other.ownCode),
  newest: (one, other) =>
    absentLast(one.published_on, other.published_on) ?? compareTexts(other.published_on, one.published_on),
};

/** The order of two values of which one may be absent; undefined if both are there. */
function absentLast(one, other) {
  if (one === null || other === null) return (one === null) - (other === null);
  return undefined;
}

const isWeb = (url) => /^https?:\/\//i.test(url);

function slot(root, name) {
  return root.querySelector(`[data-slot="${name}"]`);
}

function setText(root, name, text) {
  slot(root, name).textContent = text ?? "";
}

function setLink(anchor, url) {
  if (!isWeb(url)) return;
  anchor.href = url;
  anchor.rel = "noopener noreferrer";
}

function cloneOf(id, selector) {
  return byId(id).content.querySelector(selector).cloneNode(true);
}

function counted(count, thing) {
  return `${count.toLocaleString("en")} ${thing}${count === 1 ? "" : "s"}`;
}

function rowsOf(paper) {
  const rows = cloneOf("paper-template", "tbody.paper");
  setText(rows, "title", paper.title);
  setText(rows, "system", paper.system);
  setText(rows, "published_on", paper.published_on);
  setText(rows, "paper_id", paper.paper_id);
  if (paper.arxiv !== null && /^(\d{4}\.\d{4,5}|[a-z-]+(\.[A-Z]{2})?\/\d{7})(v\d+)?$/.test(paper.arxiv)) {
    setText(rows, "arxiv", `arXiv:${paper.arxiv}`);
    setLink(slot(rows, "arxiv"), `https://arxiv.org/abs/${paper.arxiv}`);
  }
  setText(rows, "number_count", paper.numbers.length || "");
  setText(rows, "datasets", [...new Set(paper.numbers.map((number) => number.dataset).filter(Boolean))].join(", "));
  if (paper.ownCode !== null) {
    setLink(slot(rows, "code"), paper.ownCode);
    setText(rows, "code_text", paper.ownCode.replace("https://", ""));
  }
  slot(rows, "more").hidden = paper.numbers.length + paper.links.length === 0;
  const held = [counted(paper.numbers.length, "number"), counted(paper.links.length, "link")];
  setText(rows, "summary", held.filter((text) => !text.startsWith("0 ")).join(", "));
  slot(rows, "numbers_table").hidden = paper.numbers.length === 0;
  slot(rows, "numbers").replaceChildren(...paper.numbers.map(numberRow));
  slot(rows, "links").replaceChildren(...paper.links.map(linkRow));
  return rows;
}

function numberRow(number) {
  const row = cloneOf("number-template", "tr");
  for (const [name, text] of Object.entries(number)) setText(row, name, text);
  return row;
}

function linkRow(link) {
  const row = cloneOf("link-template", "li");
  setText(row, "url", link.url);
  setText(row, "kind", `${link.kind}, ${link.role}`);
  setLink(slot(row, "address"), link.url);
  return row;
}

/** Shows what the controls ask for, and again whenever they change. */
function start(papers) {
  const pageRows = Number(byId("papers-data").dataset.pageRows);
  const table = document.querySelector("table.papers");
  let chosen = papers;
  let first = 0;

  function choose() {
    const words = byId("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    const withCode = byId("with-code").checked;
    const withNumbers = byId("with-numbers").checked;
    chosen = papers.filter(
      (paper) =>
        (!withCode || paper.ownCode !== null) &&
        (!withNumbers || paper.numbers.length > 0) &&
        words.every((word) => searchedText(paper).includes(word) || word === paper.paper_id),
    );
    const order = orders[byId("sort").value];
    if (order) chosen.sort(order);
    show(0);
  }

  function show(from) {
    first = from;
    const end = Math.min(first + pageRows, chosen.length);
    for (const rows of table.querySelectorAll("tbody.paper")) rows.remove();
    table.append(...chosen.slice(first, end).map(rowsOf));
    byId("shown").textContent =
      chosen.length === papers.length
        ? `All ${counted(papers.length, "paper")}.`
        : chosen.length === 0
          ? "No paper matches."
          : `${counted(chosen.length, "paper")} of ${papers.length.toLocaleString("en")}.`;
    byId("pager").hidden = chosen.length <= pageRows;
    byId("place").textContent = `${(first + 1).toLocaleString("en")}–${end.toLocaleString("en")}`;
    byId("earlier").disabled = first === 0;
    byId("later").disabled = end === chosen.length;
  }

  function turn(from) {
    show(from);
    byId("papers").scrollIntoView();
  }

  byId("controls").addEventListener("submit", (event) => event.preventDefault());
  byId("controls").addEventListener("input", choose);
  byId("earlier").addEventListener("click", () => turn(Math.max(0, first - pageRows)));
  byId("later").addEventListener("click", () => turn(first + pageRows));
  byId("controls").hidden = false;
  choose();
}

if (byId("papers-data")) {
  unpack(byId("papers-data").textContent).then(start, () => {
    byId("shown").textContent += " This browser could not unpack them.";
  });
}
