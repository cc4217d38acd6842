import type { Frame } from '../contract.js';

/** The number of frames that may wait until a gap is filled; `/events` brings the others. */
const MAX_WAITING = 64;

/**
 * Puts the frames of one article's log in order. They come by socket and by `/events`, some twice or in the wrong
 * order. Each frame's `from` must be the `to` of the frame before; a frame that does not fit waits, and the caller asks
 * `/events`.
 */
export class FrameLog {
  #waiting: Frame[] = [];

  constructor(public position = 0) {}

  /** Starts over at the position of a list that was just read. */
  restart(position: number): void {
    this.position = position;
    this.#waiting = this.#waiting.filter((frame) => frame.to > position);
  }

  /** Returns the frames that may be applied now, in order, and whether something before this frame is missing. */
  accept(frame: Frame): { ready: Frame[]; gap: boolean } {
    if (frame.to <= this.position) return { ready: [], gap: false };
    if (frame.from > this.position) {
      if (this.#waiting.length < MAX_WAITING) this.#waiting.push(frame);
      return { ready: [], gap: true };
    }
    const ready = [this.#take(frame)];
    this.#waiting.sort((a, b) => a.from - b.from);
    for (let next = this.#waiting[0]; next && next.from <= this.position; next = this.#waiting[0]) {
      this.#waiting.shift();
      if (next.to > this.position) ready.push(this.#take(next));
    }
    return { ready, gap: this.#waiting.length > 0 };
  }

  /** Moves on to the frame's end; an overlapping frame is reduced to its new part. */
  #take(frame: Frame): Frame {
    const from = this.position;
    this.position = frame.to;
    if (frame.from === from) return frame;
    return { ...frame, from, items: frame.items.filter((item) => item.position > from) };
  }
}
