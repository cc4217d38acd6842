// Fills the conversations of the demo newspaper once, through the app's own services, so that a newcomer sees more than
// empty pages. An interrupted seeding goes on at the next start: the admin's role is given last and marks the end.
import { readFileSync } from 'node:fs';

const { people, admin, follows, conversations } = read('./demo-seed.json');
const stories = read('../web/demo/stories.json');
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCK = 7_002;

/**
 * Seeds a database that has no readers yet; an admin whom the operator made does not count.
 * @param app the running application
 * @param demo the demo site's origin
 * @returns the admin of the demo with a new one-time sign-in link; undefined where the database is not the demo's
 */
export async function seedDemo(app, demo, say) {
  const { DataSource } = await import('typeorm');
  const dataSource = app.get(DataSource);
  const turn = dataSource.createQueryRunner();
  try {
    // Of two processes that start at once, the second waits.
    await turn.query('select pg_advisory_lock($1)', [LOCK]);
    const services = await openServices(app, dataSource);
    const state = await stateOf(dataSource);
    if (state === 'foreign') return undefined;
    if (state === 'unfinished') {
      say('Seeding the demo newspaper');
      await seed(services, demo);
    }
    const { email } = people[admin];
    return { email, link: await services.signIn.createLink(email) };
  } finally {
    await turn.query('select pg_advisory_unlock($1)', [LOCK]);
    await turn.release();
  }
}

async function stateOf(dataSource) {
  const ours = Object.values(people).map((it) => it.email);
  const [{ others, done }] = await dataSource.query(
    `select count(*) filter (where email <> all ($1) and role = 'reader')::int as others,
       coalesce(bool_or(email = $2 and role = 'admin'), false) as done from accounts`,
    [ours, people[admin].email],
  );
  return done ? 'done' : others ? 'foreign' : 'unfinished';
}

/** Returns the services by name; `at(name, time)` makes one whose clock stands at that time. */
async function openServices(app, dataSource) {
  const load = async (path, name) => (await import(`../dist/src/${path}.js`))[name];
  const Clock = await load('clock/clock', 'Clock');
  const classes = {
    accounts: await load('accounts/profiles/accounts.service', 'AccountsService'),
    signIn: await load('accounts/sign-in/sign-in.service', 'SignInService'),
    follows: await load('accounts/readers/follows.service', 'FollowsService'),
    articles: await load('articles/articles.service', 'ArticlesService'),
    posting: await load('comments/writing/posting.service', 'PostingService'),
    reactions: await load('comments/reactions/reactions.service', 'ReactionsService'),
    reports: await load('moderation/reports.service', 'ReportsService'),
    decisions: await load('moderation/decisions.service', 'DecisionsService'),
  };
  const get = (it) => app.get(it, { strict: false });
  const services = Object.fromEntries(Object.entries(classes).map(([name, it]) => [name, get(it)]));
  const at = (name, time) => {
    const needs = Reflect.getMetadata('design:paramtypes', classes[name]);
    return new classes[name](...needs.map((it) => (it === Clock ? { now: () => new Date(time) } : get(it))));
  };
  return { ...services, at, dataSource };
}

async function seed(services, demo) {
  const now = Date.now();
  const readers = Object.entries(people).filter(([name]) => name !== admin);
  const joined = await Promise.all(readers.map(async ([name, it]) => [name, await join(services, it, now)]));
  const ids = Object.fromEntries(joined);
  for (const [follower, followed] of Object.entries(follows))
    for (const it of followed) await services.follows.follow({ accountId: ids[follower] }, ids[it]);
  await fill(services, demo, ids, now);

  const moderator = await join(services, { ...people[admin], role: 'moderator' }, now);
  const all = Object.values(conversations).flatMap((it) => inOrder(it));
  for (const it of all.filter(({ removed }) => removed)) await remove(services, moderator, it, now);
  await join(services, people[admin], now);
}

async function remove(services, moderator, { id, ago, removed }, now) {
  const decisions = services.at('decisions', now - (ago - 10) * MINUTE);
  try {
    await decisions.decide({ accountId: moderator }, id, { action: 'remove', ...removed });
  } catch (error) {
    if (error.code !== 'moderation.already_decided') throw error; // an interrupted start has removed it
  }
}

/** Posts all conversations in the order of their times, which feeds show; likes and reports need no order. */
async function fill(services, demo, ids, now) {
  const comments = [];
  for (const { slug, key, title, section, publishedAt } of stories) {
    const url = new URL(`/stories/${slug}`, demo).href;
    const article = key
      ? (await services.articles.put(key, { url, title, section, publishedAt })).key
      : await services.articles.createFromPage(url, title);
    comments.push(...inOrder(conversations[slug] ?? []).map((it) => Object.assign(it, { article })));
  }
  comments.sort((a, b) => b.ago - a.ago);
  for (const it of comments) it.id = await post(services, it, ids, now);
  await Promise.all(
    comments.flatMap(({ id, likes = [], reports = [] }) => [
      ...likes.map((it) => services.reactions.add(ids[it], id, 'like')),
      ...reports.map(({ by, reason, note }) =>
        services.reports.report({ viewer: { accountId: ids[by] }, otherwise: '' }, id, { reason, note }),
      ),
    ]),
  );
}

function join(services, { email, name, role = 'reader', since }, now) {
  return services.at('accounts', now - since * DAY).ensure(email, name, role);
}

/** Returns all comments of a conversation by time, each with its parent. */
function inOrder(comments, parent) {
  return comments
    .flatMap((it) => [Object.assign(it, { parent }), ...inOrder(it.replies ?? [], it)])
    .toSorted((a, b) => b.ago - a.ago);
}

async function post(services, { article, by, ago, text, parent }, ids, now) {
  const known = await services.dataSource.query(
    `select c.id from comments c join articles a on a.id = c.article_id where a.key = $1 and c.author_id = $2 and c.body = $3`,
    [article, ids[by], text],
  );
  if (known.length) return known[0].id;
  const posting = services.at('posting', now - ago * MINUTE);
  const { answer } = await posting.post(article, { authorId: ids[by], body: text, parentId: parent?.id });
  return JSON.parse(answer).id;
}

function read(path) {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'));
}
