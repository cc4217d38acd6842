import type { LiveSocket } from './socket.js';

/** A request of the page over its socket. */
export type SocketOp =
  { op: 'join'; article: string; after: number } | { op: 'leave'; article: string } | { op: 'auth'; ticket: string };

/** The server's acknowledgement; `position` and `article` (the current key) answer a `join`. */
export type SocketAck = { ok: true; position?: number; article?: string } | { ok: false; code: string };

/** Sends a request; rejects when no acknowledgement comes in time. */
export const sendOp = (socket: LiveSocket, op: SocketOp): Promise<SocketAck> => socket.emit('op', op);
