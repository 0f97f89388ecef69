// The review page: shows one clip after the other and sends decisions. Sound and shape of the next
// clips are fetched while one is heard.

import { get, guarded, post } from "./desk.js";
import { byId, make } from "./nodes.js";
import { GRID_MS, drawWave, seconds, showCursor, showEdges, showWords } from "./picture.js";
import { fetchSound, keepSounds, playPart, player } from "./sound.js";

const STEP_MS = 20;
const MIN_LEFT_MS = 300;
const EDGE_MS = 700; // what is heard after an edge was moved
const SPEEDS = [1, 1.25, 1.5];
const AHEAD = 2;
const PACE_CLIPS = 20;
const LONGEST_PAUSE_S = 60; // who was away does not become slow by it

const undoable = [];
const paces = [];
let room;
let current = 0;
let clip;
let sound;
let trim;
let kept = false;
let speed = 0;
let since;

// ---- sound

// What comes next: those that are open, and the one that `next` leads to.
function fetchAhead() {
  const numbers = [...room.states.keys()].slice(0, inScope());
  const open = numbers.filter((number) => number > current && room.states[number] === "open");
  const wanted = new Set([current - 1, current, current + 1, ...open.slice(0, AHEAD)]);
  keepSounds(wanted);
  for (const number of wanted) {
    if (number > current && number < inScope()) fetchSound(number).catch(() => {});
  }
}

async function hear(startMs, endMs) {
  if (!sound) return;
  await playPart(sound, startMs, endMs, SPEEDS[speed]);
  if (!player.paused) requestAnimationFrame(follow);
}

function toggle() {
  if (!player.paused) player.pause();
  else hear(...trim);
}

function follow() {
  const playing = !player.paused && clip;
  showCursor(clip, playing ? Number(player.dataset.start) + player.currentTime * 1000 : null);
  if (playing) requestAnimationFrame(follow);
}
player.addEventListener("play", () => { document.body.dataset.playing = current; });
for (const end of ["pause", "ended"]) {
  player.addEventListener(end, () => {
    delete document.body.dataset.playing;
    follow();
  });
}

// ---- edges

let edgeTimer;

function moveEdge(which, toMs, quick) {
  let [start, end] = trim;
  const at = Math.round(toMs / GRID_MS) * GRID_MS;
  if (which === 0) start = Math.max(0, Math.min(at, end - MIN_LEFT_MS));
  else end = Math.min(clip.duration_ms, Math.max(at, start + MIN_LEFT_MS));
  if (start >= 0 && start < end) trim = [start, end];
  showEdges(clip, trim);
  clearTimeout(edgeTimer);
  const [from, to] = trim;
  const part = which === 0 ? [from, Math.min(to, from + EDGE_MS)] : [Math.max(from, to - EDGE_MS), to];
  edgeTimer = setTimeout(() => hear(...part), quick ? 0 : 250);
}

const nudge = (which, direction) => moveEdge(which, trim[which] + direction * STEP_MS);

for (const [which, id] of ["edge-start", "edge-end"].entries()) {
  const edge = byId(id);
  let grabbed = 0;
  const under = (event) => {
    const box = byId("wave").getBoundingClientRect();
    return (clip.duration_ms * (event.clientX - box.left)) / box.width;
  };
  const move = (event, quick) => moveEdge(which, under(event) - grabbed, quick);
  edge.addEventListener("pointerdown", (event) => {
    grabbed = under(event) - trim[which];
    edge.setPointerCapture(event.pointerId);
    edge.focus({ preventScroll: true });
    event.preventDefault();
  });
  edge.addEventListener("pointermove", (event) => {
    if (edge.hasPointerCapture(event.pointerId)) move(event);
  });
  edge.addEventListener("pointerup", (event) => move(event, true));
}

byId("wave").addEventListener("click", (event) => {
  const at = (clip.duration_ms * event.offsetX) / byId("wave").clientWidth;
  hear(Math.min(Math.max(at, trim[0]), trim[1] - GRID_MS), trim[1]);
});

// ---- a clip

const sentence = (text) => text.charAt(0).toUpperCase() + text.slice(1);

function clock(s) {
  const [h, m] = [Math.floor(s / 3600), Math.floor((s % 3600) / 60)];
  const rest = (s % 60).toFixed(2).padStart(5, "0");
  return h ? `${h}:${String(m).padStart(2, "0")}:${rest}` : `${m}:${rest}`;
}

async function show(number, { play = true } = {}) {
  current = number;
  player.pause();
  clearTimeout(edgeTimer);
  sound = undefined;
  clip = await get(`clips/${number}`);
  byId("done").hidden = true;
  byId("clip").hidden = false;
  showClip();
  showProgress();
  since = performance.now();
  byId("where").focus({ preventScroll: true });
  const fetched = await fetchSound(number);
  if (number !== current) return;
  sound = fetched;
  drawWave(clip, sound);
  byId("clip").dataset.ready = number;
  if (play) hear(...trim);
  fetchAhead();
}

function showClip() {
  const { decision } = clip;
  const end_s = clip.start_s + clip.duration_ms / 1000;
  byId("where").textContent = `${clip.source}, ${clock(clip.start_s)} to ${clock(end_s)}`;
  byId("reasons").replaceChildren(
    ...clip.reasons.map(({ title, found, remedy }) => {
      const item = make("li");
      item.append(make("strong", sentence(title)), `: ${found}. `, make("span", `${sentence(remedy)}.`, { class: "dim" }));
      return item;
    }),
  );
  if (!clip.reasons.length) {
    byId("reasons").append(make("li", "Kept: nothing is doubted here.", { class: "kept" }));
  }
  const verdict = byId("verdict");
  verdict.hidden = !decision;
  verdict.className = decision?.decision ?? "";
  verdict.textContent = decision
    ? `${decision.decision === "accept" ? "Accepted" : "Rejected"} by ${decision.by}, ${new Date(decision.at).toLocaleString()}`
    : "";
  const text = byId("text");
  text.value = decision?.text ?? clip.text;
  text.lang = clip.language;
  trim = [...(decision?.trim_ms ?? [0, clip.duration_ms])];
  byId("measures").textContent = Object.entries(clip.measures).map(tellMeasure).join(" · ");
  byId("undo").disabled = !undoable.length && !decision;
  drawWave(clip, sound);
  showWords(clip, hear);
  showEdges(clip, trim);
  showHeard();
}

// The names of measures end in their unit: snr_db, aligners_apart_s.
function tellMeasure([name, value]) {
  const [, plain, unit] = name.match(/^(.*?)(?:_(s|db))?$/);
  const shown = { s: " s", db: " dB" }[unit] ?? "";
  return `${plain.replaceAll("_", " ")} ${Number(value.toFixed(2))}${shown}`;
}

function showHeard() {
  const changed = byId("text").value.trim() !== clip.text.trim();
  byId("heard").hidden = !changed;
  byId("heard").textContent = changed ? `The import heard: ${clip.text}` : "";
}

// ---- decisions

async function send(number, answer) {
  const told = await post(`clips/${number}/decision`, answer);
  room.states = told.states;
  return told.clip;
}

async function decide(decision) {
  const answer = { decision, seen: clip.seen };
  if (decision === "accept") Object.assign(answer, { text: byId("text").value, trim_ms: trim });
  const number = current;
  try {
    const { seen } = await send(number, answer);
    undoable.push({ number, seen });
  } catch (error) {
    await refresh(number);
    throw error;
  }
  paces.push(Math.min((performance.now() - since) / 1000, LONGEST_PAUSE_S));
  await moveOn();
}

// Somebody else may have decided: show that, and leave what is written here alone.
async function refresh(number) {
  const [text, edges] = [byId("text").value, trim];
  clip = await get(`clips/${number}`);
  showClip();
  byId("text").value = text;
  trim = edges;
  showEdges(clip, trim);
  showHeard();
}

async function undo() {
  const last = undoable.pop() ?? (clip.decision ? { number: current, seen: clip.seen } : undefined);
  if (!last) return;
  await send(last.number, { decision: "undo", seen: last.seen });
  await show(last.number, { play: false });
}

// ---- moving on

const inScope = () => (kept ? room.states.length : room.doubtful);

const open = () => room.states.slice(0, inScope()).filter((state) => state === "open").length;

async function moveOn() {
  const states = room.states.slice(0, inScope());
  const later = states.indexOf("open", current + 1);
  const next = later >= 0 ? later : states.indexOf("open");
  if (next < 0) await showDone();
  else await show(next);
}

async function step(direction) {
  const next = current + direction;
  if (next >= 0 && next < inScope()) await show(next);
}

function showProgress() {
  const total = inScope();
  const left = open();
  byId("position").textContent = `${current + 1} of ${total}, ${total - left} decided`;
  byId("progress").max = total || 1;
  byId("progress").value = total - left;
  byId("pace").textContent = tellPace(left);
  byId("scope").hidden = room.doubtful === room.states.length || room.doubtful === 0;
  byId("scope").textContent = kept ? "Only the doubtful ones" : `Also the ${room.states.length - room.doubtful} kept`;
  byId("previous").disabled = current === 0;
  byId("next").disabled = current + 1 >= total;
}

function tellPace(left) {
  const recent = paces.slice(-PACE_CLIPS);
  if (!recent.length || !left) return "";
  const each = recent.reduce((sum, value) => sum + value, 0) / recent.length;
  const minutes = (each * left) / 60;
  const rest = minutes < 1 ? "less than a minute" : `about ${Math.ceil(minutes)} min`;
  return `${rest} left at ${each.toFixed(1)} s a clip`;
}

async function showDone() {
  player.pause();
  room = await get("room");
  showProgress();
  showMisfits();
  byId("clip").hidden = true;
  byId("done").hidden = false;
  byId("pace").textContent = "";
  const count = (state) => room.states.filter((own) => own === state).length;
  const left = room.states.slice(0, room.doubtful).filter((state) => state === "open").length;
  byId("done-title").textContent = left ? "Not decided yet" : "All doubtful clips are decided";
  byId("figures").replaceChildren(
    ...[["accepted", count("accept")], ["rejected", count("reject")], ["doubtful and open", left]]
      .flatMap(([name, value]) => [make("dt", name), make("dd", value)]),
  );
  byId("done-title").focus({ preventScroll: true });
}

function showMisfits() {
  byId("misfits").hidden = room.misfits.length === 0;
  byId("misfits-title").textContent = room.misfits.length === 1
    ? "1 decision no longer fits" : `${room.misfits.length} decisions no longer fit`;
  byId("misfit-rows").replaceChildren(
    ...room.misfits.map((misfit) => {
      const row = make("tr");
      const at = new Date(misfit.at).toLocaleString();
      for (const cell of [misfit.clip, misfit.decision, `${misfit.by}, ${at}`, misfit.text ?? ""]) {
        row.append(make("td", cell));
      }
      return row;
    }),
  );
}

async function changeScope() {
  kept = !kept;
  if (current >= inScope()) await show(0);
  else if (!byId("done").hidden) await moveOn();
  else showProgress();
}

function changeSpeed() {
  speed = (speed + 1) % SPEEDS.length;
  player.playbackRate = SPEEDS[speed];
  tellKeys();
}

// ---- keys

function tellKeys() {
  const keys = byId("keys");
  keys.replaceChildren();
  const tell = (names, what) => {
    const item = make("span");
    for (const name of names) item.append(make("kbd", name), " ");
    item.append(what);
    keys.append(item);
  };
  tell(["Space"], "hear");
  tell(["A", "Enter"], "accept, on to the next");
  tell(["R"], "reject");
  tell(["U"], "undo");
  tell(["E"], "edit the text; there Enter accepts, Ctrl-Space hears, Esc leaves");
  tell(["←", "→"], "move the beginning");
  tell(["Shift ←", "Shift →"], "move the end");
  tell(["0"], "untrimmed");
  tell(["P", "N"], "previous, next");
  tell(["S"], `speed, now ${SPEEDS[speed]} ×`);
  tell(["V"], "kept ones too");
}

function restoreEdges() {
  trim = [0, clip.duration_ms];
  showEdges(clip, trim);
}

const KEYS = {
  " ": () => toggle(),
  a: () => guarded(() => decide("accept")),
  enter: () => guarded(() => decide("accept")),
  r: () => guarded(() => decide("reject")),
  u: () => guarded(undo),
  n: () => guarded(() => step(1)),
  p: () => guarded(() => step(-1)),
  v: () => guarded(changeScope),
  s: () => changeSpeed(),
  e: () => byId("text").focus(),
  0: () => restoreEdges(),
  arrowleft: (event) => nudge(edgeOf(event), -1),
  arrowright: (event) => nudge(edgeOf(event), 1),
};

function edgeOf(event) {
  const own = ["edge-start", "edge-end"].indexOf(event.target.id);
  return own >= 0 ? own : Number(event.shiftKey);
}

function keyInText(event) {
  if (event.key === "Escape") byId("where").focus({ preventScroll: true });
  else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) KEYS.a();
  else if (event.key === " " && event.ctrlKey) toggle();
  else return;
  event.preventDefault();
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("textarea")) return keyInText(event);
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const key = event.key.toLowerCase();
  const moving = key.startsWith("arrow");
  if (!(key in KEYS) || (event.repeat && !moving)) return;
  if ([" ", "enter"].includes(key) && event.target.closest("button")) return; // the button's own
  if (byId("clip").hidden && !["u", "v"].includes(key)) return;
  event.preventDefault();
  KEYS[key](event);
});

byId("accept").addEventListener("click", () => KEYS.a());
byId("reject").addEventListener("click", () => KEYS.r());
byId("undo").addEventListener("click", () => KEYS.u());
byId("hear").addEventListener("click", () => toggle());
byId("next").addEventListener("click", () => KEYS.n());
byId("previous").addEventListener("click", () => KEYS.p());
byId("scope").addEventListener("click", () => KEYS.v());
byId("back").addEventListener("click", () => guarded(() => show(0)));
byId("text").addEventListener("input", showHeard);
window.addEventListener("resize", () => clip && drawWave(clip, sound));

tellKeys();
await guarded(async () => {
  room = await get("room");
  byId("about").textContent = `${room.doubtful} doubtful clips, ${room.states.length - room.doubtful} kept; decisions of ${room.reviewer}.`;
  showMisfits();
  kept = room.doubtful === 0;
  const first = room.states.slice(0, inScope()).indexOf("open");
  if (first >= 0) await show(first);
  else await showDone();
});
