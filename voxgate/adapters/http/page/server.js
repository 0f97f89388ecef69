// What our pages share: questions to the server. The key is in a variable of this module and nowhere
// else.

import { byId } from "./nodes.js";

const KEY = /^vg_[a-z0-9]+_[\w-]+$/i;

let key = null;

export const usedKey = () => key;

export function useKey(given) {
  key = given;
}

export function tell(id, text) {
  const node = byId(id);
  node.hidden = !text;
  if (node.textContent !== text) node.textContent = text; // or it would be read out again
}

export class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

export async function ask(path, options = {}) {
  const headers = { ...options.headers, ...(key ? { Authorization: `Bearer ${key}` } : {}) };
  let response;
  try {
    response = await fetch(path, { ...options, headers, cache: "no-store", credentials: "omit" });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Refusal(0, "The server does not answer.");
  }
  if (response.ok) return response;
  const problem = await response.json().catch(() => ({}));
  throw new Refusal(response.status, problem.detail || `The server answers ${response.status}.`);
}

export const get = async (path) => (await ask(path)).json();

// What is typed into the form of keys goes to `enter`; null where none is needed.
export function followKeyForm(enter) {
  byId("no-key").addEventListener("click", () => enter(null));
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    const given = byId("key").value.trim();
    byId("key").value = "";
    if (KEY.test(given)) enter(given);
    else tell("fault", "This is no key of this server: they start with vg_.");
  });
}

export function showKeyForm() {
  byId("change-key").hidden = true;
  byId("no-key").hidden = document.documentElement.dataset.key === "needed";
  byId("key-form").hidden = false;
  byId("key").focus();
}
