// Plays a WAV stream while it arrives, and keeps it as a file. The server's WAV has a header of 44
// bytes and 16-bit mono samples; the header of a stream does not know how long it is.

const HEADER = 44;
const RATE_AT = 24;
const RIFF_SIZE_AT = 4;
const DATA_SIZE_AT = 40;
const BEHIND_S = 0.05; // a player that ran dry begins so much later

export class Player {
  rateHz = 0;
  #header = null;
  #parts = [];
  #size = 0;
  #rest = new Uint8Array(); // what is too short to be a header, or a sample
  #context = null;
  #until = 0;
  #last = null;
  #stopped = false;
  #quiet = () => {};

  // Take the next bytes of the stream; they may end anywhere.
  take(part) {
    let bytes = joined([this.#rest, part]);
    if (!this.#header) {
      if (bytes.length < HEADER) {
        this.#rest = bytes;
        return;
      }
      this.#header = bytes.slice(0, HEADER);
      this.rateHz = new DataView(this.#header.buffer).getUint32(RATE_AT, true);
      bytes = bytes.subarray(HEADER);
    }
    const end = bytes.length - (bytes.length % 2);
    this.#rest = bytes.slice(end);
    bytes = bytes.slice(0, end);
    if (!end) return;
    this.#parts.push(bytes);
    this.#size += end;
    if (!this.#stopped) this.#play(bytes);
  }

  get durationS() {
    return this.#size / 2 / this.rateHz;
  }

  // Return what came as a file with its true sizes.
  file() {
    const header = this.#header.slice();
    const view = new DataView(header.buffer);
    view.setUint32(RIFF_SIZE_AT, HEADER - 8 + this.#size, true);
    view.setUint32(DATA_SIZE_AT, this.#size, true);
    return new Blob([header, ...this.#parts], { type: "audio/wav" });
  }

  // Return when what came has been heard, or was stopped.
  quiet() {
    return new Promise((resolve) => {
      this.#quiet = resolve;
      if (this.#stopped || !this.#last) resolve();
      else this.#last.addEventListener("ended", resolve);
    });
  }

  stop() {
    this.#stopped = true;
    this.#quiet();
    if (this.#context && this.#context.state !== "closed") this.#context.close();
  }

  #play(bytes) {
    // Its rate is the stream's, so that no piece is resampled by itself.
    this.#context ??= new AudioContext({ sampleRate: this.rateHz });
    const view = new DataView(bytes.buffer);
    const buffer = this.#context.createBuffer(1, bytes.length / 2, this.rateHz);
    const samples = buffer.getChannelData(0);
    for (let n = 0; n < samples.length; n += 1) samples[n] = view.getInt16(2 * n, true) / 32768;
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#context.destination);
    this.#last = source;
    const now = this.#context.currentTime;
    if (this.#until < now) this.#until = now + BEHIND_S;
    source.start(this.#until);
    this.#until += buffer.duration;
  }
}

function joined(parts) {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
