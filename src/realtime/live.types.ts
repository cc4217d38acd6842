import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { SessionAccount, Viewer } from '../accounts/sessions/viewer.js';
import type { StaffEvent } from '../events/event-map.js';
import type { Budget } from './budget.js';

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

/** The acknowledgement of an `op`. */
export type Ack =
  { ok: true; position?: number; article?: string; account?: SessionAccount } | { ok: false; code: string };

/** A range of one conversation's log as it is sent: each frame's `from` is the `to` of the frame before. */
export interface SentFrame {
  article: string;
  from: number;
  to: number;
  commentCount: number;
  items: unknown[];
}

/** The events that the server sends: those listed here, and every event of the desk. */
type ServerEvents = {
  frame: (frame: SentFrame) => void;
  /** The socket missed more of an article than it may catch up here: read `/events`. */
  reset: (reset: { article: string }) => void;
  session: (session: { account: SessionAccount | null }) => void;
  feed: () => void;
} & { [Event in StaffEvent]: () => void };

interface SocketData {
  /** Hex of the browser's hash. */
  browser?: string | undefined;
  viewer?: Viewer | undefined;
  /** The account that was last sent to this socket, as JSON, so that a poll repeats nothing. */
  announced?: string;
  /** The number of the latest comparison with the database that was applied. */
  lastComparison?: number;
  /** The ids of the articles that it joined and has not left; it may still be catching up. */
  joinedArticles: Set<string>;
  /** The socket.io room of each article that it reads, by article id. */
  roomsByArticle: Map<string, string>;
  operations: Budget;
  /** The characters of frames that it may still get to catch up. */
  catchUp: Budget;
  /** Settles when the operation before has ended. */
  lastOperation: Promise<unknown>;
}

type NoEvents = Record<string, never>;
export type LiveServer = Server<NoEvents, ServerEvents, NoEvents, SocketData>;
export type LiveSocket = Socket<NoEvents, ServerEvents, NoEvents, SocketData>;

const writeBufferOf = (socket: LiveSocket): { data?: unknown }[] =>
  (socket.conn as unknown as { writeBuffer?: { data?: unknown }[] }).writeBuffer ?? [];

/** The packets that wait for the client to read; `ws.bufferedAmount` does not count them. */
export const backlogPackets = (socket: LiveSocket): number => writeBufferOf(socket).length;

/** The size of the packets that wait for the client to read, in characters. */
export const backlogCharacters = (socket: LiveSocket): number =>
  writeBufferOf(socket).reduce((sum, { data }) => sum + (typeof data === 'string' ? data.length : 0), 0);
