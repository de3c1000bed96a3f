/* The behaviour of the shell. Everything here only helps: without it every link and every form works the same.
   Nothing about a person is kept in the browser. Texts come from data-text-* on <body>, so they are translated there. */
(() => {
  "use strict";
  const root = document.documentElement;
  const body = document.body;
  const text = (name) => body.dataset[`text${name}`] || "";
  const $ = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  root.classList.add("js");

  /* Messages: good news leaves by itself, unless somebody is reading it; bad news stays until it is closed. */
  const STAY = 7000;
  const dismiss = (note) => note.remove();
  const prepareNote = (note) => {
    if (note.dataset.ready) return;
    note.dataset.ready = "1";
    const close = document.createElement("button");
    close.type = "button";
    close.className = "btn btn-sm btn-icon";
    close.setAttribute("aria-label", text("Close"));
    close.textContent = "✕";
    close.addEventListener("click", () => dismiss(note));
    note.append(close);
    if (note.matches(".bad, .soon")) return;
    const long = $("form", note) ? 2 * STAY : STAY;
    let timer = setTimeout(dismiss, long, note);
    const hold = () => clearTimeout(timer);
    const release = () => { hold(); timer = setTimeout(dismiss, long, note); };
    for (const name of ["mouseenter", "focusin"]) note.addEventListener(name, hold);
    for (const name of ["mouseleave", "focusout"]) note.addEventListener(name, release);
  };
  const say = (message, tone = "info") => {
    const box = $("#messages");
    if (!box || !message) return;
    const note = document.createElement("div");
    note.className = `toast-note ${tone}`;
    note.dataset.toast = "";
    const line = document.createElement("p");
    line.textContent = message;
    note.append(line);
    box.append(note);
    prepareNote(note);
  };

  /* Dialogs: data-open="id" on a link or button; the link's own address is the way without script. */
  const openDialog = (id) => {
    const dialog = document.getElementById(id);
    if (!(dialog instanceof HTMLDialogElement) || dialog.open) return false;
    dialog.showModal();
    return true;
  };
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    if (opener && openDialog(opener.dataset.open)) event.preventDefault();
    const closer = event.target.closest("[data-close]");
    if (closer) closer.closest("dialog, details")?.[closer.closest("dialog") ? "close" : "removeAttribute"]("open");
    if (event.target instanceof HTMLDialogElement && event.target.open) {
      const box = event.target.getBoundingClientRect();
      const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
      if (!inside) event.target.close();
    }
    for (const menu of all("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
    if (!event.target.closest(".find")) clearHits();
    const copier = event.target.closest("[data-copy]");
    if (copier) copy(copier.dataset.copy);
    const focuser = event.target.closest("[data-focus-search]");
    if (focuser && focusSearch()) event.preventDefault();
  });

  /* "Log a call" chooses the kind in the form on the page and puts the cursor there. */
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-write]");
    const radio = opener && $(`#write input[value="${opener.dataset.write}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    $("#write textarea").focus();
  });

  const copy = async (id) => {
    const source = document.getElementById(id);
    if (!source) return;
    await navigator.clipboard.writeText(source.textContent.trim());
    say(text("Copied"), "ok");
  };

  /* Search: the words travel in the body of a request only, and the list of hits goes away with the focus. */
  const field = () => $("#find");
  const clearHits = () => $("#find-hits")?.replaceChildren();
  const focusSearch = () => {
    const input = field();
    if (!input) return false;
    const side = $("#side");
    if (side && !input.offsetParent && side.showPopover) side.showPopover();
    input.focus();
    input.select();
    return true;
  };
  const moveInHits = (event) => {
    const find = event.target.closest?.(".find");
    if (!find || !["ArrowDown", "ArrowUp"].includes(event.key)) return;
    const stops = [field(), ...all("#find-hits a", find)];
    const next = stops[stops.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1)];
    if (next) { event.preventDefault(); next.focus(); }
  };

  /* Keys. A single letter never acts while somebody writes (WCAG 2.1.4: only with the focus outside of fields). */
  const writing = (target) => target.closest?.("input, textarea, select, [contenteditable]");
  const keys = {
    "/": focusSearch,
    "?": () => openDialog("keys"),
    n: () => {
      const address = $("[data-keys]")?.dataset.new;
      if (address) location.assign(address);
      return Boolean(address);
    },
  };
  document.addEventListener("keydown", (event) => {
    moveInHits(event);
    if (event.key === "Escape") {
      clearHits();
      for (const light of all(".light:is(:hover, :focus-within)")) {
        light.classList.add("shut");
        for (const name of ["mouseleave", "focusout"]) light.addEventListener(name, () => light.classList.remove("shut"), { once: true });
      }
      for (const menu of all("details.menu[open]")) {
        if (menu.contains(document.activeElement)) $("summary", menu).focus();
        menu.open = false;
      }
      event.target.closest?.("form")?.querySelector("[data-cancel]")?.click();
      if (event.target === field()) field().blur();
      return;
    }
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form?.method === "post") {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || writing(event.target) || $("dialog[open]")) return;
    if (keys[event.key]?.()) event.preventDefault();
  });

  /* A form is sent once. The buttons come back when the page does, or when a file was answered instead of a page. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    if (form.hasAttribute("hx-post") || form.hasAttribute("hx-get")) return;  // below, by htmx's own events
    form.dataset.sent = "1";
    const button = event.submitter;
    setTimeout(() => { button?.setAttribute("aria-busy", "true"); });
    setTimeout(restore, form.hasAttribute("data-download") ? 2000 : 10000, form);
  });
  const restore = (form) => {
    delete form.dataset.sent;
    for (const button of all("[aria-busy]", form)) button.removeAttribute("aria-busy");
  };
  const posting = (event) => event.detail.elt.matches?.("form[hx-post]:not([hx-sync], [data-auto])") && event.detail.elt;
  body.addEventListener("htmx:beforeRequest", (event) => {
    const form = posting(event);
    if (!form) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    event.detail.requestConfig.triggeringEvent?.submitter?.setAttribute("aria-busy", "true");
  });
  body.addEventListener("htmx:afterRequest", (event) => { const form = posting(event); if (form) restore(form); });
  addEventListener("pageshow", () => all("form[data-sent]").forEach(restore));

  /* Filters apply as they change; their button is for those without script. data-auto="list" renews only #list, so that
     the focus stays in the filter. Filters hold codes and ids, never words about a person: they stand in the address. */
  const applyFilters = (form) => {
    if (form.hasAttribute("hx-get") || form.hasAttribute("hx-post")) return;  // htmx listens to the change itself
    const target = form.dataset.auto;
    if (!target || !window.htmx) { form.requestSubmit(); return; }
    const filled = [...new FormData(form)].filter(([, value]) => value !== "" && typeof value === "string");
    const address = `${location.pathname}?${new URLSearchParams(filled)}`;
    window.htmx.ajax("GET", address, { target: `#${target}`, select: `#${target}`, swap: "outerHTML" })
      .then(() => history.replaceState(null, "", address));
  };
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form?.hasAttribute("data-auto")) applyFilters(form);
    const zone = event.target.closest(".drop");
    if (zone) showFiles(zone, event.target);
  });

  const showFiles = (zone, input) => {
    const names = $(".drop-names", zone);
    if (names) names.textContent = [...input.files].map((file) => file.name).join(", ");
    if (zone.dataset.drop === "auto" && input.files.length) input.form?.requestSubmit();
  };
  for (const name of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(name, (event) => {
      const zone = event.target.closest?.(".drop");
      if (name === "dragover" && event.dataTransfer?.types.includes("Files")) event.preventDefault();
      if (!zone) { if (name === "drop" && event.dataTransfer?.files.length) event.preventDefault(); return; }
      event.preventDefault();
      zone.classList.toggle("over", name === "dragover");
      if (name !== "drop") return;
      const input = $("input[type=file]", zone);
      input.files = event.dataTransfer.files;
      input.dispatchEvent(new Event("change", { bubbles: true }));
    });
  }

  /* What every piece of a page needs, when it arrives with the page or by htmx. */
  const prepare = (piece) => {
    all("[data-toast]", piece).forEach(prepareNote);
    if (navigator.clipboard) all("[data-copy]", piece).forEach((button) => { button.hidden = false; });
    all("form:is([data-auto], :has([data-drop=auto])) [data-auto-hidden]", piece).forEach((button) => { button.hidden = true; });
    $("[data-focus]", piece)?.focus();
    const first = $("[data-focus-first]", piece);
    if (first) ($(".is-invalid", first) || $("input:not([type=hidden])", first))?.focus();
  };
  prepare(document);
  /* htmx notes the present address in sessionStorage even when it caches no pages; it works as well without the note. */
  const forget = () => sessionStorage.removeItem("htmx-current-path-for-history");
  forget();
  for (const name of ["htmx:pushedIntoHistory", "htmx:replacedInHistory"]) body.addEventListener(name, () => setTimeout(forget));
  body.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentElement || event.detail.elt));
  /* Whoever was signed out meanwhile gets the sign-in as a page, never inside a panel. */
  body.addEventListener("htmx:beforeSwap", (event) => {
    const address = event.detail.xhr.responseURL;
    if (!address || !body.dataset.login || new URL(address).pathname !== body.dataset.login) return;
    event.detail.shouldSwap = false;
    location.reload();
  });
  body.addEventListener("htmx:responseError", (event) => {
    say([401, 403].includes(event.detail.xhr.status) ? text("Denied") : text("Failed"), "bad");
  });
  body.addEventListener("htmx:sendError", () => say(text("Offline"), "bad"));
  body.addEventListener("toast", (event) => say(event.detail.text, event.detail.tone));

  matchMedia("(min-width: 56.0625rem)").addEventListener("change", () => {
    const side = $("#side");
    if (side?.matches(":popover-open")) side.hidePopover();
  });
})();
