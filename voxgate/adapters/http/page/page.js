// The service's page: asks for the status, shows it, and speaks what a person types.

import { byId, make } from "./nodes.js";
import { Refusal, ask, followKeyForm, get, showKeyForm, tell, useKey, usedKey } from "./server.js";
import { Player } from "./sound.js";

const EVERY_MS = 2000;
const CHOICES_EVERY = 5; // so many looks at the status go before voices and presets are read again
const OUTCOMES = ["spoken", "refused", "overloaded", "failed", "left", "broken"];
const CACHE = { hit: "kept", join: "shared with a request at the same time", miss: "made for this" };

let entered = false;
let looks = 0;
let turn = null; // what is being said: { abort, player }

function tellAll(id, texts) {
  const node = byId(id);
  const told = [...node.children].map((item) => item.textContent);
  if (JSON.stringify(told) === JSON.stringify(texts)) return;
  node.replaceChildren(...texts.map((text) => make("li", text)));
}

// ---- numbers

const number = (value) => (value === undefined || value === null ? "–" : String(value));
const seconds = (value) =>
  value === undefined ? "–" : value < 1 ? `${Math.round(1000 * value)} ms` : `${value.toFixed(1)} s`;
const factor = (value) => (value === undefined ? "–" : value.toFixed(value < 0.1 ? 3 : 2));
const time = (text) => (text ? new Date(text).toLocaleString() : "–");

// ---- what is shown

function fillTable(id, heads, rows, nothing) {
  const head = make("tr");
  head.append(...heads.map((text) => (text ? make("th", text, { scope: "col" }) : make("td"))));
  const body = make("tbody");
  for (const [first, ...rest] of rows) {
    const row = make("tr");
    row.append(make("th", first, { scope: "row" }), ...rest.map((text) => make("td", text)));
    body.append(row);
  }
  if (!rows.length) {
    const row = make("tr");
    row.append(make("td", nothing, { class: "dim" }));
    body.append(row);
  }
  const top = make("thead");
  top.append(head);
  byId(id).replaceChildren(...(rows.length ? [top, body] : [body]));
}

function show(status) {
  tell("state", status.ready ? "ready" : "not ready");
  byId("state").className = status.ready ? "well" : "ill";
  byId("about").textContent = `voxgate ${status.version}, started ${time(status.started_at)}`;
  byId("degraded").hidden = !status.degraded.length;
  tellAll("degraded-list", status.degraded);
  fillTable(
    "live",
    ["Model", "Version", "Since"],
    status.models.map((model) => [
      model.id,
      number(model.live),
      model.live ? time(model.live_since) : (model.why_not ?? "–"),
    ]),
    "no model is served",
  );
  showLanes(status.lanes);
  showRecent(status.recent);
  showRequests(status.since_start, status.lanes);
  offerModels(status.models);
}

// A column for each lane, so that a phone has room for it.
function fillByLane(id, lanes, rows, nothing) {
  const heads = ["", ...lanes.map((lane) => lane.replaceAll("_", " "))];
  fillTable(id, heads, lanes.length ? rows.map(([name, of]) => [name, ...lanes.map(of)]) : [], nothing);
}

function showLanes(lanes) {
  const spare = ({ warm, places, spares }) => Math.max(0, warm - (places - (spares ?? 0)));
  const rows = [
    ["Workers warm", ({ workers }) => `${number(workers.warm)} of ${number(workers.places)}`],
    ["Warm and spare", ({ workers }) => number(spare(workers))],
    ["At work", ({ workers }) => number(workers.at_work)],
    ["Waiting", ({ queue_depth }) => number(queue_depth)],
    ["Longest wait", ({ queue_depth, oldest_age_s }) => (queue_depth ? seconds(oldest_age_s) : "–")],
  ].map(([name, of]) => [name, (lane) => of(lanes[lane])]);
  fillByLane("lanes", Object.keys(lanes), rows, "no lane is open");
}

function showRecent({ window_s, first_audio_s, real_time_factor }) {
  const first = (name) => [
    `First audio, ${name}`,
    (lane) => seconds(first_audio_s[lane][name]),
  ];
  const played = (name) => [
    `Real-time factor, ${name}`,
    (lane) => factor(real_time_factor[lane]?.[name]),
  ];
  const rows = [
    ["Answers", (lane) => number(first_audio_s[lane].count)],
    ...["p50", "p95", "p99"].map(first),
    ...["p50", "p95"].map(played),
  ];
  fillByLane("recent", Object.keys(first_audio_s), rows, "nothing was said lately");
  byId("recent-note").textContent =
    `Of the last ${Math.round(window_s / 60)} minutes. ` +
    "The real-time factor is the time to the last audio by its length.";
}

function showRequests({ outcomes, cache, not_begun }, lanes) {
  const names = [...new Set([...Object.keys(lanes), ...Object.keys(outcomes)])];
  const rows = OUTCOMES.map((outcome) => [outcome, (lane) => number(outcomes[lane]?.[outcome] ?? 0)]);
  fillByLane("requests", names, rows, "no lane is open");
  const counted = (counts) =>
    Object.entries(counts).map(([name, count]) => `${name.replaceAll("_", " ")} ${count}`).join(", ");
  byId("requests-note").textContent = [
    "Since the start.",
    counted(cache) && `First sentences: ${counted(cache)}.`,
    counted(not_begun) && `Not begun: ${counted(not_begun)}.`,
  ].filter(Boolean).join(" ");
}

// ---- choices; what a person chose stays chosen, and is not changed for another without a word

function offer(id, options) {
  const select = byId(id);
  const told = JSON.stringify(options);
  if (select.dataset.told === told) return;
  const chosen = select.value;
  select.dataset.told = told;
  select.replaceChildren(...options.map(([value, text]) => make("option", text, { value })));
  if (options.some(([value]) => value === chosen)) select.value = chosen;
  else if (chosen) tell("problem", `The ${id} ${chosen} is not offered any more.`);
}

function offerModels(models) {
  const alive = models.filter((model) => model.live !== null && model.live !== undefined);
  byId("speak").disabled = !alive.length;
  offer("model", alive.map((model) => [model.id, `${model.id}, version ${model.live}`]));
}

async function offerTheRest() {
  const [{ voices }, { presets }] = await Promise.all([get("v1/audio/voices"), get("v1/presets")]);
  const model = byId("model").value;
  const standing = ({ standings }) => standings?.[model];
  const named = (row) => [row.id, standing(row) ? `${row.id}, ${standing(row)}` : row.id];
  offer("voice", [["default", "the model’s own"], ...voices.map(named)]);
  offer("preset", [["", "the default"], ...presets.map((row) => [row.id, row.id])]);
}

// ---- speaking

async function speak() {
  hush();
  tell("problem", "");
  const text = byId("text").value.trim();
  if (!text) {
    tell("problem", "Type what is to be said.");
    byId("text").focus();
    return;
  }
  const own = { abort: new AbortController(), player: new Player() };
  turn = own;
  byId("stop").hidden = false;
  byId("answer").hidden = true;
  tell("progress", "Speaking …");
  const begun = performance.now();
  const since = () => (performance.now() - begun) / 1000;
  try {
    const response = await ask("v1/audio/speech", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(wanted(text)),
      signal: own.abort.signal,
    });
    let first;
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      first ??= since();
      own.player.take(part.value);
    }
    showAnswer(response, own.player, { first, whole: since() });
    tell("progress", "");
    refresh();
    await own.player.quiet();
    own.player.stop();
  } catch (error) {
    if (turn !== own) return; // it was stopped, and nothing more is to be told of it
    own.player.stop();
    tell("progress", "");
    const broken = !(error instanceof Refusal);
    tell("problem", broken ? "The answer broke off; what was heard is not the whole." : error.message);
    if (error.status === 401) askForKey();
  } finally {
    if (turn === own) byId("stop").hidden = true;
  }
}

function wanted(text) {
  const preset = byId("preset").value;
  return {
    model: byId("model").value,
    voice: byId("voice").value,
    input: text,
    response_format: "wav",
    ...(preset ? { preset } : {}),
  };
}

function showAnswer(response, player, { first, whole }) {
  const audio = byId("audio");
  if (audio.src) URL.revokeObjectURL(audio.src);
  audio.src = URL.createObjectURL(player.file());
  const header = (name) => response.headers.get(name) ?? "–";
  const cache = header("X-Voxgate-Cache");
  const facts = [
    ["First byte", seconds(first)],
    ["Whole", `${seconds(whole)} for ${player.durationS.toFixed(1)} s of audio`],
    ["Model", header("X-Voxgate-Model")],
    ["Preset", header("X-Voxgate-Preset")],
    ["Seed", header("X-Voxgate-Seed")],
    ["Cache", `${cache}: ${CACHE[cache] ?? "–"}`],
    ["Request", header("X-Request-ID")],
  ];
  byId("facts").replaceChildren(
    ...facts.flatMap(([name, value]) => [make("dt", name), make("dd", value)]),
  );
  byId("answer").hidden = false;
}

function hush() {
  turn?.abort.abort();
  turn?.player.stop();
  turn = null;
  byId("audio").pause();
  byId("stop").hidden = true;
  tell("progress", "");
}

// ---- keys

function askForKey(message = "") {
  entered = false;
  hush();
  tell("fault", message);
  byId("service").hidden = true;
  byId("degraded").hidden = true;
  showKeyForm();
}

async function enter(given) {
  useKey(given);
  byId("key-form").hidden = true;
  try {
    show(await get("v1/status"));
    await offerTheRest();
  } catch (error) {
    if (error.status === 401) askForKey(error.message);
    else askAgain(error);
    return;
  }
  entered = true;
  tell("fault", "");
  byId("service").hidden = false;
  byId("change-key").hidden = false;
  byId("text").focus();
}

function askAgain(error) {
  tell("fault", error.message);
  setTimeout(() => enter(usedKey()), EVERY_MS);
}

async function refresh() {
  if (!entered || document.hidden) return;
  try {
    show(await get("v1/status"));
    looks += 1;
    if (looks % CHOICES_EVERY === 0) await offerTheRest();
    tell("fault", "");
  } catch (error) {
    if (error.status === 401) askForKey(error.message);
    else tell("fault", `${error.message} The figures below are from before.`);
  }
}

// ---- what a person does

byId("speech").addEventListener("submit", (event) => {
  event.preventDefault();
  speak();
});
byId("text").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) byId("speech").requestSubmit();
});
byId("stop").addEventListener("click", hush);
byId("audio").addEventListener("play", () => turn?.player.stop());
byId("change-key").addEventListener("click", () => askForKey());
followKeyForm(enter);

setInterval(refresh, EVERY_MS);
if (document.documentElement.dataset.key === "needed") askForKey();
else await enter(null);
