// The mailbox's page shows a list and a mail, and updates without a reload. The address's fragment names the open mail.
const main = document.getElementById('main');
const list = document.getElementById('list');
const view = document.getElementById('message');
const filter = document.getElementById('filter');
const clear = document.getElementById('clear');
const offline = document.getElementById('offline');
let messages = [];
let shown;

/** Makes an element with properties and children. Text is never read as HTML. */
function make(tag, properties = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

const matching = () => {
  const words = filter.value.trim().toLowerCase();
  return messages.filter((it) => `${it.to} ${it.subject}`.toLowerCase().includes(words));
};

function when(iso) {
  const date = new Date(iso);
  const today = date.toDateString() === new Date().toDateString();
  const text = date.toLocaleString([], today ? { timeStyle: 'short' } : { dateStyle: 'medium', timeStyle: 'short' });
  return make('time', { dateTime: iso, title: date.toLocaleString() }, text);
}

function empty(title, text) {
  return make('div', { className: 'empty' }, make('b', {}, title), text);
}

function showList() {
  const found = matching();
  const current = location.hash.slice(1);
  const rows = found.map((it) => {
    const row = make(
      'a',
      { href: `#${it.id}` },
      make('b', {}, it.subject),
      make('span', {}, it.to),
      when(it.receivedAt),
    );
    if (it.id === current) row.setAttribute('aria-current', 'true');
    return row;
  });
  if (!rows.length)
    rows.push(
      messages.length
        ? empty('No mail found', 'No mail has this address or subject.')
        : empty('No mail yet', 'Register or sign in on the demo site. The mail then appears here.'),
    );
  const focused = document.activeElement?.closest('nav a')?.getAttribute('href');
  list.replaceChildren(...rows);
  if (focused) list.querySelector(`a[href="${focused}"]`)?.focus();
  main.classList.toggle('none', messages.length === 0);
  clear.hidden = messages.length === 0;
  document.title = messages.length ? `Mailbox (${messages.length})` : 'Mailbox';
}

function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/).map((part, index) => (index % 2 ? link(part) : part));
}

const link = (href, text = href, className = '') =>
  make('a', { href, className, target: '_blank', rel: 'noopener' }, text);

function codeBox(code) {
  const copy = make('button', { type: 'button' }, 'Copy');
  copy.addEventListener('click', async () => {
    await navigator.clipboard.writeText(code);
    copy.textContent = 'Copied';
  });
  return make('div', { className: 'code' }, make('output', { ariaLabel: 'Code' }, code), copy);
}

function showMessage() {
  const message = messages.find((it) => it.id === location.hash.slice(1));
  main.classList.toggle('reading', Boolean(message));
  if (message && message.id === shown) return;
  shown = message?.id;
  if (!message) {
    view.replaceChildren(messages.length ? empty('Choose a mail', 'The newest mail is at the top.') : '');
    return;
  }
  const meta = make(
    'div',
    { className: 'meta' },
    `To ${message.to} · from ${message.from} · `,
    when(message.receivedAt),
  );
  view.replaceChildren(
    make('a', { href: '#', className: 'button quiet back' }, '‹ All mails'),
    make('h2', {}, message.subject),
    meta,
    ...(message.code ? [codeBox(message.code)] : []),
    ...(message.links.length === 1 ? [link(message.links[0], 'Open the link', 'button primary')] : []),
    make('div', { className: 'text' }, ...withLinks(message.text)),
  );
  view.scrollTop = 0;
}

function show() {
  showList();
  showMessage();
}

async function read() {
  messages = await (await fetch('api/messages')).json();
  show();
}

clear.addEventListener('click', () => {
  void fetch('api/messages', { method: 'DELETE' });
});
filter.addEventListener('input', showList);
addEventListener('hashchange', show);

const changes = new EventSource('api/changes');
changes.addEventListener('message', () => {
  offline.hidden = true;
  read().catch(() => undefined);
});
changes.addEventListener('error', () => {
  offline.hidden = false;
});
