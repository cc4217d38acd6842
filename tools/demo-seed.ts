// Fills the conversations of the demo newspaper once, through the app's own services, so that a newcomer sees more than
// empty pages. An interrupted seeding goes on at the next start: the admin's role is given last and marks the end.
import { readFileSync } from 'node:fs';
import type { INestApplicationContext, Type } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AccountsService } from '../src/accounts/profiles/accounts.service.js';
import { FollowsService } from '../src/accounts/readers/follows.service.js';
import type { Role, Viewer } from '../src/accounts/sessions/viewer.js';
import { SignInService } from '../src/accounts/sign-in/sign-in.service.js';
import { ArticlesService } from '../src/articles/articles.service.js';
import { Clock } from '../src/clock/clock.js';
import { ReactionsService } from '../src/comments/reactions/reactions.service.js';
import { PostingService } from '../src/comments/writing/posting.service.js';
import { DomainError } from '../src/errors/domain-error.js';
import { DecisionsService, type NewDecision } from '../src/moderation/decisions.service.js';
import { ReportsService } from '../src/moderation/reports.service.js';
import { Settings } from '../src/settings/settings.service.js';

/** `since` is the age of the account in days. */
interface Person {
  name: string;
  email: string;
  since: number;
  role?: Role;
}

/** People are named by their keys; `ago` is the age of the comment in minutes. */
interface SeedComment {
  by: string;
  ago: number;
  text: string;
  likes?: string[];
  replies?: SeedComment[];
  reports?: { by: string; reason: string; note?: string }[];
  removed?: Omit<NewDecision, 'action'>;
}

interface Story {
  slug: string;
  key?: string;
  title: string;
  section: string;
  publishedAt: string;
}

/** A comment on its way into the database. */
interface Planned extends SeedComment {
  parent: Planned | undefined;
  article: string;
  id: string;
}

const { settings, people, admin, follows, conversations } = read<{
  settings: Record<string, unknown>;
  people: Record<string, Person>;
  admin: string;
  follows: Record<string, string[]>;
  conversations: Record<string, SeedComment[]>;
}>('./demo-seed.json');
const stories = read<Story[]>('../web/demo/stories.json');
const adminPerson = people[admin]!;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCK = 7_002;

/**
 * Seeds a database that has no readers yet; an admin whom the operator made does not count.
 * @param app the running application
 * @param demo the demo site's origin
 * @returns the admin of the demo with a new one-time sign-in link; undefined if the database is not the demo's
 */
export async function seedDemo(
  app: INestApplicationContext,
  demo: string,
  say: (line: string) => void,
): Promise<{ email: string; link: string } | undefined> {
  const dataSource = app.get(DataSource);
  const lockConnection = dataSource.createQueryRunner();
  try {
    // When two processes start at once, the second waits.
    await lockConnection.query('select pg_advisory_lock($1)', [LOCK]);
    const state = await stateOf(dataSource);
    if (state === 'foreign') return undefined;
    if (state === 'unfinished') {
      say('Seeding the demo newspaper');
      await new DemoSeed(app, dataSource, demo).run();
    }
    const { email } = adminPerson;
    return { email, link: await app.get(SignInService, { strict: false }).createLink(email) };
  } finally {
    await lockConnection.query('select pg_advisory_unlock($1)', [LOCK]);
    await lockConnection.release();
  }
}

async function stateOf(dataSource: DataSource): Promise<'done' | 'foreign' | 'unfinished'> {
  const ours = Object.values(people).map((it) => it.email);
  const [{ others, done }] = await dataSource.query<[{ others: number; done: boolean }]>(
    `select count(*) filter (where email <> all ($1) and role = 'reader')::int as others,
       coalesce(bool_or(email = $2 and role = 'admin'), false) as done from accounts`,
    [ours, adminPerson.email],
  );
  return done ? 'done' : others ? 'foreign' : 'unfinished';
}

class DemoSeed {
  private readonly now = Date.now();
  /** The account ids of the people by their keys. */
  private ids: Record<string, string> = {};

  constructor(
    private readonly app: INestApplicationContext,
    private readonly dataSource: DataSource,
    private readonly demo: string,
  ) {}

  async run(): Promise<void> {
    const changes = Object.entries(settings).map(([key, value]) => ({
      actorId: null,
      key,
      site: null,
      value,
      reason: 'The words of the demo newspaper.',
    }));
    await this.get(Settings).change(changes);
    const readers = Object.entries(people).filter(([name]) => name !== admin);
    this.ids = Object.fromEntries(
      await Promise.all(readers.map(async ([name, it]) => [name, await this.join(it)] as const)),
    );
    for (const [follower, followed] of Object.entries(follows))
      for (const it of followed) await this.get(FollowsService).followAccount(this.viewer(follower), this.ids[it]!);
    const comments = await this.fill();

    this.ids[admin] = await this.join({ ...adminPerson, role: 'moderator' });
    for (const it of comments) if (it.removed) await this.remove(it, it.removed);
    await this.join(adminPerson);
  }

  private get<T>(service: Type<T>): T {
    return this.app.get(service, { strict: false });
  }

  /** Makes a service whose clock stands so many milliseconds ago. */
  private past<T>(service: Type<T>, ago: number): T {
    const needs = Reflect.getMetadata('design:paramtypes', service) as Type[];
    const clock = { now: () => new Date(this.now - ago) };
    return new service(...needs.map((it) => (it === Clock ? clock : this.get(it))));
  }

  private join({ email, name, role = 'reader', since }: Person): Promise<string> {
    return this.past(AccountsService, since * DAY).ensure(email, name, role);
  }

  private viewer(name: string): Viewer {
    const { name: displayName, role = 'reader' } = people[name]!;
    const expiresAt = new Date(this.now + DAY);
    return {
      sessionId: '',
      expiresAt,
      accountId: this.ids[name]!,
      publicId: '',
      email: people[name]!.email,
      displayName,
      role,
      emailVerified: true,
      supporter: false,
    };
  }

  /** Posts all conversations in the order of their times, which feeds show; likes and reports need no order. */
  private async fill(): Promise<Planned[]> {
    const comments: Planned[] = [];
    for (const { slug, key, title, section, publishedAt } of stories) {
      const url = new URL(`/stories/${slug}`, this.demo).href;
      const articles = this.get(ArticlesService);
      const article = key
        ? (await articles.put(key, { url, title, section, publishedAt })).key
        : await articles.createFromPage(url, title);
      comments.push(...plan(conversations[slug] ?? [], article));
    }
    comments.sort((a, b) => b.ago - a.ago);
    for (const it of comments) it.id = await this.post(it);
    await Promise.all(
      comments.flatMap(({ id, likes = [], reports = [] }) => [
        ...likes.map((it) => this.get(ReactionsService).add(this.ids[it]!, id, 'like')),
        ...reports.map(({ by, reason, note }) => {
          const reporter = { viewer: this.viewer(by), browserOrAddress: '', address: '' };
          return this.get(ReportsService).report(reporter, id, { reason, note });
        }),
      ]),
    );
    return comments;
  }

  private async post({ article, by, ago, text, parent }: Planned): Promise<string> {
    const authorId = this.ids[by]!;
    const [known] = await this.dataSource.query<{ id: string }[]>(
      `select c.id from comments c join articles a on a.id = c.article_id where a.key = $1 and c.author_id = $2 and c.body = $3`,
      [article, authorId, text],
    );
    if (known) return known.id;
    const posting = this.past(PostingService, ago * MINUTE);
    const { answer } = await posting.post(article, {
      authorId,
      body: text,
      parentId: parent?.id,
      count: () => Promise.resolve(),
    });
    return (JSON.parse(answer) as { id: string }).id;
  }

  private async remove({ id, ago }: Planned, reasons: Omit<NewDecision, 'action'>): Promise<void> {
    const decisions = this.past(DecisionsService, (ago - 10) * MINUTE);
    try {
      await decisions.decide(this.viewer(admin), id, { action: 'remove', ...reasons });
    } catch (error) {
      // An interrupted start has removed it.
      if (!(error instanceof DomainError && error.code === 'moderation.already_decided')) throw error;
    }
  }
}

/** Returns all comments of a conversation, each after its parent. */
function plan(comments: SeedComment[], article: string, parent?: Planned): Planned[] {
  return comments.flatMap((it) => {
    const planned = { ...it, article, parent, id: '' };
    return [planned, ...plan(it.replies ?? [], article, planned)];
  });
}

function read<T>(path: string): T {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')) as T;
}
