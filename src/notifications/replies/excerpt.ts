import { splitGraphemes } from 'unicode-segmenter/grapheme';

/**
 * Returns the beginning of a text on one line.
 * @param most the most characters, as readers count them
 * @param mostBytes the most bytes of UTF-8, because one character of joined emoji can be very long
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
