/**
 * The desk's events. The folder that owns the data declares its event here by declaration merging, beside the token
 * that it gives to StaffChangeTokens (moderation/queue.live.ts is an example).
 */
export interface StaffEvents {}

export type StaffEvent = keyof StaffEvents;

/** Every kind of event with the audience that it is addressed to. A kind that is not listed does not compile. */
export type EventMap = {
  /** The session, or the account behind it, changed. */
  session: `browser:${string}` | `session:${string}` | `account:${string}`;
  /** The account follows other readers than before. */
  follows: `account:${string}`;
  /** The conversation log of an article grew. */
  log: `article:${string}`;
  /** The followers of an author have something new to read. */
  feed: `author:${string}`;
} & { [Kind in StaffEvent]: 'staff' };

export type AppEvent = { [Kind in keyof EventMap]: { kind: Kind; audience: EventMap[Kind] } }[keyof EventMap];
