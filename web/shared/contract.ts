import type { components, paths } from './api-types.js';

// Short names for the generated types. Shapes are declared in the server's schemas: `npm run generate` brings them here.

export type Schemas = components['schemas'];

export type Account = Schemas['SessionAccount'];
/** The face that an account shows in public. */
export type Author = Schemas['Author'];
export type Reactions = Schemas['Reactions']['reactions'];

/** A page of a list. */
export type Page<T> = Pick<Schemas['Comments'], 'next'> & { items: T[] };

export type Comment = Schemas['Comment'];
/** An own text that waits for a moderator, or that one has rejected. */
export type HeldComment = Schemas['HeldComment'];
/** The state of an article's conversation, as readers see it. */
export type ThreadArticle = Schemas['ThreadArticle'];
export type CommentsPage = Schemas['Thread'];
export type CommentOrder = NonNullable<
  NonNullable<paths['/api/v1/articles/{key}/comments']['get']['parameters']['query']>['sort']
>;
export type CommentContext = Schemas['CommentContext'];
/** The signed-in reader's reactions on an article's page, and the authors whom they follow. */
export type Mine = Schemas['Mine'];
export type Story = Schemas['Story'];
export type FeedItem = Schemas['Feed']['items'][number];

/** The answer of `/events`: a range of the conversation log, or the order to read the list anew. */
export type LogEvents = Schemas['Events'];
/** A range of an article's conversation log, `from` exclusive, `to` inclusive. */
export type Frame = Omit<Exclude<LogEvents, { reset: true }>, 'more'>;
/** A frame as sockets send it, with the article's key. */
export type ArticleFrame = Frame & { article: string };
export type FrameItem = Frame['items'][number];
