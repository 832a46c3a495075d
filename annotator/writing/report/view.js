"use strict";
// What the view can do with script: notes beside their mentions, pairs shown together, a filter, keys.
globalThis.annotatorReport = (report) => {
  const all = (what) => Array.from(report.querySelectorAll(what));
  const article = report.querySelector("article");
  const cards = all(".card");
  const beside = cards.filter((card) => article.contains(card));
  const refs = all(".ref");
  const form = report.querySelector(".filter");
  const wide = matchMedia("screen and (min-width: 64rem)");
  const ending = new AbortController();
  const on = (target, name, does) => target.addEventListener(name, does, { signal: ending.signal });
  const GAP = 8;
  const LESS = 3;

  // For each number: its card, and all that shows it.
  const pairs = new Map();
  const pair = (number) => {
    if (!pairs.has(number)) pairs.set(number, { card: null, first: null, marks: [], refs: [] });
    return pairs.get(number);
  };
  for (const card of cards) pair(card.id.slice(1)).card = card;
  for (const ref of refs) {
    const one = pair(ref.dataset.n);
    one.refs.push(ref);
    one.first = one.first || ref;
  }
  const marks = all("mark");
  for (const mark of marks) for (const number of mark.dataset.n.split(" ")) pair(number).marks.push(mark);

  // -- notes beside the text: each as near to its mention as those before it allow ------------------

  let chosen = null;
  const place = () => {
    article.classList.toggle("beside", wide.matches);
    for (const card of beside) {
      card.classList.remove("short");
      if (!wide.matches) card.style.top = "";
    }
    if (!wide.matches) {
      article.style.minHeight = "";
      return;
    }
    const zero = article.getBoundingClientRect().top;
    const rows = [];
    for (const card of beside) {
      if (card.hidden) continue;
      const anchor = pairs.get(card.id.slice(1)).first;
      rows.push({ card, want: anchor ? anchor.getBoundingClientRect().top - zero - 8 : 0, height: card.offsetHeight });
    }
    const down = () => {
      let free = 0;
      for (const row of rows) {
        row.top = Math.max(row.want, free);
        free = row.top + row.height + (row.short ? LESS : GAP);
      }
      return free;
    };
    let end = down();
    const at = rows.findIndex((row) => row.card === chosen);
    if (at > 0) {
      // The chosen note comes to its mention: those in its way shrink to their first line, the nearest first.
      let missing = rows[at].top - rows[at].want;
      const line = chosen.querySelector(".head").offsetHeight + 5;
      for (let index = at - 1; index >= 0 && missing > 0; index -= 1) {
        const row = rows[index];
        row.card.classList.add("short");
        row.short = true;
        missing -= row.height - line + GAP - LESS;
        row.height = line;
      }
      end = down();
    }
    for (const row of rows) row.card.style.top = `${row.top}px`;
    article.style.minHeight = `${end}px`;
  };
  // Whatever changes the sizes (the window, letters made larger, a note unfolded) places them anew.
  let asked = 0;
  const sizes = new ResizeObserver(() => {
    cancelAnimationFrame(asked);
    asked = requestAnimationFrame(place);
  });
  for (const one of [article, ...beside]) sizes.observe(one);
  on(wide, "change", place);
  place();

  // -- a mention and its notes are shown as a pair ---------------------------------------------------

  let lit = [];
  const light = (numbers) => {
    for (const one of lit) one.classList.remove("on");
    lit = [];
    for (const number of numbers) {
      const found = pairs.get(number);
      if (!found) continue;
      lit.push(...found.marks, ...found.refs);
      if (found.card) lit.push(found.card);
    }
    for (const one of lit) one.classList.add("on");
  };
  const numbersAt = (target) => {
    const near = target instanceof Element ? target.closest("mark, .ref, .card, .changes [data-n]") : null;
    if (!near) return [];
    return near.classList.contains("card") ? [near.id.slice(1)] : near.dataset.n.split(" ");
  };
  const choose = (card) => {
    if (!card || card === chosen || !article.contains(card)) return;
    chosen = card;
    article.classList.add("moved");
    place();
  };
  on(document, "pointerover", (event) => {
    const numbers = numbersAt(event.target);
    light(numbers.length ? numbers : numbersAt(document.activeElement));
  });
  on(document, "focusin", (event) => {
    const numbers = numbersAt(event.target);
    light(numbers);
    const ref = event.target.closest(".ref");
    choose(ref ? pairs.get(ref.dataset.n).card : event.target.closest(".card"));
  });
  on(document, "focusout", () => light([]));

  const show = (element, block) => {
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
  };
  // A note that is gone to is read in full.
  const unfold = (card, open) => {
    const more = card.querySelector(".more");
    if (more) more.open = open;
  };
  const enter = (number) => {
    const card = pairs.get(number).card;
    if (!card) return;
    for (let fold = card.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
    unfold(card, true);
    choose(card);
    card.focus({ preventScroll: true });
    show(card, "nearest");
  };
  const leave = (number, group) => {
    const target = (group && group.querySelector(".ref:not([hidden])")) || pairs.get(number).first;
    if (!target) return;
    target.focus({ preventScroll: true });
    show(target, "center");
  };
  on(document, "click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    const link = event.target.closest("a[href^='#']");
    const mark = event.target.closest("mark");
    if (link && link.dataset.n) {
      event.preventDefault();
      const where = link.getAttribute("href");
      if (where.startsWith("#n")) enter(where.slice(2));
      else leave(link.dataset.n.split(" ")[0], report.querySelector(where));
    } else if (!link && event.target.closest(".says, .later, .time") && String(getSelection()) === "") {
      const card = event.target.closest(".card");
      if (card) unfold(card, !card.querySelector(".more").open);
    } else if (mark && !link && String(getSelection()) === "") {
      const open = mark.dataset.n.split(" ").filter((number) => !pairs.get(number).card.hidden);
      if (open.length) enter(open[open.length - 1]);
    }
  });

  // -- keys ----------------------------------------------------------------------------------------

  let came = null;
  on(document, "keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const card = event.target.closest(".card");
    // Elsewhere on a page that holds the view, keys are the page's own.
    if (!report.contains(event.target) && !event.target.contains(report) && !event.target.matches(".skip")) return;
    if (event.key === "Escape") {
      if (card) leave(card.id.slice(1));
      else document.activeElement.blur();
      light([]);
      return;
    }
    const keys = form && form.querySelector(".keys");
    if (!keys || !keys.checked || !["j", "k"].includes(event.key)) return;
    if (event.target.matches("input:not([type=checkbox]), textarea, select")) return;
    const stops = all(".refs").filter((group) => group.querySelector(".ref:not([hidden])"));
    if (!stops.length) return;
    const here = event.target.closest(".refs") || (card && pairs.get(card.id.slice(1)).first.closest(".refs")) || came;
    const at = stops.indexOf(here);
    const step = event.key === "j" ? at + 1 : at < 0 ? stops.length - 1 : at - 1;
    came = stops[Math.max(0, Math.min(stops.length - 1, step))];
    leave(null, came);
    event.preventDefault();
  });

  // -- print: all of each note --------------------------------------------------------------------

  let folded = [];
  on(window, "beforeprint", () => {
    folded = all("details:not([open])").filter((one) => !one.matches(".filters, .furniture"));
    for (const one of folded) one.open = true;
  });
  on(window, "afterprint", () => {
    for (const one of folded) one.open = false;
  });

  const stop = () => {
    ending.abort();
    sizes.disconnect();
    cancelAnimationFrame(asked);
  };

  // -- the filter ----------------------------------------------------------------------------------

  if (!form) return stop;
  const boxes = Array.from(form.querySelectorAll("fieldset input"));
  const filter = () => {
    const wanted = { j: new Set(), k: new Set(), s: new Set() };
    for (const box of boxes) if (box.checked) wanted[box.name].add(box.value);
    const some = (names, set) => names.split(" ").some((name) => set.has(name));
    let count = 0;
    for (const card of cards) {
      const { j, k, s } = card.dataset;
      card.hidden = !((j === "" || some(j, wanted.j)) && some(k, wanted.k) && wanted.s.has(s));
      count += card.hidden ? 0 : 1;
    }
    const gone = (element) => element.dataset.n.split(" ").every((number) => (pairs.get(number).card || {}).hidden);
    for (const ref of refs) ref.hidden = gone(ref);
    for (const mark of marks) mark.classList.toggle("off", gone(mark));
    for (const link of all(".changes a")) link.hidden = gone(link);
    form.querySelector(".shown").textContent = `${count} of ${cards.length} shown`;
    place();
  };
  for (const box of boxes) box.hidden = false;
  form.querySelector(".tools").hidden = false;
  on(form, "change", filter);
  on(form, "reset", () => setTimeout(filter));
  on(form, "submit", (event) => event.preventDefault());
  filter();
  return stop;
};
for (const report of document.querySelectorAll(".report")) globalThis.annotatorReport(report);
