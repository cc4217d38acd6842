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
}

export class Notices extends Observable {
  items: DeskNotice[] = [];

  show(notice: DeskNotice): void {
    this.items = [...this.items.filter((it) => it.id !== notice.id), notice];
    this.changed();
  }

  close(id: string): void {
    this.items = this.items.filter((it) => it.id !== id);
    this.changed();
  }

  clear(): void {
    this.items = [];
    this.changed();
  }
}
