export interface TextPart {
  text: string;
  /** An http or https address, of which the view makes a link. */
  href?: string;
}

const CANDIDATE = /https?:\/\/[^\s<>"`{}|\\^]+/gi;
/**
 * Signs that end an address wherever they stand: quotation marks, the punctuation of other scripts, which have no space
 * after it, and marks of direction. Browsers write all of these percent-encoded.
 */
const END =
  /[“”„‘‚«»‹›…—\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069،؛؟۔։׃।॥།།።၊။។、〝-〟！＂＇，／：；＜＞？｛｝｟｠､]/u;
/** Signs that browsers read as the dot of a host. */
const DOTS = '。．｡';
const OPENING = '([（［【「『《〈〔｢';
const CLOSING = ')]）］】」』》〉〕｣';
/** Up to this index the brackets above are ASCII. */
const ASCII_BRACKETS = 2;
/** Characters at the end that belong to the sentence rather than to the address. */
const TRAILING = /[.,;:!?'’–)\]]$/u;

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

/** Says whether a dot of another script at `at` ends the sentence rather than a part of the host. */
function endsSentence(candidate: string, at: number, hostEnd: number): boolean {
  const rest = candidate.slice(at + 1, hostEnd);
  return candidate.slice(0, at).includes('.') && !/^[a-z\d-]+(\.[a-z\d-]+)+(:\d*)?$/i.test(rest);
}

/** Returns where the address ends. @param isQuoted whether an apostrophe stands before it */
function endOf(candidate: string, isQuoted: boolean): number {
  const hostStart = candidate.indexOf('//') + 2;
  const hostEnd = hostStart + candidate.slice(hostStart).search(/[/?#]|$/);
  const open: { at: number; close: string }[] = [];
  for (let at = hostStart; at < candidate.length; at += 1) {
    const sign = candidate[at]!;
    if (END.test(sign)) return at;
    if (DOTS.includes(sign) && (at > hostEnd || endsSentence(candidate, at, hostEnd))) return at;
    const [opens, closes] = [OPENING.indexOf(sign), CLOSING.indexOf(sign)];
    if (at < hostEnd) {
      if ("'’(),;!*".includes(sign) || opens >= ASCII_BRACKETS || closes >= ASCII_BRACKETS) return at;
      continue;
    }
    if (sign === '\u200B' || (isQuoted && sign === "'" && !/[\p{L}\p{N}]/u.test(candidate[at + 1] ?? ''))) return at;
    if (opens >= ASCII_BRACKETS) {
      // Within a title such as 猫（动物） they belong to it; after ASCII they are a remark of the sentence.
      if (candidate[at - 1]! < '\u0080') return at;
      open.push({ at, close: CLOSING[opens]! });
    } else if (closes >= ASCII_BRACKETS && open.pop()?.close !== sign) return at;
  }
  return open[0]?.at ?? candidate.length;
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
  const candidates = new RegExp(CANDIDATE);
  let at = 0;
  for (let match = candidates.exec(text); match; match = candidates.exec(text)) {
    const { index } = match;
    const whole = match[0].slice(0, endOf(match[0], text[index - 1] === "'"));
    // What follows the end may hold the next address.
    candidates.lastIndex = index + whole.length;
    const candidate = trimEnd(whole);
    const link = linkOf(candidate);
    if (!link) continue;
    if (index > at) parts.push({ text: text.slice(at, index) });
    parts.push(link);
    at = index + candidate.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at) });
  return parts;
}

/** Splits a plain text into paragraphs at empty lines. */
export const paragraphs = (text: string): string[] => text.split(/\n{2,}/).filter((it) => it.trim() !== '');
