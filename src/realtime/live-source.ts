import { Injectable } from '@nestjs/common';

/** A stretch of a conversation's log, as `/events` answers it. */
export type LogRange =
  | { reset: true }
  | {
      from: number;
      to: number;
      commentCount: number;
      items: { kind: string; article?: { key: string } }[];
      more: boolean;
    };

/** An entry of any conversation's log, and the accounts whose followers it is news for. */
export interface LogActivity {
  entry: string;
  authors: string[];
}

/** Where frames come from: realtime knows sockets, and no rule of what is said in them. */
export interface ConversationSource {
  /** undefined: no such article */
  position(key: string): Promise<{ id: string; key: string; seq: number } | undefined>;
  positions(ids: string[]): Promise<Map<string, number>>;
  events(key: string, after: number): Promise<LogRange | undefined>;
  /** What the logs of all conversations took in within the last `ms` milliseconds. */
  recentActivity(ms: number): Promise<LogActivity[]>;
}

/** The upper room that keeps conversations gives its source here. */
@Injectable()
export class LiveSource {
  private given: ConversationSource | undefined;

  provide(source: ConversationSource): void {
    this.given = source;
  }

  get(): ConversationSource {
    if (!this.given) throw new Error('No room has provided the source of live frames.');
    return this.given;
  }
}
