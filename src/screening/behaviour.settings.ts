import { z } from 'zod';
import { defineSetting } from '../settings/setting.js';
import { wholeNumber } from '../settings/value-schemas.js';

const common = { group: 'screening', role: 'editor', perSite: true } as const;

const number = (name: string, label: string, help: string, schema: z.ZodInt, initial: number) =>
  defineSetting({ ...common, key: `screening.${name}`, label, help, schema, initial });

export const capitalsEffect = defineSetting<'off' | 'hold' | 'refuse'>({
  ...common,
  key: 'screening.capitals',
  label: 'Comments in capitals',
  help: 'With “hold” a comment with too many capitals waits for a moderator, unless its author is staff. With “refuse” its author is asked to write it in small letters.',
  schema: z.enum(['off', 'hold', 'refuse']),
  initial: 'off',
});

export const capitalsShare = number(
  'capitals_percent',
  'Too many capitals, in percent',
  'A comment has too many capitals when they are more than this share of its letters. Letters of scripts without capitals do not count.',
  wholeNumber(10, 99),
  70,
);

export const capitalsLetters = number(
  'capitals_letters',
  'Letters from which capitals count',
  'A comment with fewer letters, such as “YES!”, may be in capitals.',
  wholeNumber(5, 1_000),
  20,
);

export const sameCharacters = number(
  'same_characters',
  'Same character in a row',
  'A comment waits for a moderator when a character stands so many times in a row, unless its author is staff. With 0 this is not checked.',
  wholeNumber(0, 1_000),
  0,
);

export const sameWords = number(
  'same_words',
  'Repeated words',
  'A comment waits when each of its words stands there so many times on average, as “buy” and “now” do five times in “buy now buy now buy now buy now buy now”. With 0 this is not checked.',
  wholeNumber(0, 1_000),
  0,
);

export const mostEmoji = number(
  'most_emoji',
  'Emoji from which a comment waits',
  'A comment with so many emoji waits for a moderator, unless its author is staff. With 0 they are not counted.',
  wholeNumber(0, 1_000),
  0,
);

/** The author's newest comments are looked at, so a rule that counts them cannot ask for more. */
export const MOST_RECENT = 100;

export const recentRejections = number(
  'recent_rejections',
  'Removed comments from which an author waits',
  'The comments of a reader wait when so many of their recent ones were removed or rejected. With 0 this is not checked.',
  wholeNumber(0, MOST_RECENT),
  0,
);

export const rejectionDays = number(
  'recent_rejections_days',
  'Recent for removed comments, in days',
  'So many days back removed and rejected comments count.',
  wholeNumber(1, 365),
  7,
);

export const floodComments = number(
  'flood_comments',
  'Comments in a short time',
  'The further comments of a reader wait after so many in a short time, under all articles together. With 0 this is not checked.',
  wholeNumber(0, MOST_RECENT),
  0,
);

export const floodMinutes = number(
  'flood_minutes',
  'Short time, in minutes',
  'The time in which the comments above are counted.',
  wholeNumber(1, 1_440),
  10,
);
