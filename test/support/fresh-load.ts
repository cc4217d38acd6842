import type { CommentsPage, Page } from '../../web/shared/contract.js';
import type { Actor, HttpAnswer, CommentView } from './actor.js';

/** A comment without its replies, which a long-lived page and a newly loaded one must show equally. */
export type Flat = Omit<CommentView, 'replies'>;

export const flat = ({ replies: _replies, ...comment }: CommentView): Flat => comment;

/** Reads all pages of a list. @param path with its query, to which the cursor is added */
export async function allPages(
  actor: Actor,
  path: string,
  onPage: () => Promise<unknown> = async () => {},
): Promise<CommentView[]> {
  const items: CommentView[] = [];
  for (let after: string | null = ''; after !== null;) {
    const [answer]: [HttpAnswer<Page<CommentView>>, unknown] = await Promise.all([
      actor.get<Page<CommentView>>(`${path}${after && `&after=${encodeURIComponent(after)}`}`),
      onPage(),
    ]);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.text}`);
    items.push(...answer.body.items);
    after = answer.body.next;
  }
  return items;
}

/** Reads the whole conversation as a reader sees it who opens the page now and unfolds everything. */
export async function freshLoad(actor: Actor, key: string): Promise<{ comments: Map<string, Flat>; count: number }> {
  const comments = new Map<string, Flat>();
  const visit = async (list: CommentView[]): Promise<void> => {
    for (const comment of list) {
      comments.set(comment.id, flat(comment));
      if (!comment.replies) throw new Error(`Comment ${comment.id} was listed without its replies`);
      const { items, next } = comment.replies;
      await visit(next ? await allPages(actor, `/comments/${comment.id}/replies?limit=100`) : items);
    }
  };
  await visit(await allPages(actor, `/articles/${key}/comments?sort=oldest&limit=100`));
  const { body } = await actor.get<CommentsPage>(`/articles/${key}/comments?limit=1`);
  return { comments, count: body.article.commentCount };
}
