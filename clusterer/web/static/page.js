"use strict";
(() => {
  const QUIET_MS = 250;
  const REFRESH_MS = 1500;
  const AWAITED_LOOKS = 400; // ten minutes
  const list = document.getElementById("clusters");
  const filters = document.getElementById("filters");
  const near = document.getElementById("near");

  const fetched = async (address, signal) => {
    const answer = await fetch(address, { credentials: "same-origin", signal });
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  };

  // -- the list: typed filters and live changes fetch it again; the server renders it, so that text stays text

  let asked = null;
  const show = async (address) => {
    if (asked) asked.abort();
    asked = new AbortController();
    const wanted = new URL(address, location.href);
    wanted.searchParams.set("part", "clusters");
    let html;
    try { html = await fetched(wanted, asked.signal); } catch { return; }
    const known = new Set([...list.querySelectorAll("[data-key]")].map((one) => one.dataset.key));
    const focused = list.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
    list.innerHTML = html;
    return { known, focused };
  };
  const restoreFocus = (focused) => {
    if (focused) [...list.querySelectorAll("a")].find((one) => one.getAttribute("href") === focused)?.focus();
  };

  const addressOfForm = () => {
    const wanted = new URL(filters.action);
    for (const [name, value] of new FormData(filters)) if (value && value !== "velocity") wanted.searchParams.set(name, value);
    return wanted;
  };

  if (filters && list) {
    let timer = 0;
    const search = async () => {
      const wanted = addressOfForm();
      history.replaceState(null, "", wanted);
      await show(wanted);
      const text = filters.elements.q.value.trim();
      if (!text) { near.replaceChildren(); return; }
      const address = new URL(near.dataset.near, location.href);
      address.searchParams.set("q", text);
      try {
        const html = await fetched(address);
        if (filters.elements.q.value.trim() === text) near.innerHTML = html;
      } catch { near.replaceChildren(); }
    };
    filters.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, QUIET_MS); });
    filters.addEventListener("submit", (event) => { event.preventDefault(); clearTimeout(timer); search(); });
    if (filters.elements.q.value) search();
  }

  if (list?.dataset.live && !new URLSearchParams(location.search).has("cursor")) {
    let timer = 0;
    const refresh = async () => {
      timer = 0;
      const before = await show(location.href);
      if (!before) return;
      for (const one of list.querySelectorAll("[data-key]")) if (!before.known.has(one.dataset.key)) one.classList.add("fresh");
      restoreFocus(before.focused);
    };
    const changes = new EventSource(list.dataset.live);
    changes.addEventListener("open", () => { list.dataset.following = "yes"; });
    changes.addEventListener("change", () => { timer ||= setTimeout(refresh, REFRESH_MS); });
  }

  // -- parts that may take longer than the page; the clusters in them are offered where one is to be named

  for (const place of document.querySelectorAll("[data-load]")) {
    fetched(place.dataset.load).then((html) => {
      place.innerHTML = html;
      const offered = document.getElementById("others");
      for (const one of offered ? place.querySelectorAll("[data-id]") : []) {
        const option = document.createElement("option");
        option.value = one.dataset.title || one.dataset.id;
        offered.append(option);
      }
    }).catch(() => {});
  }

  // -- what a worker was asked for: the page is looked at again until its report is there

  const ordered = document.querySelector("[data-awaits]");
  if (ordered) {
    let looksLeft = AWAITED_LOOKS;
    const look = async () => {
      try {
        const page = new DOMParser().parseFromString(await fetched(ordered.dataset.awaits), "text/html");
        const notice = page.getElementById("ordered");
        if (!notice.dataset.awaits) {
          document.getElementById("reports").replaceWith(page.getElementById("reports"));
          ordered.textContent = notice.textContent;
          return;
        }
      } catch { /* the server is away for a moment */ }
      if (--looksLeft) setTimeout(look, REFRESH_MS);
    };
    setTimeout(look, REFRESH_MS);
  }

  // -- small things

  for (const field of document.querySelectorAll("[data-remember]")) {
    const key = `clusterer.${field.dataset.remember}`;
    field.value ||= localStorage.getItem(key) || "";
    field.addEventListener("change", () => localStorage.setItem(key, field.value));
  }
  for (const field of document.querySelectorAll("[data-submit]")) field.addEventListener("change", () => field.form.submit());
  for (const button of document.querySelectorAll("[data-needs]")) {
    const form = button.form;
    const update = () => { button.disabled = !form.querySelector(`[name="${button.dataset.needs}"]:checked`); };
    form.addEventListener("change", update);
    update();
  }
})();
