import { splitGraphemes } from 'unicode-segmenter/grapheme';

/** The beginning of a text on one line, at most so many characters as readers count them. */
export function excerpt(text: string, most: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const taken: string[] = [];
  for (const character of splitGraphemes(line)) {
    if (taken.length === most) return `${taken.slice(0, -1).join('').trimEnd()}…`;
    taken.push(character);
  }
  return line;
}
