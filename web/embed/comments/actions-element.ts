import { adoptStyles } from 'lit';
import type { Comment } from '../../shared/contract.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';
import type { WhySignIn } from '../account/dialog-words.js';
import { signIn } from '../account/sign-in.js';
import { session } from '../common/page.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { t, textOf } from '../common/strings.js';
import type { Arrived } from './composer.js';
import { Conversation } from './conversation.js';
import type { ConversationWrites } from './conversation-writes.js';
import { focusOn } from './focus.js';
import { interaction } from './load-interaction.js';
import { RowMap } from './row.js';
import { anchor, type ActionOutcome, type OpenedEdit, type OpenPopup, type Panel } from './view.js';

/** The list waits for the newsroom's texts no longer than this. */
const TEXTS_MS = 2_000;

/** The panels that hold words of the reader. */
const WRITING: Panel[] = ['reply', 'edit', 'report'];

/** Opens panels, writes, likes and reports for the reader. The element below it draws. */
export abstract class CommentActions extends IsolatedElement {
  talk = this.newTalk();
  readonly #writes = new WeakMap<Conversation, ConversationWrites>();
  readonly panels = new RowMap<Panel>((id) => this.talk.store.touch(id));
  popup: OpenPopup | undefined;
  copied = false;
  readonly folded = new Set<string>();
  /** The result of the reader's last action at a comment, if it is not visible otherwise. */
  readonly outcomes = new RowMap<ActionOutcome>((id) => this.talk.store.touch(id));
  /** The edits that were opened. Another reader who signs in does not see them. */
  readonly edits = new Map<string, OpenedEdit>();
  /** The panel that opens when its code is loaded. */
  protected wanted: object | undefined;
  protected announcement = '';
  #endPopup: () => void = () => undefined;
  #hasPanelStyles = false;

  /** Makes a conversation that keeps the comments at which the reader is writing. */
  protected newTalk(): Conversation {
    const talk: Conversation = new Conversation(() => {
      this.#writes.get(talk)?.settle();
      this.changed();
    });
    talk.furnished = Promise.race([this.#textsReady(), new Promise((done) => setTimeout(done, TEXTS_MS))]);
    talk.store.writingAt = () => [...this.panels].filter(([, it]) => WRITING.includes(it)).map(([id]) => id);
    return talk;
  }

  async #textsReady(): Promise<void> {
    await session.ready;
    if (session.texts) await interaction.get().catch(() => undefined);
    this.requestUpdate();
  }

  /** Looks which story the page shows. @returns false if it is another one than before */
  abstract look(): boolean;

  /** Draws what changed in the conversation. */
  protected abstract changed(): void;

  /** Loads what writes in a conversation: in the one that was shown when the reader acted, whatever is shown then. */
  async #loadWrites(talk: Conversation): Promise<ConversationWrites> {
    const { ConversationWrites } = await interaction.get();
    const writes = this.#writes.get(talk) ?? new ConversationWrites(talk, () => this.requestUpdate());
    this.#writes.set(talk, writes);
    return writes;
  }

  /** Opens the panel after its code is loaded, unless the reader asked for another one meanwhile. */
  #openLater(id: string, panel: Panel | OpenPopup['kind']): void {
    const wanted = (this.wanted = { id, panel });
    interaction.get().then(
      () => this.wanted === wanted && this.toggle(id, panel),
      (error: unknown) => this.showProblem(id, error),
    );
  }

  /** Closes what is open at a comment and leaves the focus where it is. */
  close(id: string): void {
    this.panels.delete(id);
    this.talk.store.release(id);
    this.requestUpdate();
  }

  closePopup(): void {
    if (!this.popup) return;
    this.#endPopup();
    this.talk.store.touch(this.popup.id);
    this.popup = undefined;
    this.copied = false;
    this.requestUpdate();
  }

  toggle(id: string, panel: Panel | OpenPopup['kind']): void {
    const { loaded } = interaction;
    if (!loaded) return this.#openLater(id, panel);
    if (!this.#hasPanelStyles) {
      const { elementStyles } = this.constructor as typeof IsolatedElement;
      adoptStyles(this.shadowRoot!, [...elementStyles, loaded.panelStyles]);
      this.#hasPanelStyles = true;
    }
    this.wanted = undefined;
    const { popup } = this;
    const isPopup = panel === 'menu' || panel === 'card';
    const open = isPopup ? popup?.id !== id || popup.kind !== panel : this.panels.get(id) !== panel;
    this.outcomes.delete(id);
    this.closePopup();
    if (isPopup) {
      if (open) {
        this.popup = { id, kind: panel };
        this.#endPopup = loaded.closeMenus(this);
      }
    } else if (open) {
      const text = this.talk.store.nodes.get(id)?.comment.body ?? '';
      if (panel === 'edit') this.edits.set(id, { by: session.account?.id, text });
      this.panels.set(id, panel);
    } else this.close(id);
    this.talk.store.touch(id);
    this.requestUpdate();
    const inside = {
      reply: 'rostra-composer',
      edit: 'rostra-composer',
      report: 'input',
      // The button that deletes does not get the focus, because a second Enter would press it.
      delete: '.ask .quiet',
      menu: '.sheet button',
      card: '.sheet button',
    };
    // The focus returns only to the button that opened the panel.
    focusOn(this, open ? `#${anchor(id)} ${inside[panel]}` : `#${panel}-${id}`, `#menu-${id}`);
  }

  /** Announces a text to screen readers, politely. */
  announce(text: string): void {
    this.announcement = this.announcement === text ? `${text}\u00a0` : text;
    this.requestUpdate();
  }

  like({ id }: Comment): void {
    this.attempt(id, 'whyLiking', (writes) => writes.like(id));
  }

  showCopied(text: string): void {
    this.copied = !!this.popup;
    if (this.popup) this.talk.store.touch(this.popup.id);
    this.announce(text);
  }

  moveFocus(...selectors: string[]): void {
    focusOn(this, ...selectors);
  }

  async post(text: string, key: string, arrived: Arrived): Promise<void> {
    this.outcomes.delete('');
    if (!this.look()) {
      this.showTrouble('', t('write.moved'));
      throw new ApiProblem(409, {});
    }
    const posted = await (await this.#loadWrites(this.talk)).post(text, null, key, arrived);
    interaction.loaded!.tellPosted(this, posted);
  }

  async reply({ id }: Comment, text: string, key: string, arrived: Arrived): Promise<void> {
    const writes = await this.#loadWrites(this.talk);
    const finish = () => arrived() && (this.close(id), true);
    const posted = await writes.post(text, id, key, finish);
    finish();
    this.folded.delete(id);
    interaction.loaded!.tellPosted(this, posted);
  }

  async edit({ id }: Comment, text: string): Promise<void> {
    await (await this.#loadWrites(this.talk)).edit(id, text);
    this.toggle(id, 'edit');
    interaction.loaded!.tellSaved(this);
  }

  signIn(why: WhySignIn): Promise<boolean> {
    return signIn(this, why);
  }

  attempt(id: string, why: WhySignIn | undefined, act: (writes: ConversationWrites) => Promise<void>): void {
    const { talk } = this;
    this.outcomes.delete(id);
    const run = async () => {
      if (!why || session.account !== null || (await this.signIn(why))) await act(await this.#loadWrites(talk));
    };
    run()
      .catch((error: unknown) => this.showProblem(id, error))
      .finally(() => this.requestUpdate());
  }

  protected showProblem(id: string, error: unknown): void {
    const problem = asProblem(error);
    this.outcomes.set(id, { text: textOf(problem), success: false, offline: problem.offline });
    this.requestUpdate();
  }

  /** Takes back the complaints about a network that is there again, and reads what it kept from being read. */
  protected recover(): void {
    const { talk, outcomes } = this;
    for (const [id, { offline }] of outcomes) if (offline) outcomes.delete(id);
    if (talk.problem?.offline) talk.retry();
  }

  showTrouble(id: string, text: string): void {
    this.outcomes.set(id, { text, success: false });
    this.requestUpdate();
  }

  showSuccess(id: string, text: string): void {
    this.outcomes.set(id, { text, success: true });
    this.announce(text);
  }
}
