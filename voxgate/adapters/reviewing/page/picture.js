// The picture of a clip: its waveform, the words where they were heard, and the two edges.

import { byId, make } from "./nodes.js";

export const GRID_MS = 10; // of the edges

export const seconds = (ms) => `${(ms / 1000).toFixed(2)} s`;

const place = (clip, ms) => `${(100 * ms) / clip.duration_ms}%`;

export function drawWave(clip, sound) {
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

// A click on a word asks to hear it.
export function showWords(clip, hear) {
  byId("words").replaceChildren(
    ...clip.words.map((word) => {
      const sure = word.probability >= 0.5;
      const told = `${word.word}: ${seconds(word.start_ms)} to ${seconds(word.end_ms)}${sure ? "" : ", unsure"}`;
      const button = make("button", word.word, { type: "button", tabindex: "-1", title: told });
      button.classList.toggle("unsure", !sure);
      button.style.left = place(clip, Math.max(0, word.start_ms));
      button.style.width = place(clip, Math.max(20, word.end_ms - word.start_ms));
      button.addEventListener("click", () => hear(Math.max(0, word.start_ms), Math.min(word.end_ms, clip.duration_ms)));
      return button;
    }),
  );
}

export function showEdges(clip, [start, end]) {
  byId("cut-start").style.width = place(clip, start);
  byId("cut-end").style.width = place(clip, clip.duration_ms - end);
  for (const [id, at] of [["edge-start", start], ["edge-end", end]]) {
    const edge = byId(id);
    edge.style.left = place(clip, at);
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

export function showCursor(clip, ms) {
  byId("cursor").hidden = ms === null;
  if (ms !== null) byId("cursor").style.left = place(clip, ms);
}
