import type { LitElement } from 'lit';
import type { Comment, HeldComment } from '../../shared/contract.js';
import { goTo } from './focus.js';
import { t } from './panel-words.js';
import { addressAt, anchor, type ThreadView } from './view.js';

// These functions do what a reader asks for in the panels, menus and cards of a comment. They are loaded with them.

export function follow(view: ThreadView, { id, author }: Comment): void {
  if (!author) return;
  const name = author.displayName;
  view.attempt(id, 'whyFollowing', async (writes) => {
    const on = await writes.follow(author.id);
    view.announce(t(on ? 'follow.done' : 'follow.stopped', { name }));
  });
}

/** Copies the address of a comment. Where nothing can be copied, it is shown. */
export function copyLink(view: ThreadView, { id }: Comment): void {
  const address = addressAt(id);
  // Only a secure context has a clipboard.
  void (navigator.clipboard?.writeText(address) ?? Promise.reject(new Error())).then(
    () => view.showCopied(t('link.done')),
    () => {
      view.closePopup();
      view.showSuccess(id, address);
      view.moveFocus(`#menu-${id}`);
    },
  );
}

export function deleteComment(view: ThreadView, { id, parentId }: Comment): void {
  view.attempt(id, 'whyWriting', async (writes) => {
    const row = view.renderRoot.querySelector(`#${anchor(id)}`);
    const neighbours = [row, row?.nextElementSibling, row?.previousElementSibling];
    await writes.remove(id);
    view.close(id);
    view.announce(t('delete.done'));
    // The focus stays where the comment was: at what is left of it, else at the nearest comment.
    const near = neighbours.flatMap((it) => (it?.matches('.c') ? [`#${it.id}`] : []));
    view.moveFocus(...near, parentId === null ? '#title' : `#${anchor(parentId)}`);
  });
}

export function report(view: ThreadView, { id }: Comment, reason: string, note: string): void {
  if (!reason) return view.showTrouble(id, t('report.choose'));
  view.attempt(id, undefined, async (writes) => {
    await writes.report(id, reason, note);
    view.close(id);
    view.showSuccess(id, t('report.done'));
    view.moveFocus(`#menu-${id}`);
  });
}

type Announcer = Pick<ThreadView, 'announce' | 'showSuccess'>;

/** Leads to a new comment, or says why it waits for a moderator. */
export function tellPosted(view: LitElement & Announcer, posted: Comment | HeldComment): void {
  if ('reason' in posted) return view.showSuccess(posted.parentId ?? '', posted.reason);
  view.announce(t('write.posted'));
  goTo(view, posted.id);
}

export const tellSaved = (view: Announcer): void => view.announce(t('write.saved'));
