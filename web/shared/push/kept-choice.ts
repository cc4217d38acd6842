// Keeps the reader's choice of topics in IndexedDB, which both the page and the service worker can read. A worker has
// no localStorage, and a publisher's own worker may empty a Cache that it does not know.

/** This browser's subscription at Rostra. */
export interface KeptChoice {
  /** The subscription's unguessable id, with which anybody may change or end it. */
  id: string;
  topics: string[];
  /** The fingerprint of the browser's subscription, by which the worker knows it as ours. */
  print?: string | undefined;
}

const DATABASE = 'rostra-alerts';
const STORE = 'choice';
const KEY = 'mine';

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB failed'));
  });
}

async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  const database = await answer(opening);
  try {
    return await answer(work(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

/** Returns the choice, or undefined if there is none. Rejects when the browser forbids storage. */
export const readChoice = (): Promise<KeptChoice | undefined> =>
  inStore<KeptChoice | undefined>('readonly', (store) => store.get(KEY));

export const keepChoice = (choice: KeptChoice): Promise<unknown> =>
  inStore('readwrite', (store) => store.put(choice, KEY));

export const forgetChoice = (): Promise<unknown> => inStore('readwrite', (store) => store.delete(KEY));
