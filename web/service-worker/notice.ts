/** The notification that is shown for a push. */
export interface PushNotice {
  title: string;
  options: NotificationOptions;
}

/** The data that a click needs, under a name of our own, because a publisher's worker may show other notifications. */
export interface NoticeData {
  rostra: { navigate: string; id?: string };
}

/** Whether a message was sent by Rostra. In a publisher's own worker other providers' messages arrive too. */
export function isFromRostra(message: string | undefined): boolean {
  try {
    const { web_push: version, notification } = record(JSON.parse(message ?? ''));
    return version === 8030 && /^(alert|reply)$/.test(String(record(record(notification).data).kind));
  } catch {
    return false;
  }
}

/** Returns a text uncut: a push holds 4 kB at most, and each system shortens a notification itself. */
const text = (value: unknown): string | undefined => (typeof value === 'string' && value.trim() ? value : undefined);

const record = (value: unknown): Record<string, unknown> =>
  value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {};

function address(value: unknown, home: string): string {
  const found = typeof value === 'string' && URL.canParse(value, home) ? new URL(value, home) : undefined;
  return found && /^https?:$/.test(found.protocol) ? found.href : home;
}

/**
 * Reads a push message, which is Declarative Web Push JSON; Safari shows that without a worker. Browsers end a
 * subscription whose push shows nothing, so a message that cannot be read becomes a notification too.
 * @param message the decrypted text; undefined for a push without one
 * @param home the site's address, to which a notification without a valid address leads
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
