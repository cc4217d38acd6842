import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { SessionAccount, Viewer } from '../accounts/sessions/viewer.js';

const ArticleKey = z
  .string()
  .min(1)
  .max(200)
  .refine((it) => !it.includes('\0'));

/** The one client event, `op`. */
export const Op = z.discriminatedUnion('op', [
  z.strictObject({
    op: z.literal('join'),
    article: ArticleKey,
    after: z.int().min(0).optional(),
  }),
  z.strictObject({ op: z.literal('leave'), article: ArticleKey }),
  z.strictObject({ op: z.literal('auth'), ticket: z.string().min(20).max(100) }),
]);

export type Op = z.infer<typeof Op>;

/** What `op` acknowledges. */
export type Ack =
  { ok: true; position?: number; article?: string; account?: SessionAccount } | { ok: false; code: string };

/** A stretch of a conversation: each frame's `from` is the last one's `to`. */
export interface Frame {
  article: string;
  from: number;
  to: number;
  commentCount: number;
  items: unknown[];
}

interface ServerEvents {
  frame: (frame: Frame) => void;
  session: (session: { account: SessionAccount | null }) => void;
  feed: () => void;
  queue: () => void;
  alert: () => void;
}

interface SocketData {
  /** Hex of the browser's hash. */
  browser?: string | undefined;
  viewer?: Viewer | undefined;
  /** The account that was last told to this socket, so that a poll repeats nothing. */
  announced?: string;
  /** The latest look at the truth that was applied. */
  looked?: number;
  /** The articles it asked for and has not left; it may still be catching up. */
  wanted: Set<string>;
  /** The room of each article it reads, by article id. */
  articles: Map<string, string>;
  /** Operations within the current second. */
  budget: { second: number; used: number };
  /** The end of the operation before. */
  turn: Promise<unknown>;
}

type NoEvents = Record<string, never>;
export type LiveServer = Server<NoEvents, ServerEvents, NoEvents, SocketData>;
export type LiveSocket = Socket<NoEvents, ServerEvents, NoEvents, SocketData>;

const waitingFor = (socket: LiveSocket): { data?: unknown }[] =>
  (socket.conn as unknown as { writeBuffer?: { data?: unknown }[] }).writeBuffer ?? [];

/** Packets that wait for the socket to read: `ws.bufferedAmount` does not know of them. */
export const backlogOf = (socket: LiveSocket): number => waitingFor(socket).length;

/** What waits for the socket to read, in characters. */
export const backlogSize = (socket: LiveSocket): number =>
  waitingFor(socket).reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0);
