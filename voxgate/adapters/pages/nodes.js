// Nodes of a page. Whatever comes from a server is put in as text.

export const byId = (id) => document.getElementById(id);

export function make(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}
