import { describe, expect, it } from '@jest/globals';
import type { Frame } from '../../web/shared/contract.js';
import { FrameLog } from '../../web/shared/page/frame-log.js';

const frame = (from: number, to: number): Frame => ({
  from,
  to,
  commentCount: to,
  items: Array.from({ length: to - from }, (_, i) => ({
    kind: 'gone',
    id: `c${from + i + 1}`,
    position: from + i + 1,
  })),
});
const positions = (frames: Frame[]) => frames.flatMap((it) => it.items.map((item) => item.position));

describe('the log of frames', () => {
  it('takes the next frame and drops one that it has', () => {
    const log = new FrameLog(4);
    expect(positions(log.accept(frame(4, 6)).ready)).toEqual([5, 6]);
    expect(log.accept(frame(4, 6))).toEqual({ ready: [], gap: false });
    expect(log.accept(frame(2, 5))).toEqual({ ready: [], gap: false });
    expect(log.position).toBe(6);
  });

  it('takes only the new part of an overlapping frame', () => {
    const log = new FrameLog(4);
    log.accept(frame(4, 6));
    const { ready } = log.accept(frame(4, 8));
    expect(positions(ready)).toEqual([7, 8]);
    expect(ready[0]?.from).toBe(6);
  });

  it('keeps a frame that came too early until the gap is filled', () => {
    const log = new FrameLog(0);
    expect(log.accept(frame(4, 6)).gap).toBe(true);
    expect(log.accept(frame(2, 4)).gap).toBe(true);
    const { ready, gap } = log.accept(frame(0, 2));
    expect(positions(ready)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(gap).toBe(false);
  });

  it('asks again when only the first of two gaps was filled', () => {
    const log = new FrameLog(0);
    log.accept(frame(6, 8));
    log.accept(frame(2, 4));
    const { ready, gap } = log.accept(frame(0, 2));
    expect(positions(ready)).toEqual([1, 2, 3, 4]);
    expect(gap).toBe(true);
  });

  it('starts over when the list is read again, and keeps the frames after it', () => {
    const log = new FrameLog(0);
    log.accept(frame(4, 6));
    log.restart(4);
    expect(positions(log.accept(frame(4, 5)).ready)).toEqual([5, 6]);
    expect(log.position).toBe(6);
    log.restart(9);
    expect(log.accept(frame(6, 9)).ready).toEqual([]);
  });
});
