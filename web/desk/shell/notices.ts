import { Observable } from '../../shared/observable.js';

export interface NoticeAction {
  label: string;
  run: () => void;
}

/** A message above the buttons about a finished or failed action, with what can be done now. */
export interface DeskNotice {
  /** A notice replaces the earlier one of the same id. */
  id: string;
  tone: 'good' | 'plain' | 'warn';
  text: string;
  actions: NoticeAction[];
  /** The view that it belongs to and is shown in; absent where it is about the desk as a whole. */
  view?: string | undefined;
}

/** What a view does with its notices. */
export interface ViewNotices {
  /** The view on the screen. */
  readonly here: string | undefined;
  show(notice: DeskNotice): void;
  close(id: string): void;
  clear(): void;
}

/** The notices of one view, whose ids are its own. A notice may name another view, in which somebody acted. */
class NoticesOfView implements ViewNotices {
  constructor(
    private readonly all: Notices,
    private readonly view: string,
  ) {}

  get here(): string | undefined {
    return this.all.here;
  }

  show(notice: DeskNotice): void {
    this.all.show({ view: this.view, ...notice, id: `${this.view} ${notice.id}` });
  }

  close(id: string): void {
    this.all.close(`${this.view} ${id}`);
  }

  clear(): void {
    this.all.clear(this.view);
  }
}

export class Notices extends Observable {
  items: DeskNotice[] = [];
  /** The view on the screen. */
  here: string | undefined;

  /** The notices that are shown now. */
  get visible(): DeskNotice[] {
    return this.items.filter(({ view }) => view === undefined || view === this.here);
  }

  of(view: string): ViewNotices {
    return new NoticesOfView(this, view);
  }

  show(notice: DeskNotice): void {
    this.items = [...this.items.filter((it) => it.id !== notice.id), notice];
    this.changed();
  }

  close(id: string): void {
    this.#keep((it) => it.id !== id);
  }

  /** Clears the notices of a view, or all. */
  clear(of?: string): void {
    this.#keep(({ view }) => of !== undefined && view !== of);
  }

  #keep(which: (notice: DeskNotice) => boolean): void {
    this.items = this.items.filter(which);
    this.changed();
  }
}
