export interface TextPart {
  text: string;
  /** An http or https address; the view makes a link of text nodes from it. */
  href?: string;
}

const CANDIDATE = /https?:\/\/[^\s<>"'`{}|\\^]+/gi;
/** Ends that belong to the sentence rather than to the address. */
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

/** More than one script in a host is how one name passes for another. */
function mixesScripts(host: string): boolean {
  const latin = /\p{Script=Latin}/u.test(host);
  const other = /\p{L}/u.test(host.replace(/\p{Script=Latin}/gu, ''));
  return latin && other;
}

/**
 * Whether a host may be read for another: mixed scripts, a sign that looks like the end of a host or
 * that browsers read as a dot (U+2215, U+3002), a letter that stands for others. Then the host as browsers write it is
 * shown.
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

/** Splits a text into what is shown as it is and what is shown as a link. Never makes HTML. */
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

/** The paragraphs of a plain text. */
export const paragraphs = (text: string): string[] => text.split(/\n{2,}/).filter((it) => it.trim() !== '');
