"use strict";
// The page: an article goes out, its report comes back into a frame; words are looked up; outputs are saved.
// Nothing is kept but the token, for as long as the tab is open.
(() => {
  const $ = (id) => document.getElementById(id);
  const make = (tag, text = "", options = {}) => Object.assign(document.createElement(tag), { textContent: text }, options);
  const form = $("article-form");
  const text = $("text");
  const picker = $("file");
  const still = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  const state = { file: null, about: null, running: null, shown: false, waiting: 0, frame: null };

  // -- asking the server ---------------------------------------------------------------------------

  const TOKEN = "annotator-token";
  const given = new URLSearchParams(location.hash.slice(1)).get("token");
  if (given) {
    sessionStorage.setItem(TOKEN, given);
    history.replaceState(null, "", location.pathname);
  }

  class Problem extends Error {}

  const ask = async (path, options = {}) => {
    const token = sessionStorage.getItem(TOKEN);
    const headers = { ...(options.headers || {}), ...(token ? { Authorization: `Bearer ${token}` } : {}) };
    let response;
    try {
      response = await fetch(path, { ...options, headers, credentials: "omit", cache: "no-store" });
    } catch (error) {
      if (error.name === "AbortError") throw error;
      throw new Problem("The server does not answer. Is it still running?");
    }
    if (response.ok) return response;
    let detail = "";
    try {
      detail = (await response.json()).detail;
    } catch {
      detail = `the server answers ${response.status} ${response.statusText}`;
    }
    if (response.status === 401) needToken(Boolean(token));
    throw new Problem(sentence(detail));
  };

  const sentence = (words) => {
    const line = String(words || "");
    return `${line.slice(0, 1).toUpperCase()}${line.slice(1)}${/[.!?…]$/.test(line) ? "" : "."}`;
  };

  const needToken = (wrong) => {
    $("token-form").hidden = false;
    $("token").setAttribute("aria-invalid", String(wrong));
    $("token").focus();
  };

  const status = (words) => {
    $("status").textContent = words;
  };
  const failed = (error, focus = false) => {
    if (error.name === "AbortError") return;
    status("");
    // What is said twice is to be heard twice.
    $("error").textContent = "";
    $("error").textContent = error instanceof Problem ? error.message : `The page has a fault: ${error.message}.`;
    if (focus && $("token-form").hidden) $("error").focus();
  };
  const settled = () => {
    $("error").textContent = "";
  };

  // -- what is to be annotated ---------------------------------------------------------------------

  const size = (bytes) => {
    const large = bytes / 2 ** 20;
    return large < 1 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${Number(large.toFixed(1))} MB`;
  };

  const choose = (file) => {
    state.file = file;
    $("chosen").hidden = !file;
    text.hidden = Boolean(file);
    $("chosen-name").textContent = file ? `${file.name || "A file"} (${size(file.size)})` : "";
    if (!file) picker.value = "";
  };

  const marked = () => Array.from(document.querySelectorAll("#jurisdictions input:checked"));

  const body = (output) => {
    const data = new FormData();
    if (state.file) data.append("file", state.file, state.file.name || "article");
    else data.append("text", text.value);
    data.append("output", output);
    data.append("detail", $("detail").value);
    if ($("as_of").value) data.append("as_of", $("as_of").value);
    for (const box of marked()) data.append("jurisdictions", box.value);
    return data;
  };

  const ready = () => {
    if (!state.file && !text.value.trim()) {
      throw new Problem("There is no article yet: paste one, or drop a file.");
    }
    const bytes = state.file ? state.file.size : new Blob([text.value]).size;
    if (state.about && bytes > state.about.size) {
      throw new Problem(`This is ${size(bytes)}; the server takes ${size(state.about.size)} at most.`);
    }
  };

  const counted = (number, what) => `${number} ${what}${number === 1 ? "" : "s"}`;
  const day = (iso) =>
    new Date(`${iso}T00:00:00Z`).toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });

  // "focus": somebody asked for it, and is taken to it. "show": an article came in, and what comes of it is shown, but
  // the focus stays where somebody may be writing. A change of a setting leaves both where they are.
  const annotate = async (moves) => {
    if (state.running) state.running.abort();
    const running = new AbortController();
    state.running = running;
    $("go").setAttribute("aria-disabled", "true");
    status("Reading the article …");
    try {
      ready();
      const response = await ask("/api/annotate", { method: "POST", body: body("report"), signal: running.signal });
      const told = JSON.parse(response.headers.get("Annotator-Told"));
      const report = await response.text();
      if (state.running !== running) return;
      settled();
      await show(report, told);
      const checks = told.checks ? `, ${counted(told.checks, "check")}` : "";
      const found = told.mentions ? `${counted(told.notes, "note")}${checks}` : "No mention of sanctions law was found";
      status(`${found}. Law as of ${day(told.as_of)}${told.as_of_from ? ` (${told.as_of_from})` : ""}.`);
      if (moves === "focus") $("result-title").focus({ preventScroll: true });
      if (moves) $("told").scrollIntoView({ block: "start", behavior: still() ? "auto" : "smooth" });
    } catch (error) {
      if (state.running === running) failed(error, moves === "focus");
    } finally {
      if (state.running === running) {
        state.running = null;
        $("go").removeAttribute("aria-disabled");
      }
    }
  };

  const again = () => {
    if (!state.shown) return;
    clearTimeout(state.waiting);
    state.waiting = setTimeout(() => annotate(""), 150);
  };

  // -- the report in its frame ---------------------------------------------------------------------

  const show = (report, told) =>
    new Promise((done) => {
      const frame = make("iframe", "", { title: "The article with its notes" });
      frame.addEventListener("load", () => {
        fit(frame);
        done();
      }, { once: true });
      frame.srcdoc = report;
      $("frame-place").replaceChildren(frame);
      state.frame = frame;
      state.shown = true;
      document.body.classList.add("after");
      for (const id of ["result", "result-title", "actions"]) $(id).hidden = false;
      const warnings = told.warnings.map((one) => make("li", sentence(one)));
      $("warnings").replaceChildren(...warnings);
      $("warnings").hidden = !warnings.length;
      offer(told);
    });

  const fit = (frame) => {
    const inside = frame.contentDocument;
    const root = inside.documentElement;
    const grow = () => {
      const height = Math.ceil(Math.max(inside.body.getBoundingClientRect().bottom + frame.contentWindow.scrollY, 200));
      if (Math.abs(frame.offsetHeight - height) > 1) frame.style.height = `${height + 1}px`;
    };
    new frame.contentWindow.ResizeObserver(grow).observe(inside.body);
    root.style.overflowY = "hidden";
    grow();
    for (const link of inside.querySelectorAll("a[href^='http']")) link.target = "_blank";
    inside.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "p") {
        event.preventDefault();
        frame.contentWindow.print();
      }
    });
  };

  // A frame is cut at the end of a sheet, wherever that is: the report is printed as a document of its own, and when
  // the page itself is printed, the report's content takes the place of the page's.
  $("print").addEventListener("click", () => state.frame.contentWindow.print());
  let before = null;
  addEventListener("beforeprint", () => {
    if (!state.shown || before) return;
    const inside = state.frame.contentDocument;
    const sheets = Array.from(inside.querySelectorAll("style"), (style) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(style.textContent);
      return sheet;
    });
    before = { nodes: Array.from(document.body.childNodes), sheets: Array.from(document.adoptedStyleSheets) };
    for (const sheet of document.styleSheets) sheet.disabled = true;
    document.adoptedStyleSheets = sheets;
    const copies = Array.from(inside.body.childNodes).filter((node) => node.nodeName !== "SCRIPT");
    document.body.replaceChildren(...copies.map((node) => document.importNode(node, true)));
    // Where a wide window put notes beside the text they have places that a sheet does not.
    for (const one of document.querySelectorAll("[style]")) one.removeAttribute("style");
    for (const one of document.querySelectorAll(".beside")) one.classList.remove("beside", "moved");
  });
  addEventListener("afterprint", () => {
    if (!before) return;
    document.adoptedStyleSheets = before.sheets;
    for (const sheet of document.styleSheets) sheet.disabled = false;
    // The frame reads its report anew: what is taken out of a page loses what is in it.
    document.body.replaceChildren(...before.nodes);
    before = null;
    state.frame.addEventListener("load", () => fit(state.frame), { once: true });
  });

  // -- saving --------------------------------------------------------------------------------------

  const NAMES = {
    report: "Report to read", json: "JSON", csv: "Table (CSV)", webannotation: "Web Annotation", brat: "brat",
    plain: "Plain text for brat", docbin: "spaCy DocBin", sarif: "SARIF", text: "Text with notes",
    markdown: "Markdown with notes", html: "HTML with notes", docx: "Word with comments",
  };

  const offer = (told) => {
    const known = new Map((state.about ? state.about.outputs : []).map((one) => [one.name, one]));
    const own = told.outputs.includes(told.format) && (known.get(told.format) || {}).keeps ? told.format : "";
    $("save-own").hidden = !own;
    $("save-own").dataset.output = own;
    $("save-own").textContent = own ? `Save the ${{ docx: "Word file", html: "page", markdown: "Markdown", text: "text" }[own] || own} with notes` : "";
    const others = told.outputs.filter((name) => name !== own);
    const chosen = $("save-as").value;
    $("save-as").replaceChildren(...others.map((name) => make("option", NAMES[name] || name, { value: name })));
    $("save-as").value = others.includes(chosen) ? chosen : others.includes("report") ? "report" : others[0];
  };

  const save = async (output) => {
    try {
      ready();
      const response = await ask("/api/annotate", { method: "POST", body: body(output) });
      const named = /filename\*=UTF-8''([^;]+)/.exec(response.headers.get("Content-Disposition") || "");
      const url = URL.createObjectURL(await response.blob());
      const stem = (state.file ? state.file.name : "").replace(/\.[^.]*$/, "") || "article";
      const link = make("a", "", { href: url, download: named ? decodeURIComponent(named[1]) : `${stem}-report.html` });
      document.body.append(link);
      link.click();
      link.remove();
      setTimeout(() => URL.revokeObjectURL(url), 60_000);
      settled();
      status(`Saved as ${link.download}.`);
    } catch (error) {
      failed(error);
    }
  };
  $("save-own").addEventListener("click", (event) => save(event.currentTarget.dataset.output));
  $("save").addEventListener("click", () => save($("save-as").value));

  // -- paste, drop, keys ---------------------------------------------------------------------------

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    annotate("focus");
  });
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      annotate("focus");
    }
  });
  text.addEventListener("paste", (event) => {
    const file = event.clipboardData && event.clipboardData.files[0];
    if (file && !event.clipboardData.types.includes("text/plain")) {
      event.preventDefault();
      take(file);
    } else if (!text.value.trim() || (text.selectionStart === 0 && text.selectionEnd === text.value.length)) {
      setTimeout(() => annotate("show")); // a whole article has come in
    }
  });
  const take = (file) => {
    choose(file);
    annotate("show");
  };
  picker.addEventListener("change", () => {
    if (picker.files[0]) take(picker.files[0]);
  });
  $("chosen-remove").addEventListener("click", () => {
    choose(null);
    text.focus();
  });
  const files = (event) => event.dataTransfer && Array.from(event.dataTransfer.types).includes("Files");
  let within = 0;
  addEventListener("dragenter", (event) => {
    if (!files(event)) return;
    within += 1;
    document.body.classList.add("dropping");
  });
  addEventListener("dragleave", (event) => {
    if (!files(event)) return;
    within -= 1;
    if (within <= 0) document.body.classList.remove("dropping");
  });
  addEventListener("dragover", (event) => {
    if (!files(event)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
  });
  addEventListener("drop", (event) => {
    within = 0;
    document.body.classList.remove("dropping");
    if (!files(event)) return;
    event.preventDefault();
    const dropped = event.dataTransfer.files;
    if (dropped[0]) take(dropped[0]);
    if (dropped.length > 1) status(`One article at a time: ${dropped[0].name} was taken.`);
  });
  $("as_of").addEventListener("change", again);
  $("detail").addEventListener("change", again);
  $("jurisdictions").addEventListener("change", () => {
    const names = marked().map((box) => box.dataset.name);
    $("whose-shown").textContent = names.length ? names.join(", ") : "all";
    again();
  });

  // -- looking up ----------------------------------------------------------------------------------

  const STATES = { held: "held", ended: "had ended", coming: "was yet to come", open: "nothing says of that day" };
  const MOST = 20;

  const cited = (sources) => {
    const list = make("span", "", { className: "soft" });
    sources.forEach((one, index) => {
      const words = `${one.short || one.instrument} ${one.pinpoint}`.trim();
      if (index) list.append("; ");
      if (/^https?:\/\//i.test(one.url)) {
        list.append(make("a", words, { href: one.url, target: "_blank", rel: "noopener noreferrer", title: one.instrument }));
      } else list.append(words);
    });
    return list;
  };
  const items = (title, rows) => {
    if (!rows.length) return [];
    const list = make("ul");
    list.append(...rows);
    return [make("h3", title), list];
  };
  const since = (changes) => changes.map((one) => make("div", `Since then: ${one}`, { className: "later" }));

  const provision = (one) => {
    // The references at its end follow as links.
    const row = make("li", (one.text || `${one.id}: ${STATES[one.state] || one.state}`).replace(/\s*\[[^[\]]*\]\s*$/, ""));
    if (one.remark) row.append(make("div", one.remark, { className: "soft" }));
    row.append(...since(one.later), make("br"), cited(one.sources));
    return row;
  };
  const entry = (one) => {
    const row = make("li");
    row.append(make("b", one.name), one.details.length ? ` (${one.details.join("; ")})` : "");
    row.append(make("div", `${one.title} ${one.reference}: ${one.told}`), ...since(one.later), cited(one.sources));
    return row;
  };
  const times = (found) => {
    if (!found.timeline.length) return [];
    const names = new Map((state.about ? state.about.jurisdictions : []).map((one) => [one.code, one.name]));
    const table = make("table");
    const head = table.createTHead().insertRow();
    for (const name of ["Date", "By", "What changed", "Source"]) head.append(make("th", name, { scope: "col" }));
    const body_ = table.createTBody();
    let asked = false;
    const today = () => {
      const row = body_.insertRow();
      row.className = "day";
      row.append(make("td", found.as_of), make("td"), make("td", "the day asked for"), make("td"));
      asked = true;
    };
    for (const one of found.timeline) {
      if (!asked && one.date > found.as_of) today();
      const row = body_.insertRow();
      row.append(make("td", one.until ? `${one.date} to ${one.until}` : one.date));
      row.append(make("td", names.get(one.by) || one.by.toUpperCase()), make("td", one.what));
      const source = make("td");
      source.append(cited(one.sources));
      row.append(source);
    }
    if (!asked) today();
    const scroll = make("div", "", { className: "scroll", tabIndex: 0 });
    scroll.setAttribute("role", "group");
    scroll.setAttribute("aria-label", "What changed and when");
    scroll.append(table);
    return [make("h3", "What changed and when"), scroll];
  };
  const near = (one) => {
    const row = make("li");
    const again_ = make("button", one.name, { type: "button" });
    again_.addEventListener("click", () => {
      $("words").value = one.name;
      look();
    });
    row.append(again_);
    return row;
  };

  const look = async () => {
    const words = $("words").value.trim();
    try {
      if (!words) throw new Problem("Write what to look up first.");
      status("Looking it up …");
      const asked = { words, jurisdictions: marked().map((box) => box.value) };
      if ($("as_of").value) asked.as_of = $("as_of").value;
      const response = await ask("/api/lookup", {
        method: "POST", body: JSON.stringify(asked), headers: { "Content-Type": "application/json" },
      });
      const found = await response.json();
      const told = found.provisions.filter((one) => one.text || one.remark || one.state !== "held");
      const more = found.entries.length - MOST;
      $("answer-title").textContent = `Looked up: ${found.words}`;
      const parts = [make("p", found.answer, { className: "lead" })];
      if (found.read_as.length) parts.push(make("p", `Read as: ${found.read_as.join(" ")}`, { className: "soft" }));
      if (found.unread.length) parts.push(make("p", `Not taken into account: ${found.unread.join(", ")}`, { className: "soft" }));
      parts.push(...items(`On ${day(found.as_of)}`, told.map(provision)));
      parts.push(...items("On lists", found.entries.slice(0, MOST).map(entry)));
      if (more > 0) parts.push(make("p", `And ${more} more; the interface has them all.`, { className: "soft" }));
      parts.push(...items("Is one of these meant?", found.near.map(near)), ...times(found));
      $("answer-body").replaceChildren(...parts);
      $("answer").hidden = false;
      settled();
      status("");
      $("answer-title").focus({ preventScroll: true });
      $("answer").scrollIntoView({ block: "nearest", behavior: still() ? "auto" : "smooth" });
    } catch (error) {
      failed(error, true);
    }
  };
  $("lookup-form").addEventListener("submit", (event) => {
    event.preventDefault();
    look();
  });
  const closed = () => {
    $("answer").hidden = true;
    $("words").focus();
  };
  $("answer-close").addEventListener("click", closed);
  $("answer").addEventListener("keydown", (event) => {
    if (event.key === "Escape") closed();
  });

  // -- what this server knows ----------------------------------------------------------------------

  const begin = async () => {
    try {
      const about = await (await ask("/api/about")).json();
      state.about = about;
      settled();
      $("token-form").hidden = true;
      const suffixes = about.formats.flatMap((one) => one.suffixes);
      picker.accept = suffixes.join(",");
      const shown = about.formats.map((one) => one.suffixes[0]).filter(Boolean);
      $("file-hint").textContent = `${shown.join(", ")}; ${size(about.size)} at most`;
      $("version").textContent = `sanctions-annotator ${about.version}`;
      $("jurisdictions").append(...about.jurisdictions.map((one) => {
        const label = make("label");
        const box = make("input", "", { type: "checkbox", name: "jurisdictions", value: one.code });
        box.dataset.name = one.name;
        label.append(box, one.name);
        return label;
      }));
    } catch (error) {
      failed(error);
    }
  };
  $("token-form").addEventListener("submit", (event) => {
    event.preventDefault();
    sessionStorage.setItem(TOKEN, $("token").value.trim());
    begin();
  });
  begin();
})();
