/** A framework changes address, link and title one after the other, so the page is read this long after a change. */
const SETTLE_MS = 50;

/**
 * Calls `look` soon after each event by which a page that is not loaded anew may show another story: its history, its
 * head (the canonical link, the title), and its return from the browser's cache. @returns a function that stops this
 */
export function onNavigation(look: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      look();
    }, SETTLE_MS);
  };
  // Not every browser has the Navigation API. The others notice a changed head, and elements look again before they act.
  const { navigation } = globalThis as { navigation?: EventTarget };
  navigation?.addEventListener('currententrychange', soon);
  addEventListener('popstate', soon);
  addEventListener('pageshow', soon);
  const observer = new MutationObserver(soon);
  const head = document.querySelector('head');
  if (head) observer.observe(head, { subtree: true, childList: true, characterData: true, attributeFilter: ['href'] });
  return () => {
    clearTimeout(timer);
    navigation?.removeEventListener('currententrychange', soon);
    removeEventListener('popstate', soon);
    removeEventListener('pageshow', soon);
    observer.disconnect();
  };
}
