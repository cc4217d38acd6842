export interface TextPart {
  text: string;
  /** An http or https address, of which the view makes a link. */
  href?: string;
}

const CANDIDATE = /https?:\/\/[^\s<>"'`{}|\\^]+/gi;
/** Characters at the end that belong to the sentence rather than to the address. */
const TRAILING = /[.,;:!?…»”’)\]]$/u;

const opensMore = (text: string, open: string, close: string) => text.split(open).length >= text.split(close).length;

function trimEnd(candidate: string): string {
  let text = candidate;
  while (TRAILING.test(text)) {
    if (text.endsWith(')') && opensMore(text, '(', ')')) break;
    if (text.endsWith(']') && opensMore(text, '[', ']')) break;
    text = text.slice(0, -1);
  }
  return text;
}

/** Says whether a host mixes scripts, as one that imitates another does. */
function mixesScripts(host: string): boolean {
  const latin = /\p{Script=Latin}/u.test(host);
  const other = /\p{L}/u.test(host.replace(/\p{Script=Latin}/gu, ''));
  return latin && other;
}

/**
 * Says whether a host may be mistaken for another: it mixes scripts, holds a sign that looks like the end of a host or
 * that browsers read as a dot (U+2215, U+3002), or holds a letter that stands for others. Such a host is shown as
 * browsers write it.
 */
const deceives = (host: string): boolean =>
  mixesScripts(host) || !/^[\p{L}\p{M}\p{Nd}.:_[\]-]*$/u.test(host) || host.normalize('NFC') !== host.normalize('NFKC');

function linkOf(text: string): TextPart | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return undefined;
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return undefined;
  // `https://bank.example@evil.example` reads as the bank: never a link.
  if (url.username || url.password || !url.hostname) return undefined;
  const shownHost = /^https?:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
  return { text: deceives(shownHost) ? text.replace(shownHost, () => url.host) : text, href: url.href };
}

/** Splits a text into plain parts and links. It never makes HTML. */
export function linkify(text: string): TextPart[] {
  const parts: TextPart[] = [];
  let at = 0;
  for (const match of text.matchAll(CANDIDATE)) {
    const candidate = trimEnd(match[0]);
    const link = linkOf(candidate);
    if (!link) continue;
    if (match.index > at) parts.push({ text: text.slice(at, match.index) });
    parts.push(link);
    at = match.index + candidate.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** Splits a plain text into paragraphs at empty lines. */
export const paragraphs = (text: string): string[] => text.split(/\n{2,}/).filter((it) => it.trim() !== '');
