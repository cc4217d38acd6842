import { shortLine, shortText } from '../text/short-text.js';
import { defineSetting } from './setting.js';

const common = { group: 'conversation', initial: '', role: 'editor', perSite: true } as const;

export const conversationMessage = defineSetting<string>({
  ...common,
  key: 'conversation.message',
  label: 'Message at the conversation',
  help: 'A text at every conversation, below the field, such as what it is about today or when moderators are there. An empty line begins a paragraph, and addresses that begin with https:// become links. When it is empty, nothing is shown.',
  schema: shortText(1_000),
});

export const composerNote = defineSetting<string>({
  ...common,
  key: 'conversation.composer_note',
  label: 'Line below the field',
  help: 'A sentence below the field in which readers write, such as what you ask of them. A link to the community rules follows it when there are rules.',
  schema: shortLine(200),
});

export const communityRules = defineSetting<string>({
  ...common,
  key: 'conversation.rules',
  label: 'Community rules',
  help: 'The rules of the conversation, which readers open from below the field in which they write. An empty line begins a paragraph, and addresses that begin with https:// become links. When it is empty, there is no link to them.',
  schema: shortText(20_000),
});
