import { type Character, charactersOf, gapAt } from './characters.js';
import { disguisedWords } from './disguises.js';
import { type Reading, ReadingWriter } from './reading.js';

/** A text that phrases are searched in. */
export class FoldedText {
  /** The text in NFKC, to which the places of readings refer. */
  readonly plain: string;
  private readonly characters: readonly Character[];
  private readingsInDisguise: Reading[] | undefined;
  private plainReading: Reading | undefined;

  constructor(text: string) {
    this.plain = text.normalize('NFKC');
    this.characters = charactersOf(this.plain);
  }

  /**
   * Reads the text as it is written.
   * @param form "look" takes letters of other scripts as the Latin ones that they look like. A phrase is read so to be
   *   found in disguises.
   */
  asWritten(form: 'own' | 'look' = 'own'): Reading {
    if (form === 'look') return this.readPlainly('look');
    return (this.plainReading ??= this.readPlainly('own'));
  }

  /**
   * Reads words through their disguises: letters of other scripts, digits and signs for letters, letters that stand apart.
   * Returns nothing for a text without any, and two readings when a stroke may be an i or an l.
   */
  disguised(): readonly Reading[] {
    return (this.readingsInDisguise ??= this.readDisguises());
  }

  private readPlainly(form: 'own' | 'look'): Reading {
    const { characters } = this;
    const writer = new ReadingWriter();
    let from = 0;
    for (let at = 0; at <= characters.length; at += 1) {
      if (at < characters.length && characters[at]!.folded.own !== '') continue;
      if (at > from) writer.writeWord(characters.slice(from, at), { form });
      if (at < characters.length) writer.leave(gapAt(characters, at));
      from = at + 1;
    }
    return writer.reading;
  }

  private readDisguises(): Reading[] {
    const words = disguisedWords(this.characters);
    if (!words.some((it) => it.isDisguised)) return [];
    const hasStrokes = words.some((it) => it.hasLeet && it.characters.some(({ folded }) => folded.isStroke));
    return (hasStrokes ? ['i', 'l'] : ['i']).map((stroke) => {
      const writer = new ReadingWriter();
      for (const { characters, isDisguised: disguised, isSpelled: spelled, hasLeet, gap } of words) {
        writer.leave(gap);
        writer.writeWord(characters, { form: 'look', disguised, spelled, stroke: hasLeet ? stroke : undefined });
      }
      return writer.reading;
    });
  }
}

const bodies = new WeakMap<object, FoldedText>();

/** Returns the folded text of a comment, which is made once for all rules. */
export function foldedBody(context: { body: string }): FoldedText {
  let found = bodies.get(context);
  if (!found) bodies.set(context, (found = new FoldedText(context.body)));
  return found;
}
