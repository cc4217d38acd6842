import { foldCharacter, type FoldedCharacter } from './fold-character.js';

/** The gap between two words. */
export type Gap = 'none' | 'space' | 'break';

/** A character that shows something, at its place in the text. */
export interface Character {
  folded: FoldedCharacter;
  /** As it is written. */
  sign: string;
  begin: number;
  end: number;
}

/** @param text a text in NFKC */
export function charactersOf(text: string): Character[] {
  const characters: Character[] = [];
  let begin = 0;
  for (const sign of text) {
    const folded = foldCharacter(sign);
    if (folded.kind !== 'nothing') characters.push({ folded, sign, begin, end: begin + sign.length });
    begin += sign.length;
  }
  return characters;
}

export const isLetter = (it: Character | undefined): boolean =>
  it !== undefined && (it.folded.kind === 'letter' || it.folded.kind === 'dense');

/** A part of a sentence may end at a stop before a space. */
export function gapAt(characters: readonly Character[], at: number): Gap {
  const next = characters[at + 1];
  const isStop = characters[at]!.folded.kind === 'stop';
  return isStop && (next === undefined || next.folded.kind === 'space') ? 'break' : 'space';
}
