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
const { Workbench } = await import('../../web/desk/desk-pages.js');
const { parseRoute, routeHash } = await import('../../web/desk/shell/route.js');

const person = (role: Account['role']): Account => ({
  id: 'a',
  displayName: 'Edda',
  role,
  emailVerified: true,
  supporter: false,
});

describe('the room of alerts', () => {
  let work: InstanceType<typeof Workbench>;

  beforeEach(() => {
    location.hash = '';
    page.asked.splice(0);
    work = new Workbench(() => undefined);
    work.start();
  });
  afterEach(() => work.stop());

  it('has addresses of its own', () => {
    expect(parseRoute(routeHash('alerts', '7'))).toEqual({ page: 'alerts', commentId: null, alertId: '7' });
    expect(parseRoute('#/alerts')).toEqual({ page: 'alerts', commentId: null, alertId: null });
    expect(parseRoute('#alerts/%')).toEqual({ page: 'alerts', commentId: null, alertId: null });
    expect(parseRoute(routeHash('decisions', 'c1'))).toEqual({ page: 'decisions', commentId: 'c1', alertId: null });
  });

  it('opens for editors and admins, with the form beside the list', () => {
    work.session.set(person('editor'));
    work.visit('#alerts');
    expect([location.hash, work.alerts.openId]).toEqual(['#alerts/new', 'new']);
  });

  it('turns moderators away, and an editor who becomes one', () => {
    work.session.set(person('moderator'));
    work.visit('#alerts/new');
    expect([location.hash, work.route.page]).toEqual(['#reported', 'reported']);
    work.session.set(person('admin'));
    work.visit('#alerts/new');
    expect(work.route.page).toBe('alerts');
    work.alerts.composer.set('title', 'Not for everybody');
    work.session.set(person('moderator'));
    expect([work.route.page, work.alerts.composer.text.title]).toEqual(['reported', '']);
  });

  it('is asked for nothing while a moderator works', async () => {
    work.session.set(person('moderator'));
    await work.alerts.told();
    expect(page.asked.filter((it) => /^\/(alerts|topics)/.test(it.path))).toEqual([]);
  });

  it('keeps an alert in its last seconds within reach of Undo in every room', async () => {
    work.session.set(person('editor'));
    const draft = { id: '7', title: 'Storm', state: 'draft', audience: 3 } as unknown as Alert;
    expect(work.alerts.dispatch.begin(draft)).toBe(true);
    work.visit('#reported');
    const leaving = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(leaving);
    expect(leaving.defaultPrevented).toBe(true);
    await work.undo();
    expect(work.alerts.dispatch.holding).toBeUndefined();
    expect(work.notices.items.map((it) => it.text)).toEqual(['Not sent: Storm. It waits in the list.']);
  });
});
