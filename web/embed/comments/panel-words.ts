import { translator } from '../../shared/strings/translate.js';

/** What stands beside the reader's words when their comment is gone. It is loaded with the panels. */
const words = {
  'gone.edit':
    'Your comment is no longer here, so the changes cannot be saved. You can copy your text and post it as a new comment.',
  'gone.report': 'The comment is no longer here, so there is nothing left to report.',
} as const;

export const t = translator(words);
