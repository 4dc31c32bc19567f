// What pages do beyond HTML. Without this script everything works; with it less has to be loaded anew.
"use strict";

// A choice in a filter takes effect at once, where its form says so.
document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-live]");
  if (form) form.requestSubmit();
});

// A list with data-stream is kept up to date: rows that come slide in above, those that changed change where they stand.
// The connection is given up while nobody looks, since browsers open no more than six to a host.
for (const list of document.querySelectorAll("[data-stream]")) {
  let source = null, last = list.dataset.after;

  const told = (event) => {
    last = event.lastEventId;
    const holder = document.createElement("template");
    holder.innerHTML = event.data;
    const row = holder.content.firstElementChild, known = document.getElementById(row.id);
    if (event.type === "event.retracted") known?.remove();
    else if (known === null) list.prepend(row);
    else if (event.type === "event.updated") known.replaceWith(row);
  };

  const listen = () => {
    source?.close();
    source = null;
    if (document.hidden) return;
    const address = new URL(list.dataset.stream, location.href);
    address.searchParams.set("after", last);
    source = new EventSource(address);
    for (const type of ["event.created", "event.updated", "event.retracted"]) source.addEventListener(type, told);
  };

  document.addEventListener("visibilitychange", listen);
  addEventListener("pagehide", () => source?.close());
  addEventListener("pageshow", (event) => { if (event.persisted) listen(); });
  listen();
}

// The menu of a narrow screen closes when one of its links is followed within the page.
document.addEventListener("click", (event) => {
  const menu = event.target.closest("#menu:popover-open");
  if (menu && event.target.closest("a[href^='#']")) menu.hidePopover();
});

// A name that was suggested goes into its field at once; without this script the server puts it there.
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-into]"), area = button && document.getElementById(button.dataset.into);
  if (!area) return;
  event.preventDefault();
  const names = area.value.split("\n").map((one) => one.trim()).filter(Boolean);
  if (!names.includes(button.dataset.name)) names.push(button.dataset.name);
  area.value = names.join("\n") + "\n";
  const input = button.closest(".picker").querySelector("input");
  input.value = "";
  button.closest(".suggested").remove();
  input.focus();
});

// Enter in a field of names takes the first one that is suggested for what stands there.
document.addEventListener("keydown", (event) => {
  const input = event.key === "Enter" && !event.isComposing && event.target.closest(".picker input");
  const list = input && input.closest(".picker").querySelector(".suggested");
  if (!list || list.dataset.text !== input.value.trim()) return;
  event.preventDefault();
  list.querySelector("button")?.click();
});
