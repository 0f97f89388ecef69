// What the pages of a desk share: questions to its server, one action at a time, and faults told.

import { byId } from "./nodes.js";

export function complain(message) {
  byId("problem").textContent = message;
  byId("problem").hidden = !message;
}

export async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The server does not answer. Answers up to here are kept; start it again.");
  }
  if (!response.ok) {
    const fault = await response.json().catch(() => ({ message: response.statusText }));
    throw new Error(fault.message);
  }
  return response;
}

export const get = async (path) => (await ask(path)).json();

export async function post(path, answer) {
  const headers = { "Content-Type": "application/json" };
  return (await ask(path, { method: "POST", headers, body: JSON.stringify(answer) })).json();
}

let busy = false;

// A second action while one is under way is dropped: a key pressed twice answers once.
export async function guarded(action) {
  if (busy) return;
  busy = true;
  complain("");
  try {
    await action();
  } catch (error) {
    complain(error.message);
  } finally {
    busy = false;
  }
}
