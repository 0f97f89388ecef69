// The page of one campaign: shows how it stands, plays what is to be heard, and takes decisions.

import { byId, make } from "./nodes.js";
import { ask, followKeyForm, get, showKeyForm, tell, useKey, usedKey } from "./server.js";

const EVERY_MS = 3000;
const LISTS_EVERY = 10; // addresses are good for an hour, and are asked for anew long before
const MOST_PROOF = 200;
const MOST_SENTENCES = 50;
const id = decodeURIComponent(location.pathname.split("/").pop());
const api = `../v1/campaigns/${encodeURIComponent(id)}`;
const MAY = {
  start: ["planned"],
  approve: ["proofed"],
  pause: ["running"],
  resume: ["paused", "stopped"],
  cancel: ["draft", "planned", "proofing", "proofed", "running", "paused", "stopped"],
};
const WELL = ["proofed", "running", "finished"];
const ILL = ["stopped", "expired", "recalled"];

let entered = false;
let looks = 0;
let told = ""; // what the lists were asked for
let at = null; // the clip that the keyboard is at
const clips = { cells: new Map(), sentences: new Map() };

// ---- how it stands

const words = (counts) =>
  Object.entries(counts)
    .filter(([, count]) => count)
    .map(([name, count]) => `${count} ${name.replaceAll("_", " ")}`)
    .join(", ") || "none";

function show(campaign) {
  const { status, file, pinned } = campaign;
  document.title = `${campaign.id}, ${status}`;
  byId("name").textContent = campaign.id;
  tell("state", status);
  byId("state").className = WELL.includes(status) ? "well" : ILL.includes(status) ? "ill" : "";
  const voice = pinned
    ? `${pinned.model} version ${pinned.version}, ${pinned.profile ?? "its own speaker"}`
    : `${file.model}, ${file.profile ?? "its own speaker"}`;
  byId("about").textContent =
    `For ${file.purpose}. ${voice}, preset ${pinned?.preset ?? file.preset}, as ${file.format}.`;
  tell("why", campaign.why);
  const facts = [
    ["Rows", words(campaign.rows)],
    ["Recordings", words(campaign.items)],
    ["Sentences", words(campaign.sentences)],
    ["Files", words(campaign.files)],
  ];
  byId("counts").replaceChildren(
    ...facts.flatMap(([name, value]) => [make("dt", name), make("dd", value)]),
  );
  for (const [action, states] of Object.entries(MAY)) {
    byId(action).hidden = !states.includes(status);
  }
}

async function lists(campaign) {
  const signature = JSON.stringify([campaign.status, campaign.files, campaign.sentences]);
  if (signature === told && looks % LISTS_EVERY) return;
  const [proof, review] = await Promise.all([
    get(`${api}/items?proof=true&texts=true&limit=${MOST_PROOF}`),
    get(`${api}/sentences?status=needs_review&limit=${MOST_SENTENCES}`),
  ]);
  told = signature;
  fill("cells", proof.data, (cell) => cell.id, cellClip);
  fill("sentences", review.data, (sentence) => sentence.key, sentenceClip);
  byId("proof").hidden = !proof.data.length;
  byId("review").hidden = !review.data.length;
  byId("review-more").textContent = review.has_more ? "More come when these are done." : "";
  count();
}

// A clip that is shown already stays, with its player; only what is told of it changes.
function fill(list, rows, key, update) {
  const known = clips[list];
  const wanted = new Map(rows.map((row) => [key(row), row]));
  for (const [name, clip] of known) {
    if (wanted.has(name)) continue;
    quiet(clip);
    clip.node.remove();
    known.delete(name);
    if (at === clip) at = null;
  }
  for (const [name, row] of wanted) {
    if (!known.has(name)) known.set(name, newClip(list));
    const clip = known.get(name);
    clip.key = name;
    clip.url = row.output?.url ?? null;
    update(clip, row);
    clip.play.disabled = !clip.url;
    byId(list).append(clip.node);
  }
}

function newClip(list) {
  const node = make("li", undefined, { tabindex: "-1" });
  const play = make("button", "Play", { type: "button" });
  const said = make("div");
  const side = make("div");
  const fault = make("p", undefined, { class: "wrong", role: "alert" });
  node.append(play, said, side, fault);
  const clip = { list, node, play, said, side, fault, audio: null, heard: false, key: null, url: null };
  play.addEventListener("click", () => toggle(clip));
  node.addEventListener("focusin", () => goTo(clip));
  return clip;
}

function setParts(node, parts) {
  const text = JSON.stringify(parts);
  if (node.dataset.told === text) return;
  node.dataset.told = text;
  node.replaceChildren(...parts.map(([kind, words]) => make("p", words, kind ? { class: kind } : {})));
}

function wrongWith({ status, error }) {
  if (status === "needs_review") return "A sentence of it needs your ear.";
  return error.message;
}

function cellClip(clip, cell) {
  const facts = [
    `${cell.recipient_id}, ${cell.template}`,
    cell.status.replaceAll("_", " "),
    cell.output && `${cell.output.duration_s.toFixed(1)} s`,
    cell.shared_with > 1 && `the same file for ${cell.shared_with}`,
  ].filter(Boolean);
  setParts(clip.said, [
    ["", cell.text ?? "(forgotten)"],
    ["dim", facts.join(" · ")],
    ...(cell.error ? [["wrong", wrongWith(cell)]] : []),
  ]);
}

function sentenceClip(clip, sentence) {
  const faults = sentence.faults.map((fault) => fault.text).join("; ");
  const { output } = sentence;
  const facts = [
    `in ${sentence.items} recording${sentence.items === 1 ? "" : "s"}`,
    output && `${output.tries} tries, ${output.duration_s.toFixed(1)} s`,
  ].filter(Boolean);
  setParts(clip.said, [["", sentence.text], ["wrong", faults], ["dim", facts.join(" · ")]]);
  if (!clip.accept) {
    clip.accept = make("button", "Accept", { type: "button" });
    clip.accept.addEventListener("click", () => accept(clip));
    clip.side.append(clip.accept);
  }
}

function count() {
  const all = [...clips.cells.values()];
  const heard = all.filter((clip) => clip.heard).length;
  byId("heard").textContent = all.length ? `${heard} of ${all.length} of the sample heard` : "";
}

// ---- hearing

function quiet(clip) {
  if (!clip.audio) return;
  clip.audio.pause();
  URL.revokeObjectURL(clip.audio.src);
}

async function toggle(clip) {
  goTo(clip);
  if (clip.audio && !clip.audio.paused) {
    clip.audio.pause();
    return;
  }
  const others = [...clips.cells.values(), ...clips.sentences.values()];
  for (const other of others) if (other !== clip) other.audio?.pause();
  try {
    if (!clip.audio) await load(clip);
    await clip.audio.play();
    clip.fault.textContent = "";
  } catch (error) {
    if (error.name === "AbortError") return; // somebody else plays now
    clip.fault.textContent =
      error.status === 410 ? "It was called back; there is nothing to hear." : error.message;
  }
}

async function load(clip) {
  const address = new URL(clip.url, location.href);
  if (!address.pathname.startsWith("/a/")) {
    // A bucket's own address: this page may ask its own server alone.
    const link = make("a", "Open the file", { href: clip.url, target: "_blank", rel: "noreferrer" });
    clip.play.replaceWith(link);
    throw new Error("This file lies in a bucket: open it by the link beside it.");
  }
  const response = await ask(`..${address.pathname}${address.search}`);
  const audio = make("audio", undefined, { controls: "", "aria-label": "What was said" });
  audio.src = URL.createObjectURL(await response.blob());
  audio.addEventListener("play", () => (clip.play.textContent = "Pause"));
  audio.addEventListener("pause", () => (clip.play.textContent = "Play"));
  audio.addEventListener("ended", () => {
    clip.heard = true;
    clip.play.classList.add("heard");
    count();
  });
  clip.audio = audio;
  clip.node.append(audio);
}

// ---- deciding

async function post(path, body, problem) {
  tell(problem, "");
  try {
    const response = await ask(`${api}/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const campaign = await response.json();
    show(campaign);
    await lists(campaign);
    return true;
  } catch (error) {
    tell(problem, error.message);
    if (error.status === 401) askForKey();
    return false;
  }
}

async function decide(action) {
  const reason = byId("reason").value.trim();
  if (action !== "start" && !reason) {
    tell("problem", "Say why: it is kept with the decision.");
    byId("reason").focus();
    return;
  }
  if (await post(action, action === "start" ? {} : { reason }, "problem")) byId("reason").value = "";
}

async function accept(clip) {
  const reason = byId("review-reason").value.trim();
  if (!reason) {
    tell("review-problem", "Say why it is good enough: that is kept.");
    byId("review-reason").focus();
    return;
  }
  const next = neighbour(1);
  const path = `sentences/${encodeURIComponent(clip.key)}/accept`;
  if (await post(path, { reason }, "review-problem")) (next ?? at)?.node.focus();
}

// ---- keyboard

const order = () => [...clips.sentences.values(), ...clips.cells.values()];

function neighbour(step) {
  const all = order();
  return all[at ? all.indexOf(at) + step : 0];
}

function goTo(clip) {
  if (at === clip) return;
  at?.node.classList.remove("at");
  at = clip;
  at.node.classList.add("at");
}

const KEYS = {
  j: () => neighbour(1)?.node.focus(),
  k: () => neighbour(-1)?.node.focus(),
  p: () => at && !at.play.disabled && toggle(at),
  a: () => at?.accept && accept(at),
  r: () => byId(at?.list === "sentences" ? "review-reason" : "reason").focus(),
};

document.addEventListener("keydown", (event) => {
  if (!entered || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.target.closest("input, textarea, select")) return;
  const act = KEYS[event.key.toLowerCase()];
  if (!act) return;
  event.preventDefault();
  act();
});

// ---- keys of the server

function askForKey(message = "") {
  entered = false;
  tell("fault", message);
  byId("campaign").hidden = true;
  showKeyForm();
}

async function enter(given) {
  useKey(given);
  byId("key-form").hidden = true;
  try {
    const campaign = await get(api);
    show(campaign);
    await lists(campaign);
  } catch (error) {
    if (error.status === 401 || error.status === 403) askForKey(error.message);
    else if (error.status === 404) {
      tell("fault", error.message);
      byId("change-key").hidden = false;
    } else {
      tell("fault", error.message);
      setTimeout(() => enter(usedKey()), EVERY_MS);
    }
    return;
  }
  entered = true;
  tell("fault", "");
  byId("campaign").hidden = false;
  byId("change-key").hidden = false;
}

async function refresh() {
  if (!entered || document.hidden) return;
  looks += 1;
  try {
    const campaign = await get(api);
    show(campaign);
    await lists(campaign);
    tell("fault", "");
  } catch (error) {
    if (error.status === 401) askForKey(error.message);
    else tell("fault", `${error.message} What is shown is from before.`);
  }
}

byId("decide").addEventListener("submit", (event) => {
  event.preventDefault();
  const action = event.submitter?.value;
  if (action) decide(action);
});
byId("change-key").addEventListener("click", () => askForKey());
followKeyForm(enter);

setInterval(refresh, EVERY_MS);
if (document.documentElement.dataset.key === "needed") askForKey();
else await enter(null);
