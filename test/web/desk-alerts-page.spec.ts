import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Alert } from '../../web/desk/alerts/contract.js';
import type { Account } from '../../web/shared/contract.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const wide = { matches: true };
const window = Object.assign(new EventTarget(), { matchMedia: () => Object.assign(new EventTarget(), wide) });
const location = { hash: '', href: 'https://post.example/desk' };
const go = (_: unknown, __: string, hash: string) => void (location.hash = hash);
const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
Object.assign(globalThis, {
  window,
  location,
  history: { replaceState: go, pushState: go },
  sessionStorage: storage,
  localStorage: storage,
});
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
Object.assign(globalThis, { HTMLElement: class {}, customElements: { define: () => undefined, get: () => undefined } });
const { Desk } = await import('../../web/desk/shell/desk.js');
const { deskPages } = await import('../../web/desk/desk-pages.js');
const { Moderation } = await import('../../web/desk/moderation/moderation.js');
const { AlertsPage } = await import('../../web/desk/alerts/alerts-page.js');
const { parseRoute, routeHash } = await import('../../web/desk/shell/route.js');

const person = (role: Account['role']): Account => ({
  id: 'a',
  displayName: 'Edda',
  role,
  emailVerified: true,
  supporter: false,
});

describe('the alerts page', () => {
  let desk: InstanceType<typeof Desk>;
  let alerts: InstanceType<typeof AlertsPage>['desk'];
  let moderation: InstanceType<typeof Moderation>;

  beforeEach(() => {
    location.hash = '';
    page.asked.splice(0);
    desk = new Desk(
      (shell) => {
        moderation = new Moderation(shell);
        return deskPages(shell);
      },
      () => undefined,
    );
    alerts = desk.pages.find((it) => it instanceof AlertsPage)!.desk;
    desk.start();
  });
  afterEach(() => desk.stop());

  it('has addresses of its own', () => {
    const names = desk.pages.map((it) => it.name);
    expect(parseRoute(routeHash('alerts', '7'), names)).toEqual({ page: 'alerts', id: '7' });
    expect(parseRoute('#/alerts', names)).toEqual({ page: 'alerts', id: null });
    expect(parseRoute('#alerts/%', names)).toEqual({ page: 'alerts', id: null });
    expect(parseRoute(routeHash('decisions', 'c1'), names)).toEqual({ page: 'decisions', id: 'c1' });
  });

  it('opens for editors and admins, with the form beside the list', () => {
    desk.session.set(person('editor'));
    desk.visit('#alerts');
    expect([location.hash, alerts.openId]).toEqual(['#alerts/new', 'new']);
  });

  it('turns away moderators, and an editor who becomes one', () => {
    desk.session.set(person('moderator'));
    desk.visit('#alerts/new');
    expect([location.hash, desk.route.page]).toEqual(['#reported', 'reported']);
    desk.session.set(person('admin'));
    desk.visit('#alerts/new');
    expect(desk.route.page).toBe('alerts');
    alerts.composer.set('title', 'Not for everybody');
    desk.session.set(person('moderator'));
    expect([desk.route.page, alerts.composer.text.title]).toEqual(['reported', '']);
  });

  it('makes no request while a moderator works', async () => {
    desk.session.set(person('moderator'));
    await alerts.refresh();
    expect(page.asked.filter((it) => /^\/(alerts|topics)/.test(it.path))).toEqual([]);
  });

  it('lets every page undo an alert in its last seconds, and asks before the tab is closed', async () => {
    desk.session.set(person('editor'));
    const draft = { id: '7', title: 'Storm', state: 'draft', audience: 3 } as unknown as Alert;
    expect(alerts.sender.begin(draft)).toBe(true);
    desk.visit('#reported');
    const leaving = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(leaving);
    expect(leaving.defaultPrevented).toBe(true);
    await moderation.undo();
    expect(alerts.sender.holding).toBeUndefined();
    // The answer stands where the key was pressed.
    expect(desk.notices.visible.map((it) => it.text)).toEqual(['“Storm” was not sent. You find it in the list.']);
    desk.visit('#alerts');
    expect(desk.notices.visible).toEqual([]);
  });
});
