/** Lets a click on a notification lead this page to another place in it, without a reload. */
export function letWorkerLead(): void {
  navigator.serviceWorker.addEventListener('message', ({ data, ports }) => {
    const { rostra, address } = (data ?? {}) as { rostra?: unknown; address?: unknown };
    if (rostra !== 'lead' || typeof address !== 'string') return;
    const { origin, pathname, hash } = new URL(address);
    // The worker has compared the rest (web/shared/same-page.ts). This page may have moved on without a reload.
    if (origin !== location.origin || pathname !== location.pathname) return;
    ports[0]?.postMessage('led');
    if (!hash) return;
    // Going to the same place again says nothing, unless the place is left first.
    if (location.hash === hash) history.replaceState(history.state, '', location.pathname + location.search);
    location.hash = hash;
  });
  navigator.serviceWorker.startMessages();
}
