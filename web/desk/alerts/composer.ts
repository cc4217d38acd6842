import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { Observable } from '../../shared/observable.js';
import { compose, readTopics } from './alerts.api.js';
import type { Alert, AlertText, Topic } from './contract.js';
import { readDraft, writeDraft, type AlertDraft } from './draft.js';
import { MOST_BYTES, payloadBytes } from './payload-size.js';

export type Field = keyof AlertText;

/** `long` carries the maximum of characters, `server` the message of the server. */
export type Fault =
  { kind: 'missing' | 'address' | 'foreign' } | { kind: 'long'; most: number } | { kind: 'server'; text: string };

/** The server's limits, in UTF-16 units as the browser counts. */
const MOST = { title: 200, body: 1000, url: 1000 };
const HOUR = 3600;
const EMPTY: AlertText = { topic: '', title: '', body: '', url: '', urgency: 'normal', ttl: HOUR };

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';

/** The alert that is being written. It survives a reload, and the server checks it before it can be sent. */
export class Composer extends Observable {
  topics: Topic[] | undefined;
  topicsProblem: ApiProblem | undefined;
  text: AlertText = EMPTY;
  checking = false;
  /** The fault of each field. It is shown after a check, until the field changes. */
  faults: Partial<Record<Field, Fault>> = {};
  /** Why the last check failed, if no field is wrong. */
  problem: ApiProblem | undefined;
  /** The text that `load` or `clear` has replaced. */
  replaced: AlertText | undefined;
  #accountId = '';
  #alertId: string | null = null;

  get bytes(): number {
    return payloadBytes(this.text);
  }

  get tooLong(): boolean {
    return this.bytes > MOST_BYTES;
  }

  get isEmpty(): boolean {
    return !this.text.title && !this.text.body && !this.text.url;
  }

  get topic(): Topic | undefined {
    return this.topics?.find((it) => it.key === this.text.topic);
  }

  /** Begins for an editor, with the draft that they left in this tab. */
  startFor(accountId: string): void {
    const kept = readDraft(accountId);
    this.#accountId = accountId;
    this.#put(kept ?? { text: EMPTY, alertId: null });
    this.replaced = undefined;
  }

  /** Empties the form after a sign-out; the tab keeps the draft for the same account. */
  end(): void {
    this.#accountId = '';
    this.#put({ text: EMPTY, alertId: null });
    this.replaced = undefined;
  }

  async readTopics(): Promise<void> {
    if (!this.topics) await this.#readTopics();
  }

  /** Reads again the topics that were read before, because the newsroom may have changed them. */
  async rereadTopics(): Promise<void> {
    if (this.topics) await this.#readTopics();
  }

  async #readTopics(): Promise<void> {
    try {
      this.topics = (await readTopics()).filter((it) => !it.signedIn);
      this.topicsProblem = undefined;
      const [first] = this.topics;
      if (first && !this.topic) this.text = { ...this.text, topic: first.key };
    } catch (error) {
      this.topicsProblem = asProblem(error);
    }
    this.changed();
  }

  set<F extends Field>(field: F, value: AlertText[F]): void {
    if (this.text[field] === value) return;
    this.text = { ...this.text, [field]: value };
    delete this.faults[field];
    this.problem = undefined;
    this.#saveDraft();
    this.changed();
  }

  /** Copies an alert into the form, to be changed. The earlier text can be put back. */
  load(alert: Alert): void {
    const { topic, title, body, url, urgency, ttl } = alert;
    const text = { topic, title, body, url, urgency, ttl };
    if (alert.id === this.#alertId && JSON.stringify(text) === JSON.stringify(this.text)) return;
    this.#replace(text, alert.state === 'draft' ? alert.id : null);
  }

  clear(): void {
    this.#replace({ ...EMPTY, topic: this.text.topic }, null);
  }

  putBack(): void {
    if (this.replaced) this.#replace(this.replaced, null);
  }

  /** The alert has been sent, so the form is emptied for the next one. */
  sent(alertId: string): void {
    if (alertId !== this.#alertId) return;
    this.#put({ text: { ...EMPTY, topic: this.text.topic }, alertId: null });
    this.#saveDraft();
  }

  /**
   * Has the server check the text and count the browsers that it would reach.
   * @returns the alert, not sent; undefined if something must be corrected first: `faults` and `problem` say what
   */
  async check(): Promise<Alert | undefined> {
    if (this.checking || !this.#isValid()) return undefined;
    const { text } = this;
    this.checking = true;
    this.problem = undefined;
    this.changed();
    try {
      const alert = await compose(trimmed(text));
      // The form has changed meanwhile, so the checked alert is another text. It stays in the list, not sent.
      if (text !== this.text) return undefined;
      this.#alertId = alert.id;
      this.#saveDraft();
      return alert;
    } catch (error) {
      this.#refused(asProblem(error));
      return undefined;
    } finally {
      this.checking = false;
      this.changed();
    }
  }

  #isValid(): boolean {
    const text = trimmed(this.text);
    this.faults = {};
    for (const field of ['title', 'body', 'url'] as const) {
      const most = MOST[field];
      if (!text[field]) this.faults[field] = { kind: 'missing' };
      else if (text[field].length > most) this.faults[field] = { kind: 'long', most };
    }
    if (text.url && !isWebAddress(text.url)) this.faults.url = { kind: 'address' };
    this.problem = undefined;
    this.changed();
    return !this.tooLong && Object.keys(this.faults).length === 0;
  }

  /** Assigns the server's errors to the fields of the form. An error about no field is shown for the whole form. */
  #refused(problem: ApiProblem): void {
    if (problem.code === 'alert.foreign_url') {
      this.faults.url = { kind: 'foreign' };
      return;
    }
    const named = problem.errors.filter(({ path }) => path in EMPTY);
    for (const { path, message } of named) this.faults[path as Field] = { kind: 'server', text: message };
    if (!named.length) this.problem = problem;
  }

  #replace(text: AlertText, alertId: string | null): void {
    const before = this.isEmpty ? undefined : this.text;
    this.#put({ text, alertId });
    this.replaced = before;
    this.#saveDraft();
    this.changed();
  }

  #put({ text, alertId }: Omit<AlertDraft, 'accountId'>): void {
    this.text = text;
    this.#alertId = alertId;
    this.faults = {};
    this.problem = undefined;
    this.changed();
  }

  #saveDraft(): void {
    if (!this.#accountId) return;
    const { text } = this;
    writeDraft(this.isEmpty ? undefined : { accountId: this.#accountId, text, alertId: this.#alertId });
  }
}

const trimmed = (text: AlertText): AlertText => ({
  ...text,
  title: text.title.trim(),
  body: text.body.trim(),
  url: text.url.trim(),
});
