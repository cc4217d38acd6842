import { splitGraphemes } from 'unicode-segmenter/grapheme';

/**
 * The beginning of a text on one line.
 * @param most characters, as readers count them
 * @param mostBytes of UTF-8: a single character of joined emoji can be as long as a text
 */
export function excerpt(text: string, most: number, mostBytes: number): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  const taken: string[] = [];
  let bytes = 0;
  for (const character of splitGraphemes(line)) {
    bytes += Buffer.byteLength(character);
    if (bytes > mostBytes) return `${taken.join('').trimEnd()}…`;
    if (taken.length === most) return `${taken.slice(0, -1).join('').trimEnd()}…`;
    taken.push(character);
  }
  return line;
}
