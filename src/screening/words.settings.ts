import { z } from 'zod';
import { defineSetting } from '../settings/setting.js';
import { isSearchable } from './words/phrase-matcher.js';

const MOST_PHRASES = 10_000;

const phrase = z
  .string()
  .trim()
  .min(1, 'must not be empty')
  .max(100, 'must have at most 100 characters')
  .refine((it) => it.isWellFormed() && isSearchable(it), 'must have a letter, a digit or an emoji');

const phraseList = (name: string, label: string, help: string) =>
  defineSetting<string[]>({
    key: `screening.${name}`,
    group: 'screening',
    label,
    help: `${help} One word or phrase a line. Capitals, accents, letters that only look alike, digits for letters, letters apart and letters that are repeated make no difference. Whole words are found; “idiot*” finds all words that begin with idiot.`,
    schema: z.array(phrase).max(MOST_PHRASES, `must have at most ${MOST_PHRASES.toLocaleString('en')} entries`),
    initial: [],
    role: 'editor',
    perSite: true,
  });

export const bannedPhrases = phraseList(
  'banned_words',
  'Banned words',
  'A comment with one of these is refused, also one of staff. Its author is told which word it is.',
);

export const suspectPhrases = phraseList(
  'suspect_words',
  'Suspect words',
  'A comment with one of these waits for a moderator, unless its author is staff.',
);
