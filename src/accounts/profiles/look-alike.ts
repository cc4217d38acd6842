import { rectifyConfusion } from 'unicode-confusables';

// The words that readers take for the newsroom. Words of other languages go through the same skeleton as names.
const RESERVED = `admin administrator mod moderator moderation editor staff support rostra system newsroom official
  verified webmaster helpdesk redaktion redakteur rédaction modérateur moderatorin moderador redactie админ администратор
  модератор редактор редакция`.split(/\s+/);

/**
 * Returns the skeleton of a name (after UTS 39, section 4): two names with the same skeleton look alike. The table of the
 * package is old, but both sides of a comparison go through it. `1` and `l` become `i`, because they look like `I`.
 */
export function nameSkeleton(name: string): string {
  const folded = rectifyConfusion(name.normalize('NFKD').toLowerCase()).normalize('NFKD').toLowerCase();
  return folded
    .replace(/[口ロㅇᄋ]/gu, 'o')
    .replace(/[工エ丨ㅣ]/gu, 'i')
    .replace(/[^\p{L}\p{N}|]/gu, '')
    .replace(/[l1|]/g, 'i');
}

const DIGITS: Record<string, string> = { 3: 'e', 4: 'a', 5: 's', 7: 't' };

/** The skeleton of a word, in which digits stand for the letters that they are written for. */
const wordSkeleton = (word: string): string => nameSkeleton(word).replace(/[3457]/g, (it) => DIGITS[it]!);

/** Splits a name at signs, at the begin of digits and where a capital follows a small letter. */
const wordsOf = (name: string): string[] =>
  name
    .normalize('NFKC')
    .replace(/(?<=\p{L})[!¡|](?=\p{L})/gu, 'i')
    .replaceAll('$', 's')
    .replace(/(\p{Ll})(?=\p{Lu})|(\p{L})(?=\p{N})|(\p{N})(?=\p{L})/gu, '$& ')
    .split(/[^\p{L}\p{M}\p{N}]+/u)
    .filter(Boolean)
    .map(wordSkeleton);

/** Returns every run of neighbouring words as one word, because `A d m i n Anna` is read as `Admin Anna`. */
function runsOf(words: string[]): Set<string> {
  const runs = new Set<string>();
  for (let from = 0; from < words.length; from += 1)
    for (let run = '', to = from; to < words.length; to += 1) runs.add((run += words[to]));
  return runs;
}

const reservedWords = new Set(RESERVED.flatMap((it) => [wordSkeleton(it), wordSkeleton(`${it}s`)]));

/** Tells whether a name could pass for the site itself: "Moderator Anna", "Anna [Staff]", "Adm1n 2", or with its name. */
export function isReservedName(name: string, siteName: string): boolean {
  const runs = runsOf(wordsOf(name));
  const site = nameSkeleton(siteName.replace(/^the\s+/i, ''));
  const whole = nameSkeleton(name);
  return (
    [...runs].some((it) => reservedWords.has(it)) ||
    (site.length < 6
      ? [whole, nameSkeleton(name.replace(/^\s*the\s+/i, '').replace(/[\s\d]+$/, ''))].includes(site)
      : whole.includes(site))
  );
}

/**
 * Tells whether a name could pass for a person's: it looks the same, or has all of the person's words, in any order and
 * with any words around them. A person with one word only is compared as a whole, because many have that first name.
 */
export function imitates(name: string, person: string): boolean {
  if (nameSkeleton(name) === nameSkeleton(person)) return true;
  const wanted = wordsOf(person);
  if (wanted.length < 2) return false;
  const words = wordsOf(name);
  const runs = runsOf(words);
  const joined = [wanted.join(''), [...wanted].reverse().join('')];
  return wanted.every((it) => words.includes(it)) || joined.some((it) => runs.has(it));
}
