/** What is shown for a push. */
export interface PushNotice {
  title: string;
  options: NotificationOptions;
}

/** What a click on one of ours needs; under a name of its own, since a publisher's worker may show others. */
export interface NoticeData {
  rostra: { navigate: string; id?: string };
}

/** Whole, however long: a push holds 4 kB, and each system cuts a notice where it has no more room. */
const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() ? value : undefined);

const record = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};

function address(value: unknown, home: string): string {
  const found = typeof value === 'string' && URL.canParse(value, home) ? new URL(value, home) : undefined;
  return found && /^https?:$/.test(found.protocol) ? found.href : home;
}

/**
 * Reads a push message: Declarative Web Push JSON, as Safari shows it without us. Every push must show something, or
 * browsers take the subscription away, so whatever cannot be read becomes a notice too.
 * @param message the decrypted text; undefined for a push without one
 * @param home the site's address: where a notice leads that says nothing better
 */
export function readNotice(message: string | undefined, home: string): PushNotice {
  let json: unknown;
  try {
    json = JSON.parse(message ?? '');
  } catch {
    json = undefined;
  }
  const said = record(record(json).notification);
  const title = text(said.title);
  const navigate = address(said.navigate, home);
  const id = text(record(said.data).id);
  const data: NoticeData = { rostra: { navigate, ...(id ? { id } : {}) } };
  if (!title) {
    const plain = json === undefined ? text(message) : undefined;
    return {
      title: new URL(home).host,
      options: { body: plain ?? 'There is something new. Open the site to see it.', tag: 'rostra', data },
    };
  }
  const { body, lang, tag, icon } = said;
  const options: NotificationOptions = { data };
  if (text(body)) options.body = text(body)!;
  if (text(lang)) options.lang = text(lang)!;
  if (text(tag)) options.tag = text(tag)!;
  if (text(icon)) options.icon = address(icon, home);
  if (said.dir === 'ltr' || said.dir === 'rtl') options.dir = said.dir;
  return { title, options };
}
