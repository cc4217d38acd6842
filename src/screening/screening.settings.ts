import type { z } from 'zod';
import { defineSetting } from '../settings/setting.js';
import { wholeNumber } from '../settings/value-schemas.js';

const screeningNumber = (name: string, label: string, help: string, schema: z.ZodInt, initial: number) =>
  defineSetting({
    key: `screening.${name}`,
    group: 'screening',
    label,
    help,
    schema,
    initial,
    role: 'editor',
    perSite: true,
  });

/** Cleaning a text and finding its copies cost work for each character, so the newsroom cannot allow any length. */
export const CHARACTERS_CAP = 10_000;

export const longestComment = screeningNumber(
  'most_characters',
  'Longest comment, in characters',
  'A comment with more characters is refused. Letters, emoji and spaces count one each.',
  wholeNumber(100, CHARACTERS_CAP),
  5_000,
);

export const mostLines = screeningNumber(
  'most_lines',
  'Longest comment, in lines',
  'A comment with more lines is refused. Empty lines count.',
  wholeNumber(5, 1_000),
  300,
);

export const mostLinks = screeningNumber(
  'most_links',
  'Most links',
  'A comment with more links is refused. With 0 no comment has a link that begins with http.',
  wholeNumber(0, 100),
  5,
);

export const newcomerHours = screeningNumber(
  'newcomer_hours',
  'Time without links for new accounts, in hours',
  'An account posts no links and web addresses in so many hours after it joined, unless it is staff or a supporter. With 0 it may at once.',
  wholeNumber(0, 720),
  24,
);

/** Fingerprints of texts are kept as long (purge-recent-texts.job.ts). */
const FINGERPRINT_HOURS = 72;

export const copyHours = screeningNumber(
  'copy_hours',
  'Time without copies, in hours',
  'A text that is nearly the same as another one of so many hours is refused. With 0 copies are allowed.',
  wholeNumber(0, FINGERPRINT_HOURS),
  24,
);

export const ownCopies = screeningNumber(
  'own_copies',
  'Articles for the same text',
  'A reader may post nearly the same text under so many articles within that time.',
  wholeNumber(1, 50),
  2,
);
