import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CommentScreening } from '../../src/comments/writing/comment-screening.js';
import type { Rule, ScreeningContext } from '../../src/screening/rule.js';
import { rules } from '../../src/screening/rules.js';
import { screen, screenComment } from '../../src/screening/screen.js';
import { hold, type Hold, refuse, type Refusal, refusedText } from '../../src/screening/screening-verdict.js';
import { preModeration } from '../../src/screening/pre-moderation.settings.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';

const contextOf = (body: string, more: Partial<ScreeningContext> = {}): ScreeningContext => ({
  body,
  author: { accountId: '1' },
  article: { id: '7', key: 'harbour', url: 'https://news.example/harbour', section: 'Politics' },
  setting: ({ initial }) => initial as never,
  history: () => Promise.reject(new Error('No rule may read the history here.')),
  account: () => Promise.resolve({ ageHours: 25, trusted: false, staff: false }),
  recent: () => Promise.reject(new Error('No rule may read the newest comments here.')),
  ...more,
});

describe('the list of screening rules', () => {
  const publishes: Rule<Refusal> = () => undefined;
  const refuses: Rule<Refusal> = () => refuse({ code: 'test.refused', reason: 'Refused by a test.' });
  const holds = (code: string): Rule<Hold> => {
    return () => hold({ code, reason: 'Held by a test.' });
  };
  const later =
    <V extends Hold | Refusal>(rule: Rule<V>): Rule<V> =>
    (context) =>
      new Promise((resolve) => setImmediate(() => resolve(rule(context))));

  it('publishes a text when no rule objects', async () => {
    expect(await screen([publishes, later(publishes)], contextOf('Fine.'))).toEqual({
      verdict: 'publish',
      body: 'Fine.',
    });
    expect(await screen([], contextOf('Fine.'))).toEqual({ verdict: 'publish', body: 'Fine.' });
  });

  it('asks the rules one after another, from top to bottom, and ends at a refusal', async () => {
    const asked: string[] = [];
    const noting =
      <V extends Hold | Refusal>(name: string, rule: Rule<V>): Rule<V> =>
      (context) => {
        asked.push(name);
        return rule(context);
      };
    const list = [
      later(noting('first', publishes)),
      noting('second', publishes),
      later(noting('third', refuses)),
      noting('fourth', publishes),
    ];
    expect(await screen(list, contextOf('Fine.'))).toEqual({
      verdict: 'refuse',
      code: 'test.refused',
      reason: 'Refused by a test.',
    });
    expect(asked).toEqual(['first', 'second', 'third']);
  });

  it('holds a text by the first rule that holds it', async () => {
    const list: Rule<Hold | Refusal>[] = [publishes, holds('test.one'), later(holds('test.two'))];
    expect(await screen(list, contextOf('Fine.'))).toEqual({
      verdict: 'hold',
      code: 'test.one',
      reason: 'Held by a test.',
    });
  });

  it('refuses a text that an earlier rule held', async () => {
    const list: Rule<Hold | Refusal>[] = [holds('test.one'), later(holds('test.two')), later(refuses)];
    expect(await screen(list, contextOf('Fine.'))).toMatchObject({ verdict: 'refuse', code: 'test.refused' });
  });

  it('fails when a rule fails', async () => {
    const fails: Rule<Refusal> = () => Promise.reject(new Error('The database is away.'));
    await expect(screen([fails], contextOf('Fine.'))).rejects.toThrow('The database is away.');
  });

  it('gives each rule the text, its author, the article and what the author wrote before', async () => {
    const strict: Rule<Hold> = async ({ body, author, article, history }) => {
      const { removed } = await history();
      return article.section === 'Politics' && removed > 0
        ? hold({ code: 'test.held', reason: `${author.accountId} wrote ${body}` })
        : undefined;
    };
    const of = (removed: number): ScreeningContext =>
      contextOf('Fine.', { history: () => Promise.resolve({ published: 2, removed }) });
    expect(await screen([strict], of(1))).toEqual({ verdict: 'hold', code: 'test.held', reason: '1 wrote Fine.' });
    expect(await screen([strict], of(0))).toEqual({ verdict: 'publish', body: 'Fine.' });
  });

  it('keeps the cleaned text of a comment that waits', async () => {
    expect(await screenComment(' Fine. ', contextOf(''))).toEqual({ verdict: 'publish', body: 'Fine.' });
    const everyone = contextOf('', {
      setting: (it) => (it.key === preModeration.key ? 'everyone' : it.initial) as never,
    });
    expect(await screenComment(' Fine. ', everyone)).toMatchObject({
      verdict: 'hold',
      code: 'held.everyone',
      body: 'Fine.',
    });
  });

  it('gets no promise from a rule that needs no database', () => {
    const answers = rules.map((rule) => rule(contextOf('Fine.')));
    expect(answers).toEqual(rules.map(() => undefined));
  });

  it('answers a refusal with its code and its reason at the body', () => {
    const { code, kind, details } = refusedText(refuse({ code: 'test.refused', reason: 'Refused by a test.' }));
    expect([code, kind]).toEqual(['test.refused', 'unprocessable']);
    const reason = 'Refused by a test.';
    expect(details).toEqual({ detail: reason, errors: [{ path: 'body', message: reason }] });
  });
});

describe('the reason of a refusal', () => {
  it.each([
    ['a text that shows nothing', '\u200b \u2060', 'The comment has no text. Type your comment and send it again.'],
    ['half a surrogate pair', 'a\uD800', 'The text contains a broken character. Delete it and type it again.'],
    [
      'one character too many',
      'x'.repeat(5_001),
      'The comment is 1 character too long. It can have at most 5,000 characters.',
    ],
    [
      'many characters too many',
      'x'.repeat(7_000),
      'The comment is 2,000 characters too long. It can have at most 5,000 characters.',
    ],
    ['an enormous text', 'x'.repeat(50_000), 'The comment is far too long. It can have at most 5,000 characters.'],
    ['six links', 'https://a.example '.repeat(6), 'The comment contains 6 links. Use at most 5.'],
  ])('says what to do about %s', async (_what, text, reason) => {
    expect(await screenComment(text, contextOf(''))).toMatchObject({ verdict: 'refuse', reason });
  });
});

describe('the context of a comment', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  it('reads the article of a comment, and what its author wrote before', async () => {
    const [ann, mod] = [await app.reader('Ann Reader'), await app.reader('Mo Derator', 'moderator')];
    const key = await app.article();
    const [first] = [await ann.comment(key, 'One.'), await ann.comment(key, 'Two.')];
    await mod.post(`/moderation/comments/${first.id}/decisions`, { action: 'remove', reason: 'spam' });
    const screening = app.get(CommentScreening);
    expect(await screening.articleOf(first.id)).toMatchObject({ id: expect.any(String), key, section: null });
    await expect(screening.articleOf('99999')).rejects.toMatchObject({ code: 'comment.not_found' });
    await expect(screening.articleOf('one')).rejects.toMatchObject({ code: 'comment.not_found' });

    const article = await screening.articleOf(first.id);
    const context = screening.contextOf(ann.rowId, article);
    expect(await context.history()).toEqual({ published: 1, removed: 1 });
    expect(await screening.judge(' Three. ', ann.rowId, article)).toEqual({ verdict: 'publish', body: 'Three.' });
  });

  it('counts what its author wrote in the last minutes, and what was removed in the last days', async () => {
    const [ann, mod] = [await app.reader('Ann Recent'), await app.reader('Mo Recent', 'moderator')];
    const keys = [await app.article(), await app.article()];
    const screening = app.get(CommentScreening);
    const recent = async (): Promise<unknown> => {
      const { id } = first;
      return screening.contextOf(ann.rowId, await screening.articleOf(id)).recent();
    };
    const first = await ann.comment(keys[0]!, 'One.');
    const second = await ann.comment(keys[1]!, 'Two.');
    await mod.post(`/moderation/comments/${second.id}/decisions`, { action: 'remove', reason: 'spam' });
    await ann.delete(`/comments/${first.id}`);
    expect(await recent()).toEqual({ written: 2, removed: 1 });
    await app.clock.advance(11 * 60_000);
    await ann.comment(keys[0]!, 'Three.');
    expect(await recent()).toEqual({ written: 1, removed: 1 });
    await app.clock.advance(8 * 86_400_000);
    expect(await recent()).toEqual({ written: 0, removed: 0 });

    // A text that a moderator rejects before it is public counts like one that is removed.
    const waits = (value: unknown) =>
      app.get(Settings).change({ actorId: null, key: 'screening.same_characters', site: null, value, reason: '' });
    await waits(5);
    const held = await ann.post<{ id: string; state: string }>(`/articles/${keys[0]}/comments`, { body: 'Nooooooo.' });
    expect([held.status, held.body.state]).toEqual([202, 'held']);
    expect(await recent()).toEqual({ written: 1, removed: 0 });
    const other = await app.reader('Mo Later', 'moderator');
    const decided = await other.post(`/moderation/held/${held.body.id}/decisions`, {
      action: 'reject',
      reason: 'spam',
    });
    expect(decided.status).toBe(201);
    expect(await recent()).toEqual({ written: 1, removed: 1 });
    await waits(undefined);
  });

  describe('by the rules of a site', () => {
    const ORIGIN = 'http://evening.localhost:4997';
    let keys: { common: string; evening: string };
    let ann: Actor;
    const set = async (key: string, value: unknown, site: string | null = 'evening'): Promise<void> =>
      app.get(Settings).change({ actorId: null, key, site, value, reason: '' });
    /** Posts to an article of the installation and of the site. @returns the reasons of refusals, or 201 */
    const answersTo = async (body: string): Promise<{ common: unknown; evening: unknown }> => {
      const send = async (key: string): Promise<unknown> => {
        await app.sql('truncate recent_texts');
        const answer = await ann.post(`/articles/${key}/comments`, { body });
        return answer.body.detail ?? answer.status;
      };
      return { common: await send(keys.common), evening: await send(keys.evening) };
    };

    beforeAll(async () => {
      await app.get(Settings).addSite(null, 'evening');
      await set('site.origins', [ORIGIN]);
      await set('limits.posts_per_minute', 1_000, null);
      ann = await app.reader('Ann Writer');
      keys = { common: await app.article(), evening: await app.article() };
      await app.sql('update articles set url = $1 where key = $2', [`${ORIGIN}/story`, keys.evening]);
    });

    it('is refused when it has more characters or lines than the site allows', async () => {
      expect(await answersTo('x'.repeat(120))).toEqual({ common: 201, evening: 201 });
      await set('screening.most_characters', 100);
      expect(await answersTo('x'.repeat(120))).toEqual({
        common: 201,
        evening: 'The comment is 20 characters too long. It can have at most 100 characters.',
      });
      expect(await answersTo('x'.repeat(50_000))).toEqual({
        common: 'The comment is far too long. It can have at most 5,000 characters.',
        evening: 'The comment is far too long. It can have at most 100 characters.',
      });
      const mine = await ann.get(`/articles/${keys.evening}/mine`, { origin: ORIGIN });
      expect(mine.body).toMatchObject({ mostCharacters: 100 });
      await set('screening.most_lines', 5);
      expect(await answersTo('one\n'.repeat(5) + 'six')).toEqual({
        common: 201,
        evening: 'The comment has 6 lines. It can have at most 5.',
      });
      await set('screening.most_characters', 10_000);
      expect(await answersTo('x'.repeat(9_000))).toMatchObject({ evening: 201 });
    });

    it('is refused when it has more links than the site allows', async () => {
      const links = 'https://a.example https://b.example';
      await set('screening.newcomer_hours', 0, null);
      expect(await answersTo(links)).toEqual({ common: 201, evening: 201 });
      await set('screening.most_links', 1);
      expect(await answersTo(links)).toEqual({ common: 201, evening: 'The comment contains 2 links. Use at most 1.' });
      await set('screening.most_links', 0);
      expect(await answersTo('See https://a.example')).toEqual({
        common: 201,
        evening: 'Comments cannot contain links here. Remove the link.',
      });
      await set('screening.most_links', 5);
    });

    it('is refused when it has a word that the site bans, also from staff', async () => {
      await set('screening.banned_words', ['Idiot', 'white power', 'clown*']);
      expect(await answersTo('What an 1d!ot he is')).toEqual({
        common: 201,
        evening: 'The comment contains “1d!ot”, which is not published here. Write it in other words.',
      });
      expect(await answersTo('Such clownery')).toMatchObject({ evening: expect.stringContaining('“clownery”') });
      expect(await answersTo('No idiotic thing')).toMatchObject({ evening: 201 });
      const mod = await app.reader('Mo Banned', 'moderator');
      const refused = await mod.post<{ code: string }>(`/articles/${keys.evening}/comments`, { body: 'You idiot.' });
      expect([refused.status, refused.body.code]).toEqual([422, 'comment.banned_words']);
      const posted = await ann.post<{ id: string }>(`/articles/${keys.evening}/comments`, { body: 'A good thing.' });
      const edited = await ann.patch<{ code: string }>(`/comments/${posted.body.id}`, { body: 'i d i o t' });
      expect(edited.body.code).toBe('comment.banned_words');
      await set('screening.banned_words', undefined);
      expect(await answersTo('What an idiot')).toEqual({ common: 201, evening: 201 });
    });

    it('may have a link as soon as the site trusts new accounts', async () => {
      const refusal = (hours: string): string =>
        `New accounts can post links ${hours} after they joined. Remove the link, or post it later.`;
      await set('screening.newcomer_hours', undefined, null);
      const link = 'See https://a.example';
      expect(await answersTo(link)).toEqual({ common: refusal('24 hours'), evening: refusal('24 hours') });
      await set('screening.newcomer_hours', 0);
      expect(await answersTo(link)).toEqual({ common: refusal('24 hours'), evening: 201 });
      await set('screening.newcomer_hours', 1);
      expect(await answersTo(link)).toMatchObject({ evening: refusal('1 hour') });
      await app.clock.advance(61 * 60_000);
      expect(await answersTo(link)).toEqual({ common: refusal('24 hours'), evening: 201 });
    });

    it('is refused as a copy for so long and under so many articles as the site says', async () => {
      const text = 'The same long enough sentence about the ferries and their new timetable.';
      const again = async (key: string, actor = ann): Promise<unknown> => {
        const { status, body } = await actor.post<{ code?: string }>(`/articles/${key}/comments`, { body: text });
        return body.code ?? status;
      };
      await app.sql('truncate recent_texts');
      const bea = await app.reader('Bea Writer');
      expect(await again(keys.common)).toBe(201);
      expect(await again(keys.evening, bea)).toBe('comment.similar');
      await set('screening.copy_hours', 0);
      expect(await again(keys.evening, bea)).toBe(201);
      expect(await again(keys.common, bea)).toBe('comment.similar');
      await set('screening.own_copies', 1);
      await set('screening.copy_hours', 48);
      expect(await again(keys.evening)).toBe('comment.similar');
      await set('screening.own_copies', 2);
      expect(await again(keys.evening)).toBe(201);
      await app.clock.advance(47 * 3_600_000);
      expect(await again(keys.evening, bea)).toBe('comment.similar');
      expect(await again(keys.common, bea)).toBe(201);
    });

    it.each([
      [
        'screening.banned_words',
        [[''], ['***'], ['x'.repeat(101)], Array.from({ length: 10_001 }, () => 'x'), 'idiot'],
      ],
      ['screening.suspect_words', [['?'], 'idiot']],
      ['screening.capitals', ['on', true]],
      ['screening.capitals_percent', [9, 100]],
      ['screening.same_characters', [-1, 1_001]],
      ['screening.recent_rejections', [-1, 101]],
      ['screening.flood_comments', [-1, 101]],
      ['screening.flood_minutes', [0, 1_441]],
      ['screening.most_links', [-1, 101]],
      ['screening.newcomer_hours', [-1, 721]],
      ['screening.copy_hours', [-1, 73]],
      ['screening.own_copies', [0, 51]],
      ['screening.most_characters', [99, 10_001, 500.5, '500', null]],
      ['screening.most_lines', [4, 1_001]],
    ])('refuses a wrong value of %s', async (key, values) => {
      for (const it of values) await expect(set(key, it)).rejects.toMatchObject({ code: 'setting.invalid' });
    });
  });
});
