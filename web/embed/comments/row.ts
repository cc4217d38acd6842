import { noChange } from 'lit';
import { Directive, directive, type ElementPart } from 'lit/directive.js';

/**
 * `row(revision, draw)` draws a part of the page only when its revision differs from that of the last drawing. A live
 * frame then costs the rows that it changes, and not the whole conversation.
 */
export class Row extends Directive {
  #revision: number | undefined;

  override render(_revision: number, draw: () => unknown): unknown {
    return draw();
  }

  override update(_part: unknown, [revision, draw]: [number, () => unknown]): unknown {
    if (revision === this.#revision) return noChange;
    this.#revision = revision;
    return draw();
  }
}

export const row = directive(Row);

/** Calls a function with the element that it stands in, once. */
export const watched = directive(
  class extends Directive {
    #isCalled = false;

    render(_call: (element: Element) => void): void {}

    override update({ element }: ElementPart, [call]: [(element: Element) => void]): void {
      if (!this.#isCalled) call(element);
      this.#isCalled = true;
    }
  },
);

/** A map from comments to something that their rows show. Each change marks the row. */
export class RowMap<Value> extends Map<string, Value> {
  readonly #touch: (id: string) => void;

  constructor(touch: (id: string) => void) {
    super();
    this.#touch = touch;
  }

  override set(id: string, value: Value): this {
    super.set(id, value);
    this.#touch(id);
    return this;
  }

  override delete(id: string): boolean {
    const had = super.delete(id);
    if (had) this.#touch(id);
    return had;
  }

  override clear(): void {
    for (const id of this.keys()) this.delete(id);
  }
}
