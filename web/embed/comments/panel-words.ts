import { translator } from '../../shared/strings/translate.js';

/** The texts of panels, menus and cards, which are loaded with them. */
const words = {
  'gone.edit':
    'Your comment is no longer here, so the changes cannot be saved. You can copy your text and post it as a new comment.',
  'gone.report': 'The comment is no longer here, so there is nothing left to report.',
  'write.posted': 'Your comment is posted.',
  'write.saved': 'Your changes are saved.',
  'reply.label': 'Your reply to {name}',
  'edit.label': 'Edit your comment',
  'card.label': 'About {name}',
  'follow.do': 'Follow {name}',
  'follow.undo': 'Following {name}',
  'follow.stop': 'Unfollow',
  'link.copy': 'Copy link',
  'follow.done': 'You follow {name} now.',
  'follow.stopped': 'You no longer follow {name}.',
  'link.copied': 'Link copied',
  'link.done': 'The link is copied.',
  'delete.do': 'Delete',
  'delete.ask': 'Delete your comment? Replies to it stay.',
  'delete.yes': 'Delete it',
  'delete.done': 'Your comment is deleted.',
  'rules.title': 'Community rules',
  'rules.close': 'Close',
  'report.do': 'Report',
  'report.ask': 'What is wrong with this comment?',
  'report.note': 'Anything a moderator should know (optional)',
  'report.send': 'Send report',
  'report.choose': 'Please choose a reason.',
  'report.done': 'Thank you. A moderator will look at it.',
} as const;

export const t = translator(words);
