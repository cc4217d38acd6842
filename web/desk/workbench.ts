import { AlertDesk, NEW } from './alerts/alert-desk.js';
import type { Case, LoggedDecision, Verdict } from './contract.js';
import { onTold } from '../pages/parts/tabs.js';
import { Decider, type Outcome } from './decider.js';
import type { KeptDecision } from './kept.js';
import { Live } from './live.js';
import { DecisionLog } from './log.js';
import { Notices } from './notices.js';
import { OpenCase } from './open-case.js';
import { Queue } from './queue.js';
import { parseRoute, routeHash, type Route } from './route.js';
import { Session } from './session.js';
import { t } from './strings.js';
import { Teller } from './teller.js';
import { nameOf, oneLine } from './views/bits.js';

/** From this width on a case stands beside its list, so one is always open. */
const SIDE_BY_SIDE = '(min-width: 761px)';
/** Nearing the end of the loaded cases by so many reads the next page. */
const AHEAD = 10;

/** The case is in the queue again: nothing was saved. */
const cameBack = ({ kind }: Outcome): boolean => kind === 'failed' || kind === 'edited' || kind === 'kept';

/** Everything on the desk and its verbs: go, step, judge, undo. The page draws it anew on `changed`. */
export class Workbench {
  readonly session = new Session();
  readonly queue = new Queue();
  readonly log = new DecisionLog();
  readonly open = new OpenCase();
  readonly notices = new Notices();
  readonly decider = new Decider(this.queue, this.session);
  readonly alerts = new AlertDesk(this.notices, {
    visit: (alertId) => this.visit(routeHash('alerts', alertId)),
    go: (alertId) => this.#replace(routeHash('alerts', alertId)),
    speak: (text) => {
      this.spoken = text;
      this.changed();
    },
    refused: () => this.session.refresh(),
  });
  readonly live = new Live({
    session: () => this.session.refresh(),
    queue: async () => {
      if (this.session.standing === 'staff') await this.#read();
    },
    alerts: () => this.alerts.told(),
  });
  readonly #teller = new Teller(this.notices, {
    openId: () => this.open.commentId,
    look: (commentId) => this.go(commentId),
    again: (commentId, verdict) => {
      this.go(commentId);
      if (this.open.item) void this.#judge(this.open.item, verdict);
    },
    resume: (kept) => void this.#resume(kept),
    discard: (kept) => {
      this.decider.discard(kept);
      this.notSaved.delete(kept.commentId);
    },
  });
  route: Route = parseRoute(location.hash);
  /** Said aloud to those who cannot see the list move. */
  spoken = '';
  /** Decisions that did not get through, until they are made again. */
  readonly notSaved = new Set<string>();
  /** Removals that are being restored from the log. */
  readonly restoring = new Set<string>();
  /** Counts what the moderator does: a late refusal pulls a case back into view only while he has done nothing else. */
  #acts = 0;
  #staffId: string | undefined;
  #editorId: string | undefined;
  #wasWaiting = false;
  readonly #wide = window.matchMedia(SIDE_BY_SIDE);
  #stops: (() => void)[] = [];

  constructor(private readonly changed: () => void) {}

  start(): void {
    const { session, queue, log, open, notices, decider, live, alerts } = this;
    this.#stops = [
      session.onChange(() => this.#sessionChanged()),
      queue.onChange(() => this.#queueChanged()),
      ...[log, open, notices, decider, live, alerts].map((it) => it.onChange(this.changed)),
    ];
    this.#stops.push(onTold(() => live.told()));
    const on = (target: EventTarget, event: string, listener: (event: Event) => void, capture = false) => {
      target.addEventListener(event, listener, capture);
      this.#stops.push(() => target.removeEventListener(event, listener, capture));
    };
    on(window, 'hashchange', () => this.#arrive());
    on(this.#wide, 'change', () => this.#arrive());
    on(window, 'keydown', () => void this.#acts++, true);
    on(window, 'pointerdown', () => void this.#acts++, true);
    on(document, 'visibilitychange', () => document.hidden || void this.#look());
    on(window, 'online', () => void this.#look());
    on(window, 'offline', () => void this.#look());
    // An alert in its last seconds would not go: the browser asks first.
    on(window, 'beforeunload', (event) => alerts.dispatch.holding && event.preventDefault());
    void session.refresh().finally(() => live.start());
  }

  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    this.live.stop();
  }

  /** The case beside the open one, by `by` places; in the log likewise. */
  step(by: 1 | -1): void {
    if (this.route.page === 'alerts') return this.alerts.step(by);
    const ids = this.#ids();
    const at = ids.indexOf(this.open.commentId ?? '');
    const to = ids[at < 0 ? 0 : at + by];
    if (to) this.go(to);
    if (at + AHEAD > ids.length && this.route.page === 'reported') void this.queue.more();
  }

  /** Opens a case without a new step in the browser's history: back leads to the list. */
  go(commentId: string | null): void {
    this.#replace(routeHash(this.route.page === 'alerts' ? 'reported' : this.route.page, commentId));
  }

  /** Follows a link of the desk's own, at once: the next key must never meet the case before. */
  visit(hash: string): void {
    history.pushState(null, '', hash);
    this.#arrive();
  }

  /** Decides the open case and goes on to the next one at once. */
  async judge(verdict: Verdict): Promise<void> {
    const { item } = this.open;
    if (item) await this.#judge(item, { ...verdict, revision: item.comment.revision });
  }

  /** A second try sends the very verdict again: it was made on the text of its revision, whatever is open now. */
  async #judge(item: Case, verdict: Verdict): Promise<void> {
    const id = item.comment.id;
    const name = nameOf(item.author ?? item.comment.author);
    const waiting = this.queue.find(id) !== undefined;
    const ids = this.#ids();
    const following = ids[ids.indexOf(id) + 1] ?? ids[ids.indexOf(id) - 1] ?? null;
    this.notSaved.delete(id);
    this.notices.clear();
    const acts = this.#acts;
    this.#wasWaiting = false; // it leaves the queue by our own hand
    const answer = this.decider.decide(item, verdict);
    const movedOn = waiting && this.route.page === 'reported';
    if (movedOn) this.go(following);
    const outcome = await answer;
    if (cameBack(outcome) && movedOn && acts === this.#acts) this.go(id);
    this.#ended(outcome, verdict, id, name);
  }

  /**
   * Restores the last removal; what has no opposite is opened instead, with a word about it. An alert in its last
   * seconds comes first: only it cannot be undone later.
   */
  async undo(): Promise<void> {
    if (this.alerts.undo()) return;
    const undone = await this.decider.undo();
    if (undone.kind === 'nothing') return this.#teller.remark(t('undo.nothing'));
    const { commentId, verdict, writer } = undone.made;
    const name = writer ?? nameOf(null);
    this.notices.clear();
    if (undone.kind === 'reopen') {
      const text = verdict.action === 'keep' ? t('undo.keep') : t('undo.restore');
      this.#teller.remark(text);
    } else this.#ended(undone.outcome, { action: 'restore' }, commentId, name);
    this.go(commentId);
  }

  /** Restores from the log, without leaving it. */
  async restoreLogged(decision: LoggedDecision): Promise<void> {
    const { commentId } = decision;
    this.restoring.add(commentId);
    this.changed();
    const outcome = await this.decider.restore(commentId, decision.author?.displayName ?? null);
    this.restoring.delete(commentId);
    this.#ended(outcome, { action: 'restore' }, commentId, nameOf(decision.author));
  }

  #ids(): string[] {
    if (this.route.page === 'reported') return this.queue.waiting.map((it) => it.comment.id);
    return [...new Set(this.log.items.map((it) => it.commentId))];
  }

  /** A fresh look at everything, after the tab or the network was away. */
  async #look(): Promise<void> {
    await this.session.refresh();
    if (this.session.standing === 'staff') await this.#read();
  }

  async #read(): Promise<void> {
    const log = this.route.page === 'decisions' ? this.log.refresh() : undefined;
    await Promise.all([this.queue.refresh(), log, this.alerts.told()]);
  }

  #sessionChanged(): void {
    const { session } = this;
    const account = session.account ?? null;
    this.live.follow(account);
    const editorId = session.isEditor ? account!.id : undefined;
    if (editorId !== this.#editorId) {
      this.#editorId = editorId;
      if (editorId) this.alerts.begin(editorId);
      else this.alerts.leave();
      this.#arrive();
    }
    const staffId = session.standing === 'staff' ? account!.id : undefined;
    if (staffId !== this.#staffId) {
      this.#staffId = staffId;
      if (staffId) this.#begin(staffId);
      else if (session.standing !== 'unknown') this.#leave();
    }
    this.changed();
  }

  #begin(staffId: string): void {
    this.decider.startFor(staffId);
    for (const kept of this.decider.kept) this.#teller.offer(kept);
    this.#arrive();
    void this.#read();
    const kept = this.decider.kept.at(-1);
    if (kept) this.go(kept.commentId);
  }

  /** Nothing of what only the newsroom may see stays in the page of somebody who is signed out. */
  #leave(): void {
    this.queue.clear();
    this.log.clear();
    this.open.open(null, undefined);
    this.notices.clear();
    this.notSaved.clear();
  }

  #arrive(): void {
    this.route = parseRoute(location.hash);
    if (this.session.standing !== 'staff') return this.changed();
    if (this.route.page === 'alerts') return this.#arriveAtAlerts();
    this.alerts.hide();
    if (this.route.page === 'decisions' && !this.log.readAt) void this.log.refresh();
    const { commentId } = this.route;
    const known = this.queue.find(commentId);
    if (!commentId && this.route.page === 'reported' && this.#wide.matches && this.queue.waiting[0])
      return this.go(this.queue.waiting[0].comment.id);
    const moved = commentId !== this.open.commentId;
    this.#wasWaiting = known !== undefined;
    this.open.open(commentId, known);
    if (moved && this.open.item) this.#speakCase();
    this.changed();
  }

  /** Beside its list something is always open: where nothing else is, the form. */
  #arriveAtAlerts(): void {
    const { alertId } = this.route;
    if (!this.session.isEditor) return this.#replace(routeHash('reported'));
    if (!alertId && this.#wide.matches) return this.#replace(routeHash('alerts', NEW));
    this.#wasWaiting = false;
    this.open.open(null, undefined);
    this.alerts.show(alertId);
    this.changed();
  }

  #replace(hash: string): void {
    history.replaceState(null, '', hash);
    this.#arrive();
  }

  #queueChanged(): void {
    // Refused where it was allowed: the session or the role ended, and the word of it was lost.
    const refused = this.queue.problem?.status;
    if (this.session.standing === 'staff' && (refused === 401 || refused === 403)) void this.session.refresh();
    const { commentId } = this.open;
    const known = this.queue.find(commentId);
    if (known) this.open.take(known);
    // It left the queue without us: a colleague has decided, and the case says so.
    else if (commentId && this.#wasWaiting) void this.open.reload();
    this.#wasWaiting = known !== undefined;
    // What somebody else has dealt with needs no second try.
    for (const id of this.notSaved)
      if (!this.queue.problem && !this.queue.find(id)) {
        this.notSaved.delete(id);
        this.#teller.withdraw(id);
      }
    if (this.session.standing === 'staff' && !commentId && this.route.page !== 'alerts') this.#arrive();
    this.changed();
  }

  async #resume(kept: KeptDecision): Promise<void> {
    const outcome = await this.decider.resume(kept);
    this.#ended(outcome, kept.verdict, kept.commentId, kept.writer ?? nameOf(null));
  }

  /** A decision has its answer: it is told, and everything that shows the comment is read again. */
  #ended(outcome: Outcome, verdict: Verdict, commentId: string, name: string): void {
    const staff = this.session.standing === 'staff';
    if (cameBack(outcome) && this.queue.find(commentId)) this.notSaved.add(commentId);
    else this.notSaved.delete(commentId);
    if (staff) {
      const kept = this.decider.kept.find((it) => it.commentId === commentId);
      if (outcome.kind === 'kept' && kept) this.#teller.offer(kept);
      else this.#teller.tell(outcome, verdict, commentId, name);
      if (this.open.commentId === commentId) void this.open.reload();
      if (cameBack(outcome)) void this.queue.refresh();
      if (outcome.kind === 'done' && verdict.action !== 'keep')
        this.log.mark(commentId, verdict.action === 'remove' ? 'removed' : 'published');
      if (this.log.readAt) void this.log.refresh();
    }
    this.changed();
  }

  #speakCase(): void {
    const item = this.open.item!;
    this.spoken = t('case.announce', {
      name: nameOf(item.author ?? item.comment.author),
      text: oneLine(item.comment.body),
    });
  }
}
