import { base } from '../../shared/origin.js';
import { AlertsError, messageOf, type WorkerFault } from './trouble.js';

/** The line that the publisher's own service worker needs. */
export const workerLine = `importScripts('${base}service-worker.js');`;

interface TypesPolicy {
  createScriptURL(url: string): string;
}
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): TypesPolicy;
}

let policy: TypesPolicy | undefined;

/** Registering a worker is a sink of Trusted Types. The policy `rostra-alerts` accepts only the site's own files. */
function trusted(url: string): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return url;
  policy ??= trustedTypes.createPolicy('rostra-alerts', {
    createScriptURL(address) {
      if (new URL(address, location.href).origin !== location.origin) throw new TypeError('not a file of this site');
      return address;
    },
  });
  return policy.createScriptURL(url);
}

/** The folder of a worker, which is all that it controls. */
const scopeOf = (file: string): string => new URL('./', new URL(file, location.href)).href;
const samePath = (one: string, other: string) => new URL(one).pathname === new URL(other).pathname;
/** A file of this name holds nothing but our line, wherever it lies. */
const isRostraFile = (script: string | undefined) => !!script && new URL(script).pathname.endsWith('/rostra-sw.js');
const scriptOf = ({ active, waiting, installing }: ServiceWorkerRegistration) =>
  (active ?? waiting ?? installing)?.scriptURL;

/**
 * Returns the registration of the element's own folder if its worker is active. It makes no request.
 * @throws AlertsError when another worker has taken its place
 */
export async function findWorker(file: string): Promise<ServiceWorkerRegistration | undefined> {
  if (!file) return undefined;
  // The browser gives the registration of a folder above when this one has none.
  const found = await navigator.serviceWorker.getRegistration(scopeOf(file)).catch(() => undefined);
  if (found?.scope !== scopeOf(file)) return undefined;
  const script = scriptOf(found);
  if (script && samePath(script, new URL(file, location.href).href)) return found.active ? found : undefined;
  if (script && !isRostraFile(script)) throw fault('other', new URL(script).pathname);
  return undefined;
}

/**
 * Registers the publisher's worker and waits until it is active. It never replaces another worker of the site, because
 * that one may serve the site's offline pages.
 * @param file the element's `service-worker` attribute
 * @throws AlertsError that says what the site's engineers must do
 */
export async function registerWorker(file: string): Promise<ServiceWorkerRegistration> {
  if (!file) throw fault('unnamed', file);
  await findWorker(file);
  let address: string;
  try {
    address = trusted(new URL(file, location.href).href);
  } catch (error) {
    throw fault('types', file, error);
  }
  try {
    return await activated(await navigator.serviceWorker.register(address));
  } catch (error) {
    throw fault('missing', file, error);
  }
}

/**
 * Asks the worker whether it holds our line, because its file can change after alerts were switched on. Nobody navigates
 * below a folder of alerts, so the browser is also asked to look for a new version.
 * @throws AlertsError when no version of the worker answers, so that it would show no alert
 */
export async function checkWorker(registration: ServiceWorkerRegistration, file: string): Promise<void> {
  let failure: unknown;
  const { active } = registration;
  const update = registration.update().catch((error: unknown) => void (failure = error));
  const isAlive = await answers(active);
  await inTime(update);
  // A new version may have lost the line, so the answer of the version before is not enough.
  const { installing, waiting } = registration;
  if (isAlive && !installing && !waiting && registration.active === active) return;
  await inTime(installed(installing));
  if (await answers(registration.waiting ?? registration.active)) return;
  throw failure === undefined ? fault('silent', file) : fault('missing', file, failure);
}

/** Ends the workers of former places of our file, which would show every alert a second time. */
export async function retireFormerWorkers(file: string): Promise<void> {
  const all = await navigator.serviceWorker.getRegistrations();
  for (const it of all) if (isRostraFile(scriptOf(it)) && it.scope !== scopeOf(file)) await it.unregister();
}

const fault = (kind: WorkerFault, file: string, error?: unknown) =>
  new AlertsError({ kind: 'worker', fault: kind, file, message: error === undefined ? '' : messageOf(error) });

/** Waits until the worker is active, as subscribing needs. A worker whose import fails becomes redundant. */
function activated(registration: ServiceWorkerRegistration): Promise<ServiceWorkerRegistration> {
  if (registration.active) return Promise.resolve(registration);
  const worker = registration.installing ?? registration.waiting;
  if (!worker) return Promise.reject(new Error('the worker did not start'));
  return new Promise((resolve, reject) => {
    const check = () => {
      if (worker.state === 'activated' || registration.active) resolve(registration);
      else if (worker.state === 'redundant') reject(new Error('the worker did not start'));
    };
    worker.addEventListener('statechange', check);
    check();
  });
}

/** A worker that must first start on a slow phone answers within this time. */
const ANSWER_MS = 5_000;

/** Waits no longer than that for the browser, because what the reader presses meanwhile waits behind the check. */
const inTime = (work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise((done) => setTimeout(done, ANSWER_MS))]);

function answers(worker: ServiceWorker | null): Promise<boolean> {
  if (!worker) return Promise.resolve(false);
  const { port1, port2 } = new MessageChannel();
  return new Promise<boolean>((resolve) => {
    setTimeout(() => resolve(false), ANSWER_MS);
    port1.onmessage = () => resolve(true);
    worker.postMessage({ rostra: 'hello' }, [port2]);
  }).finally(() => port1.close());
}

/** Waits until a new version is installed or has failed. */
function installed(worker: ServiceWorker | null): Promise<void> {
  if (!worker || worker.state !== 'installing') return Promise.resolve();
  return new Promise((resolve) => worker.addEventListener('statechange', () => resolve(), { once: true }));
}
