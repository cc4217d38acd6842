import { z } from 'zod';
import { defineSetting } from '../settings/setting.js';
import { wholeNumber } from '../settings/value-schemas.js';

const common = { group: 'screening', role: 'editor', perSite: true } as const;

export const preModeration = defineSetting<'off' | 'newcomers' | 'everyone'>({
  ...common,
  key: 'screening.pre_moderation',
  label: 'Whose comments wait for a moderator',
  help: 'With “off” comments are public at once. “Newcomers” holds the first comments of each reader, and “everyone” all but those of staff. A comment that waits is seen by its author and at the desk only.',
  schema: z.enum(['off', 'newcomers', 'everyone']),
  initial: 'off',
});

export const newcomerComments = defineSetting({
  ...common,
  key: 'screening.newcomer_comments',
  label: 'First comments that wait',
  help: 'With “newcomers”, the comments of a reader wait until so many of them are published.',
  schema: wholeNumber(1, 100),
  initial: 2,
});

export const preModeratedSections = defineSetting<string[]>({
  ...common,
  key: 'screening.pre_moderated_sections',
  label: 'Sections in which every comment waits',
  help: 'The names of sections as the newspaper gives them with its articles, such as Courts. Capitals do not matter.',
  schema: z.array(z.string().trim().min(1, 'must not be empty').max(100)).max(200),
  initial: [],
});

export const holdLinks = defineSetting({
  ...common,
  key: 'screening.hold_links',
  label: 'Comments with links wait',
  help: 'A comment that has a link or names an address of the web waits for a moderator, unless its author is staff.',
  schema: z.boolean(),
  initial: false,
});
