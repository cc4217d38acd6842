import { createECDH } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AlertStorage } from '../../web/embed/alerts/alert-storage.js';
import { subscribe } from '../../web/embed/alerts/push-manager.js';
import { keyOf } from '../../web/shared/push/push-key.js';
import { howTo } from '../../web/embed/alerts/how-to.js';
import { familyOf, supportOf } from '../../web/embed/alerts/support.js';
import { VisitCheck } from '../../web/embed/alerts/visit-check.js';
import { checkWorker } from '../../web/embed/alerts/worker.js';
import { isSamePage } from '../../web/shared/same-page.js';
import { isFromRostra, readNotice } from '../../web/service-worker/notice.js';

const DAY = 86_400_000;

const storage = () => {
  const map = new Map<string, string>();
  return {
    map,
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
};

describe('browser support for alerts', () => {
  const able = {
    isSecureContext: true,
    PushManager: {},
    Notification: {},
    navigator: { userAgent: 'x', serviceWorker: {} },
  };
  const iPhone = { userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Version/18.5 Safari/604.1' };
  const iPad = { userAgent: 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Safari/605.1.15', maxTouchPoints: 5 };

  it('is read from the properties of the window', () => {
    expect(supportOf(able)).toBe('yes');
    expect(supportOf({ ...able, isSecureContext: false })).toBe('insecure');
    expect(supportOf({ isSecureContext: true, navigator: { userAgent: 'x', serviceWorker: {} } })).toBe('no');
    expect(supportOf({ ...able, navigator: { userAgent: 'a private window' } })).toBe('no');
    for (const navigator of [iPhone, iPad]) expect(supportOf({ isSecureContext: true, navigator })).toBe('ios');
    // An iPhone supports alerts for a site on the Home Screen.
    expect(supportOf({ ...able, navigator: { ...iPhone, serviceWorker: {} } })).toBe('yes');
  });

  it.each([
    ['chrome', 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36'],
    ['edge', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0'],
    ['firefox', 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'],
    ['firefoxAndroid', 'Mozilla/5.0 (Android 14; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0'],
    ['safari', 'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15'],
    ['android', 'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/142.0.0.0 Mobile Safari/537.36'],
    ['ios', iPhone.userAgent],
  ])('recognises %s by its user agent', (family, userAgent) => expect(familyOf({ userAgent })).toBe(family));
});

describe('sweep: the advice about the browser', () => {
  const agents = {
    chrome: 'Chrome/142.0.0.0 Safari/537.36',
    edge: 'Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
    firefox: 'Gecko/20100101 Firefox/140.0',
    firefoxAndroid: 'Android 14; Mobile; rv:140.0 Firefox/140.0',
    safari: 'Version/18.5 Safari/605.1.15',
    android: 'Android 10; Chrome/142.0.0.0 Mobile Safari/537.36',
    ios: 'iPhone; CPU iPhone OS 18_5',
  };

  it.each(Object.entries(agents))('tells how to stop alerts, and not how to allow them, in %s', (_name, userAgent) => {
    const [allow, stop] = (['allow', 'stop'] as const).map((it) => howTo(it, { userAgent }));
    const [allowing, stopping] = [
      /switch [\w ]*on\b|\ballow\b|clear “Blocked”/,
      /switch [\w ]*off|block|clear “Allowed”/,
    ];
    expect(stop).toMatch(stopping);
    expect(stop).not.toMatch(allowing);
    expect(allow).toMatch(allowing);
    expect(allow).not.toMatch(stopping);
    expect(`${allow}${stop}`).not.toMatch(/[{}]/);
  });
});

describe('"Not now"', () => {
  it('hides the question for a week, then a month, then a quarter of a year', () => {
    const memory = new AlertStorage(() => storageOnce);
    const storageOnce = storage();
    let now = Date.UTC(2026, 10, 1);
    expect(memory.isDismissed(now)).toBe(false);
    for (const days of [7, 30, 90, 90]) {
      memory.dismiss(now);
      expect(memory.isDismissed(now + days * DAY - 1)).toBe(true);
      expect(memory.isDismissed(now + days * DAY)).toBe(false);
      now += days * DAY;
    }
  });

  it('lasts as long as the page when the browser forbids storage, and ignores broken storage', () => {
    const forbidden = new AlertStorage(() => {
      throw new Error('denied');
    });
    forbidden.dismiss();
    expect(forbidden.isDismissed()).toBe(true);
    const store = storage();
    for (const nonsense of ['not json', '7', '{"topics":"breaking","id":4,"dismissals":"many"}']) {
      store.map.set('rostra.alerts', nonsense);
      expect(new AlertStorage(() => store).read()).toMatchObject({ topics: [] });
      expect(new AlertStorage(() => store).read().id).toBeUndefined();
      expect(new AlertStorage(() => store).isDismissed()).toBe(false);
    }
  });
});

describe('the check of a visit', () => {
  it('is due in a new tab, and again half an hour after the last check', () => {
    const store = storage();
    const visits = new VisitCheck(() => store);
    const now = Date.UTC(2026, 10, 1);
    expect(visits.isDue(now)).toBe(true);
    visits.checked(now);
    expect(visits.isDue(now + 30 * 60_000 - 1)).toBe(false);
    expect(visits.isDue(now + 30 * 60_000)).toBe(true);
    expect(new VisitCheck(() => storage()).isDue(now)).toBe(true);
  });
});

describe('subscribing', () => {
  const newKey = () => createECDH('prime256v1').generateKeys();
  const [current, former] = [newKey(), newKey()];
  const key = current.toString('base64url');
  const own = { key, former: [former.toString('base64url')] };
  const madeWith = (bytes: Buffer) => {
    const options = { applicationServerKey: new Uint8Array(bytes).buffer };
    const unsubscribe = jest.fn(async () => true);
    return { unsubscribe, made: { options, unsubscribe } as unknown as PushSubscription };
  };
  const manager = (present: PushSubscription | null, make: () => Promise<PushSubscription>) => {
    const asked = jest.fn((_options: PushSubscriptionOptionsInit) => make());
    return { asked, manager: { getSubscription: async () => present, subscribe: asked } as unknown as PushManager };
  };
  const { made: fresh } = madeWith(current);

  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('keeps the subscription of the current key, and replaces one of a former key', async () => {
    const kept = manager(fresh, async () => fresh);
    expect(await subscribe(kept.manager, own, () => undefined)).toBe(fresh);
    expect(kept.asked).not.toHaveBeenCalled();
    const old = madeWith(former);
    expect(keyOf(old.made)).toBe(former.toString('base64url'));
    const replaced = manager(old.made, async () => fresh);
    expect(await subscribe(replaced.manager, own, () => undefined)).toBe(fresh);
    expect(old.unsubscribe).toHaveBeenCalledTimes(1);
    expect(replaced.asked).toHaveBeenCalledWith({ userVisibleOnly: true, applicationServerKey: key });
  });

  it('reports a slow push service, and gives up when it never answers', async () => {
    const slow = jest.fn();
    const silent = manager(null, () => new Promise(() => undefined));
    const answer = subscribe(silent.manager, own, slow).then(
      () => 'subscribed',
      (error: { trouble: unknown }) => error.trouble,
    );
    await jest.advanceTimersByTimeAsync(3_999);
    expect(slow).not.toHaveBeenCalled();
    await jest.advanceTimersByTimeAsync(1);
    expect(slow).toHaveBeenCalledTimes(1);
    await jest.advanceTimersByTimeAsync(16_000);
    expect(await answer).toMatchObject({ kind: 'push' });
    expect(jest.getTimerCount()).toBe(0);
  });

  it('rejects with the message of the browser when the browser refuses', async () => {
    const refusing = manager(null, async () => {
      throw new DOMException('Registration failed - push service not available', 'AbortError');
    });
    const trouble = { kind: 'push', message: 'Registration failed - push service not available' };
    await expect(subscribe(refusing.manager, own, () => undefined)).rejects.toMatchObject({ trouble });
    expect(jest.getTimerCount()).toBe(0);
  });
});

describe('a tab', () => {
  const story = 'https://post.example/stories/ferries';

  it.each([
    [story, `${story}?utm_source=mail&utm_medium=x&fbclid=1#rostra-comment-4`],
    [`${story}?id=7&page=2`, `${story}/?page=2&gclid=9&id=7`],
    [`${story}?at_medium=email`, `${story}?_ga=1.2`],
  ])('shows %s when its address is %s', (one, other) => {
    expect(isSamePage(one, other)).toBe(true);
    expect(isSamePage(other, one)).toBe(true);
  });

  it.each([
    [story, `${story}-again`],
    [`${story}?id=7`, `${story}?id=8`],
    [story, `${story}?id=8&utm_source=mail`],
    [story, 'https://other.example/stories/ferries'],
    [story, 'about:blank'],
    [story, 'no address'],
  ])('does not show %s when its address is %s', (one, other) => expect(isSamePage(one, other)).toBe(false));
});

describe('a push', () => {
  const home = 'https://post.example/';
  const message = (notification: unknown) => JSON.stringify({ web_push: 8030, notification });

  it('is shown as its declarative JSON says when the JSON is padded', () => {
    const said = {
      title: 'The ferry stops',
      navigate: 'https://post.example/stories/ferries#rostra-comment-4',
      body: 'No crossing today',
      lang: 'en',
      dir: 'rtl',
      tag: 't1',
      icon: '/icon.png',
      data: { id: '7', kind: 'alert' },
    };
    expect(readNotice(message(said).padEnd(1024), home)).toEqual({
      title: 'The ferry stops',
      options: {
        body: 'No crossing today',
        lang: 'en',
        dir: 'rtl',
        tag: 't1',
        icon: 'https://post.example/icon.png',
        data: { rostra: { navigate: said.navigate, id: '7' } },
      },
    });
  });

  it.each([
    [undefined],
    [''],
    ['{"notification":'],
    ['null'],
    ['[]'],
    ['7'],
    [message(null)],
    [message({ title: '   ' })],
    [message({ title: { a: 1 }, navigate: 7 })],
  ])('is shown when its text is %j, because browsers end the subscription after a silent push', (text) => {
    const { title, options } = readNotice(text, home);
    expect(title).toBe('post.example');
    expect(options.body).toBeTruthy();
    expect(options.data).toEqual({ rostra: { navigate: home } });
  });

  it('is known as Rostra’s among those of other providers', () => {
    const ours = JSON.stringify({ web_push: 8030, notification: { title: 'x', data: { id: '7', kind: 'alert' } } });
    expect(isFromRostra(ours.padEnd(1024))).toBe(true);
    for (const text of [undefined, '', 'null', '{"custom":{"i":"1"},"title":"x"}', message({ title: 'x' }), '7'])
      expect(isFromRostra(text)).toBe(false);
  });

  it.each(['javascript:alert(1)', 'data:text/html,x', 'http://[', ''])('never opens %j', (navigate) => {
    expect(readNotice(message({ title: 'x', navigate }), home).options.data).toEqual({ rostra: { navigate: home } });
  });

  it('is shown whole when it has the longest texts that the newsroom may write', () => {
    const [title, body] = ['x'.repeat(299) + '\u{1F6A2}', '\u{1F6A2}'.repeat(1_000)];
    expect(readNotice(message({ title, body }), home)).toMatchObject({ title, options: { body } });
    expect(readNotice(body, home).options.body).toBe(body);
  });
});

describe('the check of the worker', () => {
  afterEach(() => {
    jest.useRealTimers();
  });

  it('ends when the browser never says whether there is a new version, because presses wait behind it', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'Date', 'performance'] });
    const active = {
      postMessage: (_message: unknown, [port]: [MessagePort]) => port.postMessage('here'),
    } as unknown as ServiceWorker;
    const update = () => new Promise<ServiceWorkerRegistration>(() => undefined);
    const registration = { active, installing: null, waiting: null, update } as unknown as ServiceWorkerRegistration;
    let ended = false;
    const check = checkWorker(registration, '/alerts/rostra-sw.js').then(() => (ended = true));
    await new Promise((done) => setImmediate(done));
    expect(ended).toBe(false);
    for (let n = 0; n < 3 && !ended; n += 1) {
      await new Promise((done) => setImmediate(done));
      await jest.advanceTimersByTimeAsync(5_000);
    }
    expect(ended).toBe(true);
    await check;
  });
});
