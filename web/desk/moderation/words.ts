import { translator } from '../../shared/strings/translate.js';
import { shellWords } from '../shell/strings.js';
import { reasons } from './reasons.js';

/** The words of the two moderation pages. */
export const moderationWords = {
  ...shellWords,
  'nav.reported': 'Reported',
  'nav.decisions': 'Decisions',

  'list.waiting': { one: '{n} waiting', other: '{n} waiting, the longest first' },
  'list.notSaved': 'Not saved',
  'list.emptyTitle': 'Nothing is waiting',
  'list.emptyText': 'Every report has been decided. New reports appear here without a reload.',
  'list.more': 'Show more',
  'list.staleFailed': 'The list could not be updated.',

  'numbers.title': { one: 'The last day', other: 'The last {n} days' },
  'numbers.comments': 'Comments a day',
  'numbers.lastDay': '{n} in the last 24 hours',
  'numbers.queue': 'Median time in the queue',
  'numbers.decided': {
    one: 'for {n} reported comment that was decided',
    other: 'for {n} reported comments that were decided',
  },
  'numbers.subscribers': 'Browsers that get alerts',
  'numbers.orMore': '{n} or more',
  'numbers.added': { one: '{n} is new', other: '{n} are new' },
  'numbers.gifts': 'Payments of gifts',
  'numbers.noGifts': 'Nothing was given.',
  'numbers.minutes': { one: '{n} minute', other: '{n} minutes' },
  'numbers.hours': { one: '{n} hour', other: '{n} hours' },
  'numbers.days': { one: '{n} day', other: '{n} days' },

  'case.choose': 'Choose a comment from the list.',
  'case.back': 'Back to the list',
  'case.openInPage': 'Open in page',
  'case.untitled': 'Untitled page',
  'case.earlierHidden': { one: 'Show {n} earlier comment', other: 'Show {n} earlier comments' },
  'case.gone.removed': 'Removed by a moderator: {reason}',
  'case.gone.deleted': 'Deleted by its author',
  'case.removedNow': 'Readers see only that this comment was removed: {reason}.',
  'case.deletedNow': 'The author has deleted this comment.',
  'case.edited': 'edited',
  'case.editedWhileOpen': 'The author changed this text while you had it open. Read it again before you decide.',
  'case.textBefore': 'Previous text',
  'case.replies': { one: '{n} reply', other: '{n} replies' },
  'case.repliesMore': { one: '{n} more reply is on the page.', other: '{n} more replies are on the page.' },
  'case.reports': { one: '{n} report', other: '{n} reports' },
  'case.noReports': 'No open reports',
  'case.reportNoNote': 'without a note',
  'case.reportOlder': 'about an earlier version',
  'case.reportBy': 'from {name}',
  'case.reportAnonymous': 'from a reader who is not signed in',
  'case.decisions': 'Decisions on this comment',
  'case.notFound': 'This comment no longer exists.',
  'case.focusLabel': 'The reported comment',
  'case.announce': '{name}: {text}',

  'author.since.now': 'Joined today',
  'author.since.days': { one: 'Reader for {n} day', other: 'Reader for {n} days' },
  'author.since.months': { one: 'Reader for {n} month', other: 'Reader for {n} months' },
  'author.since.years': { one: 'Reader for {n} year', other: 'Reader for {n} years' },
  'author.comments': 'Comments',
  'author.removed': 'Removed',
  'author.banned': 'Banned since {time}',
  'author.label': 'Author of the comment',

  'act.keep': 'Keep',
  'act.remove': 'Remove',
  'act.restore': 'Restore',
  'act.next': 'Next',
  'act.undo': 'Undo last',

  'remove.title': 'Reason for removing',
  'remove.note': 'Note for the log (optional)',
  'remove.noteHint': 'Enter removes the comment for this reason: {reason}',

  'why.unread': '…',

  'done.keep': '{name}’s comment was kept.',
  'done.remove': '{name}’s comment was removed: {reason}.',
  'done.restore': '{name}’s comment was restored.',
  'by.approve': '{who} approved it',
  'by.reject': '{who} rejected it',
  'by.keep': '{who} kept it',
  'by.remove': '{who} removed it',
  'by.restore': '{who} restored it',
  'logged.approve': 'Approved',
  'logged.reject': 'Rejected',
  'logged.keep': 'Kept',
  'logged.remove': 'Removed',
  'logged.restore': 'Restored',

  'first.approve': '{who} already approved {name}’s comment ({age}). Your decision was not needed.',
  'first.reject': '{who} already rejected {name}’s comment ({age}): {reason}. Your decision was not needed.',
  'first.keep': '{who} already kept {name}’s comment ({age}). Your decision was not needed.',
  'first.remove': '{who} already removed {name}’s comment ({age}): {reason}. Your decision was not needed.',
  'first.restore': '{who} already restored {name}’s comment ({age}). Your decision was not needed.',
  'first.unknown': 'A colleague already decided on {name}’s comment. Your decision was not needed.',
  'edited.notice': '{name} changed the text before you decided. Nothing was saved. Read the new text and decide again.',
  'gone.notice': '{name}’s comment no longer exists, so there is nothing to decide.',
  'failed.keep': 'Your decision to keep {name}’s comment was not saved. {why}',
  'failed.remove': 'Your decision to remove {name}’s comment was not saved. {why}',
  'failed.restore': 'Your decision to restore {name}’s comment was not saved. {why}',
  'failed.show': 'Show the comment',

  'undo.nothing': 'There is nothing to undo.',
  'undo.keep': 'Keeping cannot be undone because the reports are closed. You can still remove the comment here.',
  'undo.restore': 'To undo a restore, remove the comment again here.',

  'unsaved.offer.keep': 'You were signed out before your decision to keep {name}’s comment was saved.',
  'unsaved.offer.remove': 'You were signed out before your decision to remove {name}’s comment ({reason}) was saved.',
  'unsaved.offer.restore': 'You were signed out before your decision to restore {name}’s comment was saved.',
  'unsaved.signedOut.keep': 'Your decision to keep {name}’s comment is not saved yet. Sign in again to save it.',
  'unsaved.signedOut.remove':
    'Your decision to remove {name}’s comment ({reason}) is not saved yet. Sign in again to save it.',
  'unsaved.signedOut.restore': 'Your decision to restore {name}’s comment is not saved yet. Sign in again to save it.',
  'unsaved.save': 'Save now',
  'unsaved.discard': 'Discard decision',

  'log.title': 'Decisions',
  'log.sub': 'newest first',
  'log.filter': 'Show',
  'log.all': 'All',
  'log.older': 'Show older',
  'log.emptyTitle': 'No decisions yet',
  'log.emptyText':
    'Each comment that is approved, rejected, kept, removed or restored is listed here, with who decided and why.',
  'log.emptyFilter': 'There are no decisions of this kind yet.',
  'log.end': 'There are no older decisions.',
  'log.on': 'on {title}',
  'log.noText': 'The text has been erased.',

  'keys.moderation': 'Comments',
  'keys.keep': 'Keep',
  'keys.remove': 'Remove; then the number of the reason, or Enter for the highlighted one',
  'keys.restore': 'Restore a removed comment',
  'keys.undo': 'Undo the last removal',

  'error.moderation.already_decided': 'A colleague has already decided.',
  'error.moderation.edited': 'The author has changed the text.',
} as const;

export const t = translator(moderationWords);

/** The label of a reason. @param url the address of the comment's article, by which its site is known */
export const why = (reason: string | null | undefined, url?: string): string =>
  reason && reasons.isRead ? (reasons.label(reason, url) ?? reason) : t('why.unread');
