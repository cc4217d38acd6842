import { asProblem, type ApiProblem } from '../../shared/problem.js';
import { Observable } from '../../shared/observable.js';
import { compose, readTopics } from './alerts.api.js';
import type { Alert, AlertText, Topic } from './contract.js';
import { readDraft, writeDraft, type Draft } from './draft.js';
import { MOST_BYTES, payloadBytes } from './payload-size.js';

export type Field = keyof AlertText;

/** `long` carries the most characters it may have, `said` what the server says. */
export type Fault =
  { kind: 'missing' | 'address' | 'foreign' } | { kind: 'long'; most: number } | { kind: 'said'; text: string };

/** What the server takes, in UTF-16 units as the browser counts. */
const MOST = { title: 200, body: 1000, url: 1000 };
const HOUR = 3600;
const EMPTY: AlertText = { topic: 'breaking', title: '', body: '', url: '', urgency: 'normal', ttl: HOUR };

const isWebAddress = (text: string): boolean =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).hostname !== '';

/** What is being written: kept over a reload, checked by the server before anybody is asked to send it. */
export class Composer extends Observable {
  topics: Topic[] | undefined;
  topicsProblem: ApiProblem | undefined;
  text: AlertText = EMPTY;
  checking = false;
  /** What is wrong with a field: shown once a check was asked for, until the field changes. */
  faults: Partial<Record<Field, Fault>> = {};
  /** Why the last check failed, where that is no field's fault. */
  problem: ApiProblem | undefined;
  /** What a newer draft or an emptying has replaced. */
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

  /** Somebody sits down at the desk: what they left in this tab is still there. */
  startFor(accountId: string): void {
    const kept = readDraft(accountId);
    this.#accountId = accountId;
    this.#put(kept ?? { text: EMPTY, alertId: null });
    this.replaced = undefined;
  }

  /** Out of sight when somebody signs out; the tab keeps it for the same person. */
  leave(): void {
    this.#accountId = '';
    this.#put({ text: EMPTY, alertId: null });
    this.replaced = undefined;
  }

  async readTopics(): Promise<void> {
    if (this.topics) return;
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
    this.#keep();
    this.changed();
  }

  /** Takes an alert's words into the form, to be changed; what stood there can be put back. */
  load(alert: Alert): void {
    const { topic, title, body, url, urgency, ttl } = alert;
    const text = { topic, title, body, url, urgency, ttl };
    if (alert.id === this.#alertId && JSON.stringify(text) === JSON.stringify(this.text)) return;
    this.#replace(text, alert.state === 'draft' ? alert.id : null);
  }

  empty(): void {
    this.#replace({ ...EMPTY, topic: this.text.topic }, null);
  }

  putBack(): void {
    if (this.replaced) this.#replace(this.replaced, null);
  }

  /** It has gone: the form is free for the next one. */
  sent(alertId: string): void {
    if (alertId !== this.#alertId) return;
    this.#put({ text: { ...EMPTY, topic: this.text.topic }, alertId: null });
    this.#keep();
  }

  /**
   * Has the server check the text and count its readers.
   * @returns the alert, not sent; undefined where something is to be mended first: `faults` and `problem` say what
   */
  async check(): Promise<Alert | undefined> {
    if (this.checking || !this.#sound()) return undefined;
    const { text } = this;
    this.checking = true;
    this.problem = undefined;
    this.changed();
    try {
      const alert = await compose(trimmed(text));
      // Written on meanwhile: what was checked is not what stands here. It stays in the list, not sent.
      if (text !== this.text) return undefined;
      this.#alertId = alert.id;
      this.#keep();
      return alert;
    } catch (error) {
      this.#refused(asProblem(error));
      return undefined;
    } finally {
      this.checking = false;
      this.changed();
    }
  }

  #sound(): boolean {
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

  /** The server names the fields; what it says about none of ours is told as a whole. */
  #refused(problem: ApiProblem): void {
    if (problem.code === 'alert.foreign_url') {
      this.faults.url = { kind: 'foreign' };
      return;
    }
    const named = problem.errors.filter(({ path }) => path in EMPTY);
    for (const { path, message } of named) this.faults[path as Field] = { kind: 'said', text: message };
    if (!named.length) this.problem = problem;
  }

  #replace(text: AlertText, alertId: string | null): void {
    const before = this.isEmpty ? undefined : this.text;
    this.#put({ text, alertId });
    this.replaced = before;
    this.#keep();
    this.changed();
  }

  #put({ text, alertId }: Omit<Draft, 'accountId'>): void {
    this.text = text;
    this.#alertId = alertId;
    this.faults = {};
    this.problem = undefined;
    this.changed();
  }

  #keep(): void {
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
