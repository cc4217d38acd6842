import { Injectable } from '@nestjs/common';

/** A stretch of a conversation's log, as `/events` answers it. */
export type Stretch =
  | { reset: true }
  | {
      from: number;
      to: number;
      commentCount: number;
      items: { kind: string; article?: { key: string } }[];
      more: boolean;
    };

/** An entry of any conversation's log, and the accounts whose followers it is news for. */
export interface Touched {
  entry: string;
  authors: string[];
}

/** Where frames come from: realtime knows sockets, and no rule of what is said in them. */
export interface Source {
  /** undefined: no such article */
  position(key: string): Promise<{ id: string; key: string; seq: number } | undefined>;
  positions(ids: string[]): Promise<Map<string, number>>;
  events(key: string, after: number): Promise<Stretch | undefined>;
  /** What the logs of all conversations took in within the last `ms` milliseconds. */
  touched(ms: number): Promise<Touched[]>;
}

/** The upper room that keeps conversations gives its source here. */
@Injectable()
export class LiveSource {
  private given: Source | undefined;

  provide(source: Source): void {
    this.given = source;
  }

  get(): Source {
    if (!this.given) throw new Error('No room has provided the source of live frames.');
    return this.given;
  }
}
