import { translator } from '../../shared/strings/translate.js';

export const t = translator({
  'home.copy': 'Copy',
  'home.copied': 'Copied',
  'home.copyFailed': 'Copying failed. Select the text and copy it.',
  'home.ready': 'Ready',
  'home.notReady': 'Not ready',
  'home.noAnswer': 'No answer',
});
