// The sound of clips: fetched ahead, levelled, and played between two edges to the sample.

import { ask, complain } from "./desk.js";

const RATE_HZ = 44100;
const sounds = new Map();

export const player = new Audio();

export function fetchSound(number) {
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

// The sounds of other clips are forgotten.
export function keepSounds(wanted) {
  for (const number of sounds.keys()) if (!wanted.has(number)) sounds.delete(number);
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
export async function playPart(sound, startMs, endMs, speed) {
  player.pause();
  URL.revokeObjectURL(player.src);
  const samples = sound.wave.subarray(sampleAt(startMs), sampleAt(endMs));
  player.src = URL.createObjectURL(waveFile(samples, sound.gain));
  player.playbackRate = speed;
  player.dataset.start = startMs;
  try {
    await player.play();
  } catch (error) {
    // Before the first key or click a browser plays nothing; a later call takes another's place.
    if (!["NotAllowedError", "AbortError"].includes(error.name)) complain(error.message);
  }
}
