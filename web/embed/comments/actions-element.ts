import type { Comment, Reason } from '../../shared/contract.js';
import { ApiProblem, asProblem } from '../../shared/problem.js';
import { signIn } from '../account/sign-in.js';
import { session } from '../common/page.js';
import { IsolatedElement } from '../common/isolated-element.js';
import { t, textOf } from '../common/strings.js';
import { Conversation } from './conversation.js';
import type { Arrived } from './composer.js';
import type { ConversationWrites } from './conversation-writes.js';
import { focusOn, goTo } from './focus.js';
import { interaction } from './load-interaction.js';
import { RowMap } from './row.js';
import { addressAt, anchor, type ActionOutcome, type OpenedEdit, type Panel, type ThreadView } from './view.js';

/** The panels that hold words of the reader. */
const WRITING: Panel[] = ['reply', 'edit', 'report'];

/** What a reader does at comments: opens panels, writes, likes, follows, reports. The element below it draws. */
export abstract class CommentActions extends IsolatedElement {
  talk = this.newTalk();
  readonly #writes = new WeakMap<Conversation, ConversationWrites>();
  readonly panels = new RowMap<Panel>((id) => this.talk.store.touch(id));
  menu: string | undefined;
  readonly folded = new Set<string>();
  /** The result of the reader's last action at a comment, if it is not visible otherwise. */
  readonly outcomes = new RowMap<ActionOutcome>((id) => this.talk.store.touch(id));
  /** The edits that were opened. Another reader who signs in does not see them. */
  readonly edits = new Map<string, OpenedEdit>();
  /** The panel that opens when its code is loaded. */
  protected wanted: object | undefined;
  protected announcement = '';

  /** Makes a conversation that keeps the comments at which the reader is writing. */
  protected newTalk(): Conversation {
    const talk: Conversation = new Conversation(() => {
      this.#writes.get(talk)?.settle();
      this.changed();
    });
    talk.store.writingAt = () => [...this.panels].filter(([, it]) => WRITING.includes(it)).map(([id]) => id);
    return talk;
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
  #openLater(id: string, panel: Panel): void {
    const wanted = (this.wanted = { id, panel });
    interaction.get().then(
      () => this.wanted === wanted && this.toggle(id, panel),
      (error: unknown) => this.showTrouble(id, textOf(asProblem(error))),
    );
  }

  /** Closes what is open at a comment and leaves the focus where it is. */
  close(id: string): void {
    this.panels.delete(id);
    this.talk.store.release(id);
    this.requestUpdate();
  }

  closeMenu(): void {
    if (this.menu === undefined) return;
    this.talk.store.touch(this.menu);
    this.menu = undefined;
    this.requestUpdate();
  }

  toggle(id: string, panel: Panel | 'menu'): void {
    if (!interaction.loaded && panel !== 'menu') return this.#openLater(id, panel);
    this.wanted = undefined;
    const open = panel === 'menu' ? this.menu !== id : this.panels.get(id) !== panel;
    this.outcomes.delete(id);
    this.closeMenu();
    if (panel === 'menu') this.menu = open ? id : undefined;
    else if (open) {
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
      delete: '.ask button',
      menu: '.sheet button',
    };
    // The focus returns only to the button that opened the panel.
    focusOn(this, open ? `#${anchor(id)} ${inside[panel]}` : `#${panel}-${id}`, `#menu-${id}`);
  }

  /** Announces a text to screen readers, politely. */
  announce(text: string): void {
    this.announcement = this.announcement === text ? `${text}\u00a0` : text;
    this.requestUpdate();
  }

  like(comment: Comment): void {
    const { talk } = this;
    void this.#attempt(comment.id, 'whyLiking', async () => (await this.#loadWrites(talk)).like(comment.id));
  }

  follow({ id, author }: Comment): void {
    if (!author) return;
    const name = author.displayName;
    const { talk } = this;
    void this.#attempt(id, 'whyFollowing', async () => {
      const on = await (await this.#loadWrites(talk)).follow(author.id);
      this.announce(t(on ? 'follow.done' : 'follow.stopped', { name }));
    });
  }

  copyLink({ id }: Comment): void {
    const address = addressAt(id);
    // Only a secure context has a clipboard.
    void (navigator.clipboard?.writeText(address) ?? Promise.reject(new Error())).then(
      () => this.announce(t('comment.copied')),
      () => this.#showSuccess(id, address),
    );
    this.toggle(id, 'menu');
  }

  async post(text: string, key: string, arrived: Arrived): Promise<void> {
    this.outcomes.delete('');
    if (!this.look()) {
      this.showTrouble('', t('write.moved'));
      throw new ApiProblem(409, {});
    }
    this.#afterPost(await (await this.#loadWrites(this.talk)).post(text, null, key, arrived));
  }

  async reply({ id }: Comment, text: string, key: string, arrived: Arrived): Promise<void> {
    const writes = await this.#loadWrites(this.talk);
    const posted = await writes.post(text, id, key, () => arrived() && (this.close(id), true));
    this.close(id);
    this.folded.delete(id);
    this.#afterPost(posted);
  }

  async edit({ id }: Comment, text: string): Promise<void> {
    await (await this.#loadWrites(this.talk)).edit(id, text);
    this.toggle(id, 'edit');
    this.announce(t('write.saved'));
  }

  deleteComment({ id, parentId }: Comment): void {
    const { talk } = this;
    void this.#attempt(id, 'whyWriting', async () => {
      await (await this.#loadWrites(talk)).remove(id);
      this.close(id);
      this.announce(t('delete.done'));
      focusOn(this, parentId === null ? '#title' : `#${anchor(parentId)}`);
    });
  }

  report({ id }: Comment, reason: Reason | undefined, note: string): void {
    if (!reason) return this.showTrouble(id, t('report.choose'));
    void this.#attempt(id, undefined, async () => {
      await (await this.#loadWrites(this.talk)).report(id, reason, note);
      this.close(id);
      this.#showSuccess(id, t('report.done'));
      focusOn(this, `#menu-${id}`);
    });
  }

  signIn(why: Parameters<ThreadView['signIn']>[0]): Promise<boolean> {
    return signIn(this, t(`dialog.${why}`));
  }

  #afterPost({ id }: Comment): void {
    this.announce(t('write.posted'));
    goTo(this, id);
  }

  /** Runs an action for a signed-in reader, after signing in if needed. A failure is shown at the comment. */
  async #attempt(id: string, why: Parameters<ThreadView['signIn']>[0] | undefined, act: () => Promise<void>) {
    this.outcomes.delete(id);
    try {
      if (why && session.account === null && !(await this.signIn(why))) return;
      await act();
  /** Takes back the complaints about a network that is there again, and reads what it kept from being read. */
  protected recover(): void {
    const { talk, outcomes } = this;
    for (const [id, { offline }] of outcomes) if (offline) outcomes.delete(id);
    if (talk.problem?.offline) talk.retry();
  }

    } catch (error) {
      this.showTrouble(id, textOf(asProblem(error)));
    }
    this.requestUpdate();
  }

  showTrouble(id: string, text: string): void {
    this.outcomes.set(id, { text, success: false });
    this.requestUpdate();
  }

  #showSuccess(id: string, text: string): void {
    this.outcomes.set(id, { text, success: true });
    this.announce(text);
  }
}
