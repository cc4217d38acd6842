import { Injectable } from '@nestjs/common';

/** A range of a conversation's log, as `/events` answers it. */
export type LogRange =
  | { reset: true }
  | {
      from: number;
      to: number;
      commentCount: number;
      items: { kind: string; article?: { key: string } }[];
      more: boolean;
      /** The size of its JSON in characters. */
      size: number;
    };

/** An entry of any conversation's log, with the authors whose followers have something new to read. */
export interface LogActivity {
  entry: string;
  authors: string[];
}

/** Provides the data of frames, so that realtime needs no rule of conversations. */
export interface ConversationSource {
  /** @returns undefined when there is no such article */
  position(key: string): Promise<{ id: string; key: string; seq: number } | undefined>;
  positions(ids: string[]): Promise<Map<string, number>>;
  events(key: string, after: number): Promise<LogRange | undefined>;
  /** Returns the entries that were appended to all conversation logs within the last `ms` milliseconds. */
  recentActivity(ms: number): Promise<LogActivity[]>;
}

/** Holds the source of frames, which the comments module provides when it starts. */
@Injectable()
export class LiveSource {
  private source: ConversationSource | undefined;

  provide(source: ConversationSource): void {
    this.source = source;
  }

  get(): ConversationSource {
    if (!this.source) throw new Error('No module has provided the source of live frames.');
    return this.source;
  }
}
