// What an accessibility checker finds at once: controls without a label, links without a name, texts too faint, ids used twice.
() => {
  const bad = [];
  const say = (what, one) => bad.push(`${what}: ${one.outerHTML.slice(0, 120)}`);
  const visible = (one) => one.getClientRects().length > 0;
  for (const one of document.querySelectorAll("input, select, textarea")) {
    if (one.type !== "hidden" && visible(one) && !one.labels.length && !one.ariaLabel) say("no label", one);
  }
  for (const one of document.querySelectorAll("a, button, summary")) {
    const named = one.innerText.trim() || one.ariaLabel || one.querySelector('img[alt]:not([alt=""])');
    if (visible(one) && !named) say("no name", one);
  }
  for (const one of document.querySelectorAll("img:not([alt]), svg:not([role=img])")) say("no text", one);
  const ids = [...document.querySelectorAll("[id]")].map((one) => one.id);
  for (const id of new Set(ids)) if (ids.filter((one) => one === id).length > 1) bad.push(`id used twice: ${id}`);
  for (const once of ["h1", "main", "html[lang]"]) {
    if (document.querySelectorAll(once).length !== 1) bad.push(`not exactly one ${once}`);
  }

  // Contrast as WCAG 2.1 defines it (1.4.3), against the nearest background that is not transparent.
  const numbers = (colour) => colour.match(/[\d.]+/g).map(Number);
  const linear = (value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
  const luminance = ([r, g, b]) => 0.2126 * linear(r / 255) + 0.7152 * linear(g / 255) + 0.0722 * linear(b / 255);
  const background = (one) => {
    for (; one; one = one.parentElement) {
      const colour = numbers(getComputedStyle(one).backgroundColor);
      if ((colour[3] ?? 1) > 0) return colour;
    }
    return [255, 255, 255];
  };
  for (const one of document.querySelectorAll("main *, header *, footer *")) {
    const text = [...one.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent.trim());
    if (!text || !visible(one) || one.disabled) continue;
    const [a, b] = [luminance(numbers(getComputedStyle(one).color)), luminance(background(one))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < 4.5) say(`contrast ${ratio.toFixed(2)}`, one);
  }
  return bad;
}
