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

/**
 * Registers the publisher's worker and waits until it is active. It never replaces another worker of the site, because
 * that one may serve the site's offline pages.
 * @param file the element's `service-worker` attribute
 * @throws AlertsError that says what the site's engineers must do
 */
export async function registerWorker(file: string): Promise<ServiceWorkerRegistration> {
  if (!file) throw fault('unnamed', file);
  const url = new URL(file, location.href);
  const present = await navigator.serviceWorker.getRegistration(new URL('./', url).href).catch(() => undefined);
  const script = present && (present.active ?? present.waiting ?? present.installing)?.scriptURL;
  const inOurPlace = script && scopePath(present) === new URL('./', url).pathname && !samePath(script, url.href);
  if (inOurPlace && !script.endsWith('/rostra-sw.js')) throw fault('other', new URL(script).pathname);
  let address: string;
  try {
    address = trusted(url.href);
  } catch (error) {
    throw fault('types', file, error);
  }
  try {
    return await activated(await navigator.serviceWorker.register(address));
  } catch (error) {
    throw fault('missing', file, error);
  }
}

const fault = (kind: WorkerFault, file: string, error?: unknown) =>
  new AlertsError({ kind: 'worker', fault: kind, file, message: error === undefined ? '' : messageOf(error) });
const scopePath = ({ scope }: ServiceWorkerRegistration) => new URL(scope).pathname;
const samePath = (one: string, other: string) => new URL(one).pathname === new URL(other).pathname;

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

/** Returns the registration if its worker is already active. Makes no request. */
export async function activeWorker(file: string): Promise<ServiceWorkerRegistration | undefined> {
  const scope = new URL('./', new URL(file, location.href)).href;
  const present = await navigator.serviceWorker.getRegistration(scope);
  return present?.active ? present : undefined;
}
