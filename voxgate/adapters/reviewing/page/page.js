// The review page: shows one clip after the other and sends decisions. Sound and shape of the next
// clips are fetched while one is heard.

const byId = (id) => document.getElementById(id);
const STEP_MS = 20;
const GRID_MS = 10;
const MIN_LEFT_MS = 300;
const EDGE_MS = 700; // what is heard after an edge was moved
const SPEEDS = [1, 1.25, 1.5];
const RATE_HZ = 44100;
const AHEAD = 2;
const PACE_CLIPS = 20;
const LONGEST_PAUSE_S = 60; // who was away does not become slow by it

const player = new Audio();
const sounds = new Map();
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

function make(tag, text, attributes = {}) {
  const node = document.createElement(tag);
  if (text !== undefined) node.textContent = text;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
}

function complain(message) {
  byId("problem").textContent = message;
  byId("problem").hidden = !message;
}

async function ask(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The server does not answer. Decisions up to here are kept; start it again.");
  }
  if (!response.ok) {
    const fault = await response.json().catch(() => ({ message: response.statusText }));
    throw new Error(fault.message);
  }
  return response;
}

let busy = false;

async function guarded(action) {
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

// ---- sound

function fetchSound(number) {
  if (!sounds.has(number)) {
    const loading = load(number);
    loading.catch(() => sounds.delete(number));
    sounds.set(number, loading);
  }
  return sounds.get(number);
}

async function load(number) {
  const bytes = await (await ask(`clips/${number}/audio.flac`)).arrayBuffer();
  const decoded = await new OfflineAudioContext(1, 1, RATE_HZ).decodeAudioData(bytes);
  const wave = decoded.getChannelData(0);
  return { wave, ...levels(wave) };
}

// Each clip is played about as loud as the next one, and drawn as high as there is room.
function levels(wave) {
  let peak = 1e-6;
  let power = 0;
  for (const value of wave) {
    peak = Math.max(peak, Math.abs(value));
    power += value * value;
  }
  const loud = 0.07 / Math.max(Math.sqrt(power / wave.length), 1e-6);
  const shown = Math.min(0.95 / peak, 30);
  return { gain: Math.min(loud, shown), shown };
}

// What comes next: those that are open, and the one that `next` leads to. The rest is forgotten.
function fetchAhead() {
  const numbers = [...room.states.keys()].slice(0, inScope());
  const open = numbers.filter((number) => number > current && room.states[number] === "open");
  const wanted = new Set([current - 1, current, current + 1, ...open.slice(0, AHEAD)]);
  for (const number of sounds.keys()) if (!wanted.has(number)) sounds.delete(number);
  for (const number of wanted) {
    if (number > current && number < inScope()) fetchSound(number).catch(() => {});
  }
}

function waveFile(samples, gain) {
  const view = new DataView(new ArrayBuffer(44 + 2 * samples.length));
  const write = (at, text) => [...text].forEach((c, i) => view.setUint8(at + i, c.charCodeAt(0)));
  write(0, "RIFF");
  view.setUint32(4, 36 + 2 * samples.length, true);
  write(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, RATE_HZ, true);
  view.setUint32(28, 2 * RATE_HZ, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  write(36, "data");
  view.setUint32(40, 2 * samples.length, true);
  samples.forEach((value, i) => view.setInt16(44 + 2 * i, Math.max(-1, Math.min(1, value * gain)) * 32767, true));
  return new Blob([view], { type: "audio/wav" });
}

const sampleAt = (ms) => Math.round((ms / 1000) * RATE_HZ);

// The samples between two edges, and none beside them: what is heard is what is kept.
async function hear(startMs, endMs) {
  if (!sound) return;
  player.pause();
  URL.revokeObjectURL(player.src);
  const samples = sound.wave.subarray(sampleAt(startMs), sampleAt(endMs));
  player.src = URL.createObjectURL(waveFile(samples, sound.gain));
  player.playbackRate = SPEEDS[speed];
  player.dataset.start = startMs;
  try {
    await player.play();
    requestAnimationFrame(follow);
  } catch (error) {
    // Before the first key or click a browser plays nothing; a later call takes another's place.
    if (!["NotAllowedError", "AbortError"].includes(error.name)) complain(error.message);
  }
}

function toggle() {
  if (!player.paused) player.pause();
  else hear(...trim);
}

function follow() {
  const cursor = byId("cursor");
  cursor.hidden = player.paused;
  if (player.paused || !clip) return;
  const at = Number(player.dataset.start) + player.currentTime * 1000;
  cursor.style.left = `${(100 * at) / clip.duration_ms}%`;
  requestAnimationFrame(follow);
}
player.addEventListener("play", () => { document.body.dataset.playing = current; });
for (const end of ["pause", "ended"]) {
  player.addEventListener(end, () => {
    delete document.body.dataset.playing;
    follow();
  });
}

// ---- the picture

function draw() {
  const canvas = byId("wave");
  const scale = window.devicePixelRatio || 1;
  const width = Math.max(1, Math.round(canvas.clientWidth * scale));
  const height = Math.max(1, Math.round(canvas.clientHeight * scale));
  canvas.width = width;
  canvas.height = height;
  const paint = canvas.getContext("2d");
  const style = getComputedStyle(document.body);
  paint.fillStyle = style.getPropertyValue("--line");
  for (const word of clip.words) {
    for (const at of [word.start_ms, word.end_ms]) {
      paint.fillRect(Math.round((width * at) / clip.duration_ms), 0, Math.max(1, scale), height);
    }
  }
  if (!sound) return;
  paint.fillStyle = style.getPropertyValue("--accent");
  const { wave, shown } = sound;
  for (let x = 0; x < width; x += 1) {
    let low = 0;
    let high = 0;
    const end = Math.floor(((x + 1) * wave.length) / width);
    for (let i = Math.floor((x * wave.length) / width); i < end; i += 1) {
      if (wave[i] < low) low = wave[i];
      if (wave[i] > high) high = wave[i];
    }
    const top = (1 - Math.min(1, high * shown)) * 0.5 * height;
    const bottom = (1 - Math.max(-1, low * shown)) * 0.5 * height;
    paint.fillRect(x, top, 1, Math.max(1, bottom - top));
  }
}

function showWords() {
  const part = (ms) => `${(100 * ms) / clip.duration_ms}%`;
  byId("words").replaceChildren(
    ...clip.words.map((word) => {
      const sure = word.probability >= 0.5;
      const told = `${word.word}: ${seconds(word.start_ms)} to ${seconds(word.end_ms)}${sure ? "" : ", unsure"}`;
      const button = make("button", word.word, { type: "button", tabindex: "-1", title: told });
      button.classList.toggle("unsure", !sure);
      button.style.left = part(Math.max(0, word.start_ms));
      button.style.width = part(Math.max(20, word.end_ms - word.start_ms));
      button.addEventListener("click", () => hear(Math.max(0, word.start_ms), Math.min(word.end_ms, clip.duration_ms)));
      return button;
    }),
  );
}

function showEdges() {
  const [start, end] = trim;
  const part = (ms) => `${(100 * ms) / clip.duration_ms}%`;
  byId("cut-start").style.width = part(start);
  byId("cut-end").style.width = part(clip.duration_ms - end);
  for (const [id, at] of [["edge-start", start], ["edge-end", end]]) {
    const edge = byId(id);
    edge.style.left = part(at);
    edge.setAttribute("aria-valuemin", 0);
    edge.setAttribute("aria-valuemax", clip.duration_ms);
    edge.setAttribute("aria-valuenow", at);
    edge.setAttribute("aria-valuetext", seconds(at));
  }
  const words = [...byId("words").children];
  const through = clip.words.filter(({ start_ms, end_ms }, index) => {
    const outside = end_ms <= start + GRID_MS || start_ms >= end - GRID_MS;
    words[index].classList.toggle("outside", outside);
    return outside || start_ms < start - GRID_MS || end_ms > end + GRID_MS;
  });
  const left = byId("left");
  const cut = clip.duration_ms - (end - start);
  left.textContent = cut
    ? `${seconds(end - start)} of ${seconds(clip.duration_ms)} are left. `
    : `${seconds(clip.duration_ms)}, not trimmed. `;
  if (cut && through.length) {
    left.append(make("strong", `The edges touch “${through.map((word) => word.word).join(" ")}”: is the text still what is said?`));
  }
}

let edgeTimer;

function moveEdge(which, toMs, quick) {
  let [start, end] = trim;
  const at = Math.round(toMs / GRID_MS) * GRID_MS;
  if (which === 0) start = Math.max(0, Math.min(at, end - MIN_LEFT_MS));
  else end = Math.min(clip.duration_ms, Math.max(at, start + MIN_LEFT_MS));
  if (start >= 0 && start < end) trim = [start, end];
  showEdges();
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

const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

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
  clip = await (await ask(`clips/${number}`)).json();
  byId("done").hidden = true;
  byId("clip").hidden = false;
  showClip();
  showProgress();
  since = performance.now();
  byId("where").focus({ preventScroll: true });
  const fetched = await fetchSound(number);
  if (number !== current) return;
  sound = fetched;
  draw();
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
  draw();
  showWords();
  showEdges();
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
  const headers = { "Content-Type": "application/json" };
  const options = { method: "POST", headers, body: JSON.stringify(answer) };
  const told = await (await ask(`clips/${number}/decision`, options)).json();
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
  clip = await (await ask(`clips/${number}`)).json();
  showClip();
  byId("text").value = text;
  trim = edges;
  showEdges();
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
  room = await (await ask("room")).json();
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
  showEdges();
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
window.addEventListener("resize", () => clip && draw());

tellKeys();
await guarded(async () => {
  room = await (await ask("room")).json();
  byId("about").textContent = `${room.doubtful} doubtful clips, ${room.states.length - room.doubtful} kept; decisions of ${room.reviewer}.`;
  showMisfits();
  kept = room.doubtful === 0;
  const first = room.states.slice(0, inScope()).indexOf("open");
  if (first >= 0) await show(first);
  else await showDone();
});
