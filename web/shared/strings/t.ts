import { en } from './en.js';
import { translator } from './translate.js';

/** The shared words. An element with words of its own makes `translator({ ...en, ...own })`. */
export const t = translator(en);
