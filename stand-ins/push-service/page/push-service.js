// The push service's page shows the subscriptions and the state of each message.
const subscriptions = document.getElementById('subscriptions');
const pushes = document.getElementById('pushes');
const offline = document.getElementById('offline');

/** Makes an element with properties and children. Text is never read as HTML. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

function when(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  const text = date.toLocaleString([], today ? { timeStyle: 'medium' } : { dateStyle: 'medium', timeStyle: 'short' });
  return make('time', { dateTime: iso, title: date.toLocaleString() }, text);
}

const short = (token) => `…${token.slice(-6)}`;
const list = (rows, empty) => (rows.length ? make('ul', {}, ...rows) : make('p', { className: 'empty' }, empty));

function subscriptionRow(it) {
  const state = it.gone
    ? { unsubscribed: 'Unsubscribed', expired: 'Expired' }[it.gone]
    : it.connected
      ? 'Browser connected'
      : it.uaid
        ? 'Browser not connected; messages wait'
        : 'No browser behind it';
  const name = it.gone || !it.connected ? 'over' : 'good';
  const row = make(
    'li',
    { className: name },
    make('b', {}, state),
    when(it.createdAt),
    make('p', {}, `Subscription ${short(it.token)}, made with ${it.key ? `key ${short(it.key)}` : 'no key'}`),
  );
  if (!it.gone) {
    const expire = make(
      'button',
      { type: 'button', title: 'Senders get 410 from now on. The browser does not learn of it.' },
      'Expire',
    );
    expire.addEventListener('click', () => void fetch(`__standin/subscriptions/${it.token}`, { method: 'DELETE' }));
    row.append(expire);
  }
  return row;
}

const STATES = {
  waiting: 'Waiting for the browser',
  sent: 'Sent to the browser',
  replaced: 'Replaced by a later message of the same topic',
  expired: 'Expired before it was delivered',
  deleted: 'Deleted by the sender',
  undeliverable: 'The subscription ended before delivery',
};
const CODES = {
  100: 'Decrypted by the browser',
  101: 'The browser could not decrypt it',
  102: 'The browser could not deliver it to the page',
};

function pushRow(it) {
  const known = it.ackCode === undefined ? STATES[it.state] : CODES[it.ackCode];
  const kind = it.ackCode === 100 ? 'good' : it.ackCode === undefined ? '' : 'bad';
  const facts = [
    `to ${short(it.token)}`,
    `${it.bytes} bytes`,
    `TTL ${it.ttl} s`,
    `urgency ${it.urgency}`,
    ...(it.topic ? [`topic ${it.topic}`] : []),
  ];
  return {
    at: it.receivedAt,
    row: make(
      'li',
      { className: kind },
      make('b', {}, known ?? `The browser answered ${it.ackCode}`),
      when(it.receivedAt),
      make('p', {}, facts.join(' · ')),
    ),
  };
}

function refusalRow(it) {
  return {
    at: it.at,
    row: make(
      'li',
      { className: 'bad' },
      make('b', {}, `Refused with ${it.status}`),
      when(it.at),
      make('p', {}, `${it.message} · to ${short(it.token)}${it.errno ? ` · errno ${it.errno}` : ''}`),
    ),
  };
}

async function read() {
  const state = await (await fetch('api/state')).json();
  document.getElementById('ws').textContent = state.wsUrl;
  subscriptions.replaceChildren(
    list(
      state.subscriptions.toReversed().map(subscriptionRow),
      'No browser has subscribed yet. Set up a Firefox as described below, and switch alerts on in the demo newspaper.',
    ),
  );
  const messages = [...state.pushes.map(pushRow), ...state.refusals.map(refusalRow)];
  messages.sort((a, b) => (a.at < b.at ? 1 : -1));
  pushes.replaceChildren(
    list(
      messages.map((it) => it.row),
      'Rostra has not sent a message yet.',
    ),
  );
}

// A burst of messages causes one read.
let reading;
const changes = new EventSource('api/changes');
changes.addEventListener('message', () => {
  offline.hidden = true;
  reading ??= setTimeout(() => {
    reading = undefined;
    read().catch(() => undefined);
  }, 100);
});
changes.addEventListener('error', () => {
  offline.hidden = false;
});
