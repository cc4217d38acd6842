import { z } from 'zod';
import { cleanText } from './plain-text.js';

/** A note that people type, cleaned like all text; `most` counts UTF-16 units before the cleaning. */
export const shortText = (most: number) =>
  z
    .string()
    .max(most)
    .transform((it) => cleanText(it.toWellFormed()).trim());

/** The same on one line: a title, a heading. */
export const shortLine = (most: number) => shortText(most).transform((it) => it.replace(/\s+/g, ' '));
