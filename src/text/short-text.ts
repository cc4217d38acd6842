import { z } from 'zod';
import { cleanText } from './plain-text.js';

/** A schema of a text that machines send. Postgres stores no NUL, and JSON no half of a character. */
export const machineText = (most: number) =>
  z
    .string()
    .max(most)
    .refine((it) => it.isWellFormed() && !it.includes('\0'), 'contains a character that cannot be stored');

/** A schema of a short text that people type. It is cleaned like all text; `most` counts UTF-16 units before that. */
export const shortText = (most: number) =>
  z
    .string()
    .max(most)
    .transform((it) => cleanText(it.toWellFormed()).trim());

/** A schema of a short text on one line, such as a title. */
export const shortLine = (most: number) => shortText(most).transform((it) => it.replace(/\s+/g, ' '));
