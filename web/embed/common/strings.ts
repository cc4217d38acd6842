import { html, type TemplateResult } from 'lit';
import { en } from '../../shared/strings/en.js';
import { problemText, translator } from '../../shared/strings/translate.js';
import type { ApiProblem } from '../../shared/problem.js';

/** The embed's words, beside the shared ones. */
const words = {
  ...en,
  'talk.title': 'Conversation',
  'talk.count': { one: '{n} comment', other: '{n} comments' },
  'talk.empty': 'Nobody has commented yet. What do you think?',
  'talk.emptyClosed': 'Nobody commented here.',
  'talk.closed': 'This conversation is closed. You can still read it.',
  'talk.absent': 'There is no conversation on this page yet.',
  'talk.sort': 'Order',
  'talk.more': 'More comments',
  'talk.new': { one: '{n} new comment', other: '{n} new comments' },
  'talk.linkGone': 'The comment this link leads to is no longer here.',
  'sort.newest': 'Newest',
  'sort.oldest': 'Oldest',
  'sort.top': 'Top',
  'sort.replies': 'Most replies',
  'sort.reactions': 'Most liked',
  'live.connecting': 'connecting',
  'live.live': 'live',
  'live.polling': 'checking every few seconds',
  'live.offline': 'offline',
  'comment.by': 'Comment by {name}',
  'comment.replyBy': 'Reply by {name}',
  'comment.edited': 'edited',
  'comment.showAll': 'Show the whole comment',
  'comment.inReplyTo': 'in reply to {name}',
  'comment.nobody': 'a former comment',
  'comment.removed': 'Removed by a moderator: {reason}',
  'comment.removedPlain': 'Removed by a moderator',
  'comment.removedWhy': 'Only you see this: {why}',
  'comment.deleted': 'Deleted by its author',
  'comment.newReplies': { one: '{n} new reply', other: '{n} new replies' },
  'comment.anyReplies': 'More replies',
  'comment.fold': 'Hide the replies to {name}',
  'comment.unfold': { one: 'Show {n} reply', other: 'Show {n} replies' },
  'comment.unfoldWriting': 'Show the replies and what you are writing',
  'comment.unfoldAny': 'Show the replies',
  'comment.more': 'More actions for this comment by {name}',
  'like.do': 'Like this comment by {name}',
  'like.n': { one: '{n} like', other: '{n} likes' },
  'write.label': 'Your comment',
  'write.invite': 'Add to the conversation',
  'write.first': 'Be the first to say something',
  'write.post': 'Post',
  'write.reply': 'Reply',
  'write.edit': 'Edit',
  'write.signIn': 'Sign in to post',
  'write.left': { one: '{n} character left', other: '{n} characters left' },
  'write.over': { one: '{n} character too many', other: '{n} characters too many' },
  'write.moved': 'This page shows another story now. Your text was not posted. It is kept at the story before.',
  'write.unfinished': 'You have a reply in progress to {name}.',
  'write.unsaved': 'You have an edit in progress.',
  'write.resume': 'Go to it',
  'write.gone': 'That comment is no longer here. Your text is in the field above.',
  'write.closed': 'Your text was not posted. It stays here so that you can copy it.',
  'write.empty': 'Write something first.',
  'write.keys': 'Ctrl and Enter also post it.',
  'account.signIn': 'Sign in',
  'account.menu': 'Your account, {name}',
  'account.menuNew': 'Your account, {name}. There is something new from readers you follow.',
  'account.following': 'Following',
  'account.somethingNew': 'something new',
  'account.desk': 'The desk',
  'account.signOut': 'Sign out',
} as const;

export const t = translator(words);
export type WordKey = keyof typeof words;

/** Fills the places of a sentence with markup: `filled(t('feed.in'), { title: html`<bdi>…</bdi>` })`. */
export function filled(sentence: string, places: Record<string, TemplateResult | string>): TemplateResult {
  const parts = sentence.split(/\{(\w+)\}/);
  return html`${parts.map((part, i) => (i % 2 ? places[part] : part))}`;
}

export const rich = (key: WordKey, places: Record<string, TemplateResult | string>) => filled(t(key), places);

/** Returns the text of a problem for readers. */
export const textOf = (problem: ApiProblem): string => problemText(words, problem);
