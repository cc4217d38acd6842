export interface CommentDraft {
  text: string;
  /**
   * The Idempotency-Key under which this text was already sent, so that a retry after a crash makes no second comment.
   */
  key?: string;
  /** The name of the author whom a reply answers. */
  to?: string;
}

interface DraftStorage {
  readonly length?: number;
  key?(index: number): string | null;
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** A reply or an edit that was not sent. */
export interface BegunText {
  /** The name of the draft. */
  name: string;
  /** The comment that is answered or edited. */
  id: string;
  panel: 'reply' | 'edit';
  /** The name of the author whom a reply answers. */
  to: string;
}

/** The account that wrote a draft, or null for a reader who is signed out. Nobody else gets to see it. */
export type DraftOwner = string | null;

/**
 * Keeps unsent texts per owner, article and comment: `ferries` is a comment, `ferries/7` a reply and `ferries/7/edit` an
 * edit. When the browser forbids storage, they stay in memory.
 */
export class Drafts {
  readonly #inMemory = new Map<string, string>();

  constructor(private readonly store: () => DraftStorage) {}

  read(name: string, owner: DraftOwner = null): CommentDraft {
    const address = addressOf(name, owner);
    let json: string | null | undefined = this.#inMemory.get(address);
    try {
      json ??= this.store().getItem(address);
      const draft = JSON.parse(json ?? 'null') as Partial<CommentDraft> | null;
      if (typeof draft?.text !== 'string') return { text: '' };
      const { text, key, to } = draft;
      return { text, ...(typeof key === 'string' ? { key } : {}), ...(typeof to === 'string' ? { to } : {}) };
    } catch {
      return { text: '' };
    }
  }

  write(name: string, draft: CommentDraft, owner: DraftOwner = null): void {
    const address = addressOf(name, owner);
    const json = JSON.stringify(draft);
    try {
      if (draft.text.trim()) this.store().setItem(address, json);
      else this.store().removeItem(address);
      this.#inMemory.delete(address);
    } catch {
      this.#inMemory.set(address, json);
    }
  }

  clear(name: string, owner: DraftOwner = null): void {
    this.write(name, { text: '' }, owner);
  }

  /** Puts a draft behind the one that has the place already, and empties its own place. */
  move(name: string, owner: DraftOwner, toName: string, toOwner: DraftOwner): void {
    const draft = this.read(name, owner);
    if (!draft.text.trim()) return;
    const before = this.read(toName, toOwner).text;
    const isAlone = !before.trim() || before === draft.text;
    this.write(toName, isAlone ? draft : { text: `${before}\n\n${draft.text}` }, toOwner);
    this.clear(name, owner);
  }

  /** Returns the replies and edits that the owner has begun. */
  begun(name: string, owner: DraftOwner): BegunText[] {
    const prefix = addressOf(`${name}/`, owner);
    const found = new Set(this.#inMemory.keys());
    try {
      const store = this.store();
      for (let n = 0; n < (store.length ?? 0); n += 1) found.add(store.key?.(n) ?? '');
    } catch {
      // There are only those in memory.
    }
    return [...found].flatMap((address): BegunText[] => {
      if (!address.startsWith(prefix)) return [];
      const rest = address.slice(prefix.length);
      const [, id, edit] = /^([\w-]+)(\/edit)?$/.exec(rest) ?? [];
      const { text, to = '' } = this.read(`${name}/${rest}`, owner);
      return id && text.trim() ? [{ name: `${name}/${rest}`, id, panel: edit ? 'edit' : 'reply', to }] : [];
    });
  }
}

const addressOf = (name: string, owner: DraftOwner) => `rostra.draft${owner === null ? '' : `@${owner}`}.${name}`;

/** The drafts of this page. */
export const drafts = new Drafts(() => localStorage);
