import { AlertDesk, NEW } from './alerts/alert-desk.js';
import { Judging } from './moderation/moderation-page.js';
import { PageLive } from '../shared/page/live.js';
import { DecisionLog } from './moderation/decision-log.js';
import { Notices } from './shell/notices.js';
import { OpenCase } from './moderation/open-case.js';
import { Queue } from './moderation/queue.js';
import { parseRoute, routeHash, type Route } from './shell/route.js';
import { DeskSession } from './session.js';
import { t } from './shell/strings.js';
import { nameOf, oneLine } from './shell/text.view.js';

/** From this width on a case stands beside its list, so one is always open. */
const SIDE_BY_SIDE = '(min-width: 761px)';
/** Nearing the end of the loaded cases by so many reads the next page. */
const AHEAD = 10;

/** While the socket is down the desk reads every three seconds, as `live.off` says; a socket is tried again soon. */
const LIVE = { pollMs: 3_000, reauthenticateMs: 30_000, socket: { minDelayMs: 500, maxDelayMs: 5_000 } };

/**
 * Everything on the desk, and where it stands: go, step, visit; what is decided goes through `judging`. The page draws
 * it anew on `changed`.
 */
export class Workbench {
  readonly session = new DeskSession();
  readonly queue = new Queue();
  readonly log = new DecisionLog();
  readonly open = new OpenCase();
  readonly notices = new Notices();
  readonly alerts = new AlertDesk(this.notices, {
    visit: (alertId) => this.visit(routeHash('alerts', alertId)),
    go: (alertId) => this.#replace(routeHash('alerts', alertId)),
    speak: (text) => {
      this.spoken = text;
      this.changed();
    },
    refused: () => this.session.refresh(),
  });
  readonly live = new PageLive(this.session, LIVE);
  readonly judging = new Judging(this, {
    inQueue: () => this.route.page === 'reported',
    ids: () => this.#ids(),
    go: (commentId) => this.go(commentId),
    leaving: () => (this.#wasWaiting = false),
    changed: () => this.changed(),
  });
  route: Route = parseRoute(location.hash);
  /** Said aloud to those who cannot see the list move. */
  spoken = '';
  #staffId: string | undefined;
  #editorId: string | undefined;
  #wasWaiting = false;
  readonly #wide = window.matchMedia(SIDE_BY_SIDE);
  #stops: (() => void)[] = [];

  constructor(private readonly changed: () => void) {}

  start(): void {
    const { session, queue, log, open, notices, judging, live, alerts } = this;
    this.#stops = [
      session.onChange(() => this.#sessionChanged()),
      queue.onChange(() => this.#queueChanged()),
      ...[log, open, notices, judging.decider, live, alerts].map((it) => it.onChange(this.changed)),
    ];
    this.#stops.push(
      live.on('queue', () => session.standing === 'staff' && void this.#read()),
      live.on('alert', () => void alerts.told()),
    );
    const on = (target: EventTarget, event: string, listener: (event: Event) => void, capture = false) => {
      target.addEventListener(event, listener, capture);
      this.#stops.push(() => target.removeEventListener(event, listener, capture));
    };
    on(window, 'hashchange', () => this.#arrive());
    on(this.#wide, 'change', () => this.#arrive());
    on(window, 'keydown', () => judging.acted(), true);
    on(window, 'pointerdown', () => judging.acted(), true);
    on(document, 'visibilitychange', () => document.hidden || void this.#look());
    on(window, 'online', () => void this.#look());
    on(window, 'offline', () => void this.#look());
    // An alert in its last seconds would not go: the browser asks first.
    on(window, 'beforeunload', (event) => alerts.dispatch.holding && event.preventDefault());
    live.start();
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

  /** An alert in its last seconds comes first: only it cannot be undone later. */
  async undo(): Promise<void> {
    if (!this.alerts.undo()) await this.judging.undo();
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
    const kept = this.judging.begin(staffId);
    this.#arrive();
    void this.#read();
    if (kept) this.go(kept);
  }

  /** Nothing of what only the newsroom may see stays in the page of somebody who is signed out. */
  #leave(): void {
    this.queue.clear();
    this.log.clear();
    this.open.open(null, undefined);
    this.notices.clear();
    this.judging.leave();
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
    this.judging.queueRead();
    if (this.session.standing === 'staff' && !commentId && this.route.page !== 'alerts') this.#arrive();
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
