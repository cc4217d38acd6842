import { AlertStorage, type StoredAlerts } from '../../web/embed/alerts/alert-storage.js';
import type { pushApi } from '../../web/embed/alerts/push.api.js';
import { BrowserSubscription } from '../../web/embed/alerts/subscribe-browser.js';
import { VisitCheck } from '../../web/embed/alerts/visit-check.js';
import { VisitRepair } from '../../web/embed/alerts/visit-repair.js';
import type { AlertsError, AlertsTrouble } from '../../web/embed/alerts/trouble.js';
import { ApiProblem } from '../../web/shared/problem.js';
import type { Actor, HttpAnswer } from './actor.js';
import { browserKeys } from './push.js';

type Rostra = typeof pushApi;

/** Node 20 has no Web Locks. One lock is enough for one browser. */
let turn: Promise<unknown> = Promise.resolve();
const locks = {
  request: <Result>(_name: string, work: () => Promise<Result>): Promise<Result> => {
    const mine = turn.then(work);
    turn = mine.catch(() => undefined);
    return mine;
  },
};
Object.defineProperty(globalThis, 'navigator', { configurable: true, value: { locks } });

const ok = <Body>({ status, body }: HttpAnswer<Body>): Body => {
  if (status >= 300) throw new ApiProblem(status, body as Record<string, unknown>);
  return body;
};

/** Returns the calls of the page's alerts, made by an actor. */
export const rostraFor = (actor: () => Actor): Rostra =>
  ({
    keys: async () => ok(await actor().get('/push/key')),
    subscribe: async (subscription: PushSubscription, topics: string[], key: string) =>
      ok(await actor().post('/push/subscriptions', { subscription: subscription.toJSON(), topics, key })),
    read: async (id: string) => ok(await actor().get(`/push/subscriptions/${id}`)),
    setTopics: async (id: string, topics: string[]) => ok(await actor().patch(`/push/subscriptions/${id}`, { topics })),
    end: async (id: string) => void ok(await actor().delete(`/push/subscriptions/${id}`)),
  }) as unknown as Rostra;

/** A browser's push manager. Like Firefox it makes a new endpoint at every subscribing. */
export class FakePushManager {
  present: PushSubscription | null = null;
  readonly unsubscribed: string[] = [];

  constructor(private readonly newEndpoint: () => string) {}

  getSubscription = async (): Promise<PushSubscription | null> => this.present;

  subscribe = async ({ applicationServerKey }: PushSubscriptionOptionsInit): Promise<PushSubscription> => {
    if (this.present) throw new DOMException('There is one already.', 'InvalidStateError');
    return (this.present = this.make(applicationServerKey as string));
  };

  /** Makes a subscription that is not yet the browser's. */
  make(key: string): PushSubscription {
    const [endpoint, keys] = [this.newEndpoint(), browserKeys()];
    return {
      endpoint,
      options: { userVisibleOnly: true, applicationServerKey: new Uint8Array(Buffer.from(key, 'base64url')).buffer },
      toJSON: () => ({ endpoint, expirationTime: null, keys }),
      // As in Firefox, an old object ends what its registration has now.
      unsubscribe: async () => {
        this.unsubscribed.push(this.present?.endpoint ?? '');
        this.present = null;
        return true;
      },
    } as unknown as PushSubscription;
  }
}

export const memory = () => {
  const map = new Map<string, string>();
  return {
    getItem: (key: string) => map.get(key) ?? null,
    setItem: (key: string, value: string) => void map.set(key, value),
  };
};

/** The alerts of one page in a browser: its storage, its push manager, and the code that pages run. */
export class PageAlerts {
  readonly storage: AlertStorage;
  readonly subscription: BrowserSubscription;
  readonly #rostra: Rostra;
  /** Thrown when the page looks for its worker, and when it asks the worker. */
  workerFault: AlertsError | undefined;
  lineFault: AlertsError | undefined;

  constructor(
    public actor: Actor,
    readonly manager: FakePushManager,
    store = memory(),
  ) {
    this.storage = new AlertStorage(() => store);
    this.#rostra = rostraFor(() => this.actor);
    this.subscription = new BrowserSubscription(this.storage, () => this.#account, this.#rostra);
  }

  get #account(): string | null {
    return this.actor.accountId || null;
  }

  get registration(): ServiceWorkerRegistration {
    return { pushManager: this.manager } as unknown as ServiceWorkerRegistration;
  }

  get stored(): StoredAlerts {
    return this.storage.read();
  }

  switchOn(topics: string[]): Promise<void> {
    return this.subscription.subscribe(this.registration, topics, () => undefined);
  }

  /** Visits a page in a new tab. @returns what the page's element says */
  visit(): Promise<AlertsTrouble | null | undefined> {
    const repair = new VisitRepair(this.storage, this.subscription, new VisitCheck(memory), this.#rostra);
    return repair.run({
      account: this.#account,
      worker: async () => {
        if (this.workerFault) throw this.workerFault;
        return this.registration;
      },
      register: async () => this.registration,
      check: async () => {
        if (this.lineFault) throw this.lineFault;
      },
      subscribe: (registration, ended) => this.subscription.subscribe(registration, undefined, () => undefined, ended),
    });
  }
}
