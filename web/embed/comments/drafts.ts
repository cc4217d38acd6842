export interface CommentDraft {
  text: string;
  /**
   * The Idempotency-Key under which this text was already sent, so that a retry after a crash makes no second comment.
   */
  key?: string;
}

interface DraftStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Keeps unsent texts per article and parent. When the browser forbids storage, they stay in memory. */
export class Drafts {
  readonly #inMemory = new Map<string, string>();

  constructor(private readonly store: () => DraftStorage) {}

  read(name: string): CommentDraft {
    let json: string | null | undefined = this.#inMemory.get(name);
    try {
      json ??= this.store().getItem(address(name));
      const draft = JSON.parse(json ?? 'null') as Partial<CommentDraft> | null;
      if (typeof draft?.text !== 'string') return { text: '' };
      return { text: draft.text, ...(typeof draft.key === 'string' ? { key: draft.key } : {}) };
    } catch {
      return { text: '' };
    }
  }

  write(name: string, draft: CommentDraft): void {
    const json = JSON.stringify(draft);
    try {
      if (draft.text.trim()) this.store().setItem(address(name), json);
      else this.store().removeItem(address(name));
      this.#inMemory.delete(name);
    } catch {
      this.#inMemory.set(name, json);
    }
  }

  clear(name: string): void {
    this.write(name, { text: '' });
  }
}

const address = (name: string) => `rostra.draft.${name}`;
