// The listening page: shows one trial after the other and sends votes. It knows which side is which
// only from the answer to a vote.

import { ask, get, guarded, post } from "./desk.js";
import { byId, make } from "./nodes.js";

const LETTERS = ["A", "B"];
const RATINGS = ["bad", "poor", "fair", "good", "excellent"]; // ITU-T P.800, 1 to 5

let room;
let current = 0;
let trial;
let heard = new Set();

// ---- what is heard

function players() {
  return [...document.querySelectorAll("audio")];
}

async function addPlayer(number, side) {
  const title = trial.sides === 1 ? "The version" : LETTERS[side];
  const card = make("div", undefined, { class: "player" });
  const head = make("h3", title);
  if (trial.sides > 1) head.append(make("kbd", title, { "aria-hidden": "true" }));
  const audio = make("audio", undefined, { controls: "", preload: "none", "aria-label": `Play ${title}` });
  audio.addEventListener("play", () => {
    for (const other of players()) if (other !== audio) other.pause();
    card.classList.add("playing");
    heard.add(side);
    offer();
  });
  audio.addEventListener("pause", () => card.classList.remove("playing"));
  card.append(head, audio);
  byId("players").append(card);
  const wave = await (await ask(`trials/${number}/${"ab"[side]}.wav`)).blob();
  if (number === current) audio.src = URL.createObjectURL(wave);
}

function clearPlayers() {
  for (const audio of players()) {
    audio.pause();
    URL.revokeObjectURL(audio.src);
  }
  byId("players").replaceChildren();
}

function toggle(side) {
  const audio = players()[side];
  if (!audio?.src) return;
  if (audio.paused) {
    audio.currentTime = 0;
    audio.play();
  } else {
    audio.pause();
  }
}

// ---- the ballot

function answers() {
  if (trial.sides === 1) {
    return RATINGS.map((word, index) => [`${index + 1} ${word}`, { rating: index + 1 }, `${index + 1}`]);
  }
  return [
    ["A is better", { choice: "a" }, "1"],
    ["No difference", { choice: "same" }, "2"],
    ["B is better", { choice: "b" }, "3"],
  ];
}

function offer() {
  const ready = heard.size === trial.sides;
  for (const button of byId("choices").children) button.disabled = !ready;
  byId("hint").textContent = ready ? "" : trial.sides === 1 ? "Listen first." : "Listen to both first.";
}

function showBallot() {
  byId("ballot").hidden = false;
  byId("reveal").hidden = true;
  byId("question").textContent =
    trial.sides === 1 ? "How good is it?" : "Which one would you rather release?";
  byId("choices").replaceChildren(
    ...answers().map(([label, answer, key]) => {
      const button = make("button", label, { type: "button", "aria-keyshortcuts": key });
      if (trial.sides > 1) button.append(" ", make("kbd", key, { "aria-hidden": "true" }));
      button.addEventListener("click", () => guarded(() => vote(answer)));
      return button;
    }),
  );
  offer();
  tellKeys();
}

async function vote(answer) {
  trial = await post(`trials/${current}/vote`, { ...answer, note: byId("note").value });
  room.voted[current] = true;
  showProgress();
  showReveal();
  byId("reveal-title").focus();
}

// ---- what a vote reveals

const percent = (part, whole) => (whole ? `${((100 * part) / whole).toFixed(0)} %` : "–");

function showReveal() {
  const { sides, side, rating, note, blind } = trial.reveal;
  byId("ballot").hidden = true;
  byId("reveal").hidden = false;
  const words = rating
    ? `You rated version ${sides[0].version}: ${rating} ${RATINGS[rating - 1]}`
    : side === null
      ? "You heard no difference"
      : `You preferred version ${sides[side].version}`;
  byId("reveal-title").textContent = words;
  const head = make("tr");
  head.append(make("td", ""));
  sides.forEach((entry, index) => {
    const name = `version ${entry.version} (${entry.role})`;
    head.append(make("th", sides.length > 1 ? `${LETTERS[index]}: ${name}` : name, { scope: "col" }));
  });
  byId("reveal-head").replaceChildren(head);
  const rows = [
    ["recognised as", (e) => e.transcript || "(nothing)"],
    ["word errors", (e) => `${e.word_errors} of ${e.ref_words} (${percent(e.word_errors, e.ref_words)})`],
    ["similarity", (e) => e.similarity.toFixed(3)],
    ["length", (e) => `${e.duration_s.toFixed(1)} s`],
    ["found wrong", (e) => e.catastrophes.join(", ") || "nothing"],
    ["played at", (e) => `${e.gain_db >= 0 ? "+" : "−"}${Math.abs(e.gain_db).toFixed(1)} dB`],
  ];
  byId("reveal-rows").replaceChildren(
    ...rows.map(([name, show]) => {
      const row = make("tr");
      row.append(make("th", name, { scope: "row" }));
      sides.forEach((entry, index) => {
        row.append(make("td", show(entry), index === side ? { class: "chosen" } : {}));
      });
      return row;
    }),
  );
  byId("reveal-note").textContent = [
    note && `Your note: ${note}`,
    !blind && "Changed after the reveal: kept, but it settles nothing.",
  ].filter(Boolean).join(" ");
  byId("next").textContent = room.voted.includes(false) ? "Next" : "To the result";
  tellKeys();
}

// ---- moving on

function showProgress() {
  const done = room.voted.filter(Boolean).length;
  byId("position").textContent = `${current + 1} of ${room.voted.length}`;
  byId("progress").max = room.voted.length;
  byId("progress").value = done;
}

async function show(number) {
  current = number;
  clearPlayers();
  heard = new Set();
  trial = await get(`trials/${number}`);
  byId("result").hidden = true;
  byId("trial").hidden = false;
  byId("prompt").textContent = `“${trial.text}”`;
  byId("note").value = "";
  showProgress();
  if (trial.reveal) showReveal();
  else showBallot();
  byId("prompt").focus();
  await Promise.all([...Array(trial.sides).keys()].map((side) => addPlayer(number, side)));
}

async function moveOn() {
  const later = room.voted.indexOf(false, current + 1);
  const open = later >= 0 ? later : room.voted.indexOf(false);
  if (open < 0) await showResult();
  else await show(open);
}

// ---- the result

const OUTCOMES = {
  no_worse: (r) => `Version ${r.version} is no worse than version ${r.rival}`,
  worse: (r) => `Version ${r.version} is worse than version ${r.rival}`,
  open: (r) => (r.rival === null ? `Version ${r.version}, rated alone` : "Not settled yet"),
};

const ADVICE = {
  no_worse: (r) => `voxgate approve ${r.version} --by YOU --reason WHY`,
  worse: (r) => `voxgate reject ${r.version} --by YOU --reason WHY`,
  open: (r) => `voxgate listen ${r.version} --by ${room.listener} --prompts ${room.voted.length + 20}`,
};

async function showResult() {
  const result = await get("result");
  clearPlayers();
  showProgress();
  byId("trial").hidden = true;
  byId("result").hidden = false;
  byId("result-title").textContent = OUTCOMES[result.outcome](result);
  byId("result-reason").textContent = result.reason;
  showBar(result);
  const entries = result.rival === null ? ratingFigures(result) : countFigures(result);
  byId("figures").replaceChildren(
    ...entries.flatMap(([name, value]) => [make("dt", name), make("dd", value)]),
  );
  byId("advice").replaceChildren("On the command line: ", make("code", ADVICE[result.outcome](result)));
  tellKeys();
  byId("result-title").focus();
}

function showBar(result) {
  const { better, same, worse } = result.count;
  byId("bar").hidden = better + same + worse === 0;
  byId("bar").setAttribute("aria-label", `better ${better}, no difference ${same}, worse ${worse}`);
  byId("bar").replaceChildren(
    ...Object.entries({ better, same, worse }).map(([name, count]) => {
      const part = make("span", undefined, { class: name });
      part.style.flexGrow = count;
      return part;
    }),
  );
}

function countFigures({ version, count, listeners, changed, own }) {
  const decided = count.better + count.worse;
  const share = decided
    ? `${count.better} of ${decided}: ${percent(count.better, decided)}, ` +
      `95 % interval ${percent(count.low, 1)} to ${percent(count.high, 1)}, sign test p = ${count.p_value.toFixed(3)}`
    : "nobody has preferred either";
  return [
    [`version ${version} is`, `better on ${count.better}, worse on ${count.worse}, no different on ${count.same} prompts`],
    ["preferred", share],
    ["listeners", Object.entries(listeners).map(([name, c]) => `${name} (${c.prompts})`).join(", ") || "none"],
    ["not counted", `${changed} changed after the reveal, ${own} by whoever trained it`],
  ];
}

function ratingFigures({ ratings, listeners }) {
  return [
    ["mean rating", ratings.mean === null ? "none yet" : `${ratings.mean.toFixed(2)} of 5`],
    ["votes", ratings.votes],
    ["listeners", Object.keys(listeners).join(", ") || "none"],
  ];
}

// ---- keys

function tellKeys() {
  const keys = byId("keys");
  keys.replaceChildren();
  const tell = (key, what) => keys.append(make("kbd", key), ` ${what}   `);
  if (!byId("result").hidden) return;
  if (trial.sides > 1) {
    tell("A", "play A");
    tell("B", "play B");
  } else {
    tell("A", "play");
  }
  if (byId("ballot").hidden) tell("Enter", "next");
  else for (const [label, , key] of answers()) tell(key, label.replace(/^\d /, ""));
}

document.addEventListener("keydown", (event) => {
  if (event.target.closest("textarea, audio") || event.ctrlKey || event.metaKey || event.altKey) return;
  if (byId("trial").hidden || event.repeat) return;
  const key = event.key.toLowerCase();
  if (key === "a") toggle(0);
  else if (key === "b" && trial.sides > 1) toggle(1);
  else if (key === "enter" && !byId("reveal").hidden && !event.target.closest("button")) {
    guarded(moveOn);
  } else if (!byId("ballot").hidden) {
    const index = answers().findIndex(([, , own]) => own === key);
    byId("choices").children[index]?.click();
  }
});

byId("next").addEventListener("click", () => guarded(moveOn));
byId("again").addEventListener("click", () => {
  byId("note").value = trial.reveal.note;
  showBallot();
});
byId("show-result").addEventListener("click", () => guarded(showResult));
byId("back").addEventListener("click", () => guarded(() => show(current)));

await guarded(async () => {
  room = await get("room");
  const [beside, loudness] = room.rival === null
    ? ["alone", `Played at ${room.loudness_lufs} LUFS.`]
    : [`beside version ${room.rival} (${room.rival_role})`, "Both are played equally loud."];
  byId("about").textContent =
    `${room.model} version ${room.version} ${beside}, for ${room.listener}. ${loudness}`;
  if (room.voted.includes(false)) await show(room.voted.indexOf(false));
  else await showResult();
});
