// Elements of the page, made and found.

export const by = id => document.getElementById(id);

/** make returns an element with attributes (a function is a listener) and children. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** draw is make for SVG. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  set(element, attributes);
  element.append(...children.filter(c => c !== null && c !== undefined));
  return element;
}

/** set writes attributes; undefined and false remove one. */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === undefined || value === false) element.removeAttribute(name);
    else element.setAttribute(name, value === true ? "" : typeof value === "number" ? +value.toFixed(3) : value);
  }
  return element;
}

/** rich returns the nodes of a text, in which "S_F" gets its index. */
export const rich = text => text.split(/(_[A-Za-z]+)/).map((part, i) => (i % 2 ? make("sub", {}, part.slice(1)) : part));

/** say writes a text, as rich, where it differs, so that nothing is read out twice. */
export function say(element, text) {
  if (element.dataset.said === text) return;
  element.dataset.said = text;
  element.replaceChildren(...rich(text));
}

/** choose fills a select with [value, word] and chooses one. */
export function choose(select, options, chosen) {
  const key = JSON.stringify(options);
  if (select.dataset.options !== key) {
    select.replaceChildren(...options.map(([value, word]) => make("option", { value }, word)));
    select.dataset.options = key;
  }
  select.value = chosen;
}

/** keep offers a text as a file. */
export function keep(name, text, type) {
  const address = URL.createObjectURL(new Blob([text], { type }));
  make("a", { href: address, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
