import { api } from '../../shared/api.js';
import type { Schemas } from '../../shared/contract.js';
import type { Conversation } from './conversation.js';
import type { ThreadView } from './view.js';

type ReportReasons = Schemas['ReportReasons']['items'];

/** The reasons that the newsroom offers to those who report a comment, of the conversations that were asked. */
const known = new WeakMap<Conversation, ReportReasons>();

export const reportReasons = (talk: Conversation): ReportReasons => known.get(talk) ?? [];

/** Opens the form of a report, or closes it. The newsroom may have changed its reasons, so each opening reads them. */
export function toggleReport(view: ThreadView, id: string): void {
  if (view.panels.get(id) === 'report') return view.toggle(id, 'report');
  const { talk } = view;
  view.closePopup();
  view.moveFocus(`#menu-${id}`);
  view.attempt(id, undefined, async () => {
    const { items } = await api.read('/articles/{key}/reasons', { path: { key: talk.key } });
    known.set(talk, items);
    if (view.talk === talk && view.panels.get(id) !== 'report') view.toggle(id, 'report');
  });
}
