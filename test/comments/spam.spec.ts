import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mailboxOf } from '../../src/accounts/sessions/mailbox.js';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import { postBudget } from '../../src/accounts/profiles/post.budget.js';
import { slowMode } from '../../src/comments/model/conversation.settings.js';
import { addressKey, RateLimits } from '../../src/http/rate-limits.js';
import { isNearlyEqual, signatureOf } from '../../src/screening/near-duplicates.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Actor, HttpAnswer } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { until } from '../support/until.js';

const DAY = 86_400_000;
const ADVERT =
  'I earned 4,000 dollars last month from home with this simple method, and so can you. Ask me how to begin today.';

/** Returns the header of a client at an address. */
const from = (address: string): Record<string, string> => ({ 'x-forwarded-for': address });

/** Texts of one length that say different things. */
const SAYINGS = [
  'The ferry timetable was changed twice this spring, and nobody at the harbour had been told.',
  'My grandmother worked in that cannery for thirty years and never once spoke about the fire.',
  'Why does the council pay for a third study when both of the others came to the same result?',
  'Cyclists have asked for that crossing since the school moved, so I am glad about every metre.',
  'Interest rates alone do not explain it: look at how few flats were built outside of the centre.',
  'A photograph of the old lighthouse would have helped, because half of the town has not seen it.',
  'Nurses on the night shift have said so for years; the numbers only arrived after they had left.',
  'Please ask the operators next time. Their answer on page twelve contradicts the whole headline.',
  'Wind turbines need that road as well, which is why the bridge was planned with four lanes.',
  'What a lovely piece. I walked the same path last autumn and met the shepherd with both dogs.',
  'The vote was close, yet the two districts by the river decided it as they did four years ago.',
  'Has anybody seen the contract? Article nine lets them raise the price without asking again.',
];

describe('spam', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start({
      env: {
        TRUST_PROXY: '1',
        ROLE: 'web',
        LIMIT_POSTS_PER_MINUTE: '4',
        LIMIT_FOLLOWS_PER_HOUR: '2',
        LIMIT_REACTIONS_PER_MINUTE: '2',
        LIMIT_REPORTS_PER_HOUR: '2',
        LIMIT_TICKETS_PER_MINUTE: '2',
      },
    });
  });
  afterAll(() => app.stop());

  let people = 0;
  /** Signs in a reader with an address of this form, whose account was made some days ago. */
  const reader = async (email = `p${(people += 1)}@spam${people}.example`, days = 2): Promise<Actor> => {
    const actor = app.anonymous();
    await app.get(AccountsService).ensure(email, 'Some Body', 'reader');
    const created = new Date(app.clock.now().getTime() - days * DAY);
    await app.sql('update accounts set created_at = $1 where email = $2', [created, email]);
    await actor.signIn(await app.get(SignInService).createLink(email));
    return actor;
  };
  const post = (actor: Actor, key: string, body: string, address: string): Promise<HttpAnswer> =>
    actor.post(`/articles/${key}/comments`, { body }, from(address));
  /** Returns the header of an address that nothing else uses, so that no budget of a network counts. */
  const fresh = (): Record<string, string> => from(`10.${(hops += 1) >> 8}.${hops & 255}.1`);
  let hops = 0;
  const say = async (actor: Actor, key: string, body: string): Promise<string> => {
    const answer = await actor.post<{ id: string }>(`/articles/${key}/comments`, { body }, fresh());
    expect(answer.status).toBe(201);
    return answer.body.id;
  };
  const edit = (actor: Actor, id: string, body: string): Promise<HttpAnswer> =>
    actor.send('PATCH', `/comments/${id}`, { body }, fresh());
  const codes = (answers: HttpAnswer[]): string[] =>
    answers.map(({ status, body: { code } }) => (typeof code === 'string' ? code : `${status}`)).sort();

  describe('budgets', () => {
    it('lets ten addresses of one mailbox post as much as one, from two networks at the same moment', async () => {
      const key = await app.article();
      const box = ['s.pammer', 'spammer', 'spam.mer'].flatMap((it) => [`${it}+a`, `${it}+b.c`, it]);
      const actors = await Promise.all([...box, 'spammer+x'].map((it) => reader(`${it}@box.example`)));
      const answers = await Promise.all(
        SAYINGS.map((it, n) => post(actors[n % 10]!, key, it, `192.0.2.${1 + (n % 2)}`)),
      );
      expect(codes(answers)).toEqual([...Array(4).fill('201'), ...Array(8).fill('rate.limited')]);
      // Each address still has an account of its own.
      expect(new Set(actors.map((it) => it.accountId)).size).toBe(10);
    });

    it('lets many mailboxes of one network post as much as three, and another network go on', async () => {
      const key = await app.article();
      const actors = await Promise.all(Array.from({ length: 14 }, () => reader()));
      const answers = await Promise.all(
        actors.map((it, n) => post(it, key, `Text ${n} of many.`, `2001:db8:5:1::${n}`)),
      );
      expect(codes(answers)).toEqual([...Array(12).fill('201'), 'rate.limited', 'rate.limited']);
      expect((await post(await reader(), key, 'From next door.', '2001:db8:5:2::1')).status).toBe(201);
    });

    it('counts the networks of one /48 together', async () => {
      const key = await app.article();
      const hop = (n: number): string => `2001:db8:6:${n.toString(16)}::1`;
      const limits = app.get(RateLimits);
      for (let n = 0; n < 96; n += 1) await limits.consumeNetwork(postBudget.network, addressKey(hop(n)));
      expect(codes([await post(await reader(), key, 'One hop too many.', hop(97))])).toEqual(['rate.limited']);
      expect((await post(await reader(), key, 'From elsewhere.', '2001:db8:7:1::1')).status).toBe(201);
    });

    it('makes a reader wait between two comments under one article in slow mode, and staff never', async () => {
      const set = (value: number | undefined): Promise<void> =>
        app.get(Settings).change({ actorId: null, key: slowMode.key, site: null, value, reason: '' });
      const [key, other] = [await app.article(), await app.article()];
      const [actor, staff] = [await reader(), await app.reader('Mo Slow', 'moderator')];
      const send = (who: Actor, article: string, body: string): Promise<HttpAnswer> =>
        who.post(`/articles/${article}/comments`, { body }, fresh());
      await set(60);
      const posts = [1, 2, 3].map((n) => send(actor, key, `Word ${n} on ${key}.`));
      expect(codes(await Promise.all(posts))).toEqual(['201', 'comment.too_soon', 'comment.too_soon']);
      const refused = await until('the comment to count', async () => {
        const answer = await send(actor, key, `Another on ${key}.`);
        return Number(answer.headers.get('retry-after')) > 1 ? answer : undefined;
      });
      expect([refused.status, Number(refused.headers.get('retry-after')) > 50]).toEqual([429, true]);
      expect(refused.body.detail).toContain('one comment every 60 seconds');
      expect((await send(actor, other, `A word on ${other}.`)).status).toBe(201);
      expect((await send(await reader(), key, `Mine on ${key}.`)).status).toBe(201);
      for (const n of [1, 2]) expect((await send(staff, key, `Answer ${n} on ${key}.`)).status).toBe(201);
      await app.clock.advance(61_000);
      await until('the pause to end', async () => (await send(actor, key, `Now on ${key}.`)).status === 201);
      await set(undefined);
      const hasty = await reader();
      const both = [1, 2].map((n) => send(hasty, key, `At once ${n} on ${key}.`));
      expect(codes(await Promise.all(both))).toEqual(['201', '201']);
    });

    it.each([
      ['follows', (actor: Actor, other: Actor) => actor.put(`/readers/${other.accountId}/follow`, undefined, home)],
      [
        'unfollows',
        (actor: Actor, other: Actor) => actor.delete(`/readers/${other.accountId}/follow`, undefined, home),
      ],
      ['reactions', (actor: Actor) => actor.put(`/comments/${target}/reactions/like`, undefined, home)],
      ['taken back reactions', (actor: Actor) => actor.delete(`/comments/${target}/reactions/like`, undefined, home)],
      ['reports', (actor: Actor) => actor.post(`/comments/${target}/reports`, { reason: 'spam' }, home)],
      ['socket tickets', (actor: Actor) => actor.post('/session/socket-ticket', undefined, home)],
    ])('limits %s of a mailbox and of a network', async (_what, act) => {
      const author = await reader();
      target = await say(author, await app.article(), 'A target.');
      home = from(`198.51.100.${(people += 1)}`);
      const name = `box${people}`;
      const [one, two] = [await reader(`${name}+1@box.example`), await reader(`${name}+2@box.example`)];
      const answers = [await act(one, author), await act(two, author), await act(one, author), await act(two, author)];
      expect(answers.map((it) => it.status >= 300)).toEqual([false, false, true, true]);
      expect(answers.at(-1)!.body.code).toBe('rate.limited');
      const many = await Promise.all(Array.from({ length: 5 }, () => reader()));
      const network = await Promise.all(many.map((it) => act(it, author)));
      expect(network.filter((it) => it.status < 300)).toHaveLength(4);
    });
    let target = '';
    let home: Record<string, string> = {};

    it('folds tags and dots of a mailbox, and nothing else', () => {
      for (const it of ['a.n.n@x.example', 'ann+news@x.example', 'an.n+a+b.c@x.example'])
        expect(mailboxOf(it)).toBe('ann@x.example');
      expect(mailboxOf('ann@googlemail.com')).toBe('ann@gmail.com');
      expect(mailboxOf('ann@y.example')).not.toBe('ann@x.example');
      expect(mailboxOf('+news@x.example')).toBe('+news@x.example');
    });
  });

  describe('links', () => {
    it.each([
      'See https://shop.example/pills',
      'See hTTp://shop.example',
      'Visit WWW.shop.example now',
      'Visit cheap-pills.com now',
      'Visit cheap-pills。com now',
      'Visit ｃｈｅａｐ．ｃｏｍ now',
      'Visit shop.example/pills now',
    ])('are refused of an account on its first day: %s', async (body) => {
      await app.sql('delete from recent_texts');
      const [young, old] = [await reader(undefined, 0), await reader()];
      const key = await app.article();
      const answer = await post(young, key, body, `203.0.113.${(people += 1) % 250}`);
      expect([answer.status, answer.body.code]).toEqual([422, 'comment.links_too_early']);
      const edited = await edit(young, await say(young, key, 'Nothing to sell.'), body);
      expect(edited.body.code).toBe('comment.links_too_early');
      expect((await post(old, key, body, `203.0.113.${(people += 1) % 250}`)).status).toBe(201);
    });

    it('are not seen where there are none', async () => {
      const [young, key] = [await reader(undefined, 0), await app.article()];
      for (const body of ['I agree.But not quite.', 'He/she, and/or, i.e. both. 3.5/5, at 9.30/10.'])
        expect((await post(young, key, body, '203.0.113.251')).status).toBe(201);
    });
  });

  describe('near-equal texts', () => {
    it.each([
      ['the same', ADVERT],
      ['the same in capitals, with signs', `*** ${ADVERT.toUpperCase()} ***!!!`],
      ['the same with another sum', ADVERT.replace('4,000', '5,700')],
      ['the same with a few other words', ADVERT.replace('simple method', 'easy trick').replace('today', 'tonight')],
      ['the same with a name before and a code behind', `Hello Anna! ${ADVERT} #x7Qp2`],
      ['the same with letters of other scripts', ADVERT.replaceAll('a', 'а').replaceAll('o', 'о')],
      ['the same with accents', ADVERT.replaceAll('e', 'é')],
      ['the same with invisible spaces', ADVERT.replaceAll(' ', ' \u200B')],
    ])('are refused of another account under another article: %s', async (_what, body) => {
      await app.sql('delete from recent_texts');
      const [one, two] = [await reader(), await reader()];
      const address = (): string => `203.0.113.${(people += 1) % 250}`;
      expect((await post(one, await app.article(), ADVERT, address())).status).toBe(201);
      const key = await app.article();
      const copy = await post(two, key, body, address());
      expect([copy.status, copy.body.code]).toEqual([422, 'comment.similar']);
      // An edit does not bring it in either.
      const id = await say(two, key, 'Something else.');
      expect((await edit(two, id, body)).body.code).toBe('comment.similar');
      await app.sql(`update recent_texts set created_at = created_at - interval '25 hours'`);
      expect((await post(two, key, body, address())).status).toBe(201);
    });

    it('are published once when ten accounts post them at the same moment under ten articles', async () => {
      await app.sql('delete from recent_texts');
      const actors = await Promise.all(Array.from({ length: 10 }, () => reader()));
      const keys = await Promise.all(actors.map(() => app.article()));
      const answers = await Promise.all(
        actors.map((it, n) => post(it, keys[n]!, `${ADVERT} Code ${n}.`, `192.0.2.${100 + n}`)),
      );
      expect(codes(answers)).toEqual(['201', ...Array(9).fill('comment.similar')]);
    });

    it('of the same account are for a repeat under the same article, and for two articles', async () => {
      await app.sql('delete from recent_texts');
      const [ann, key] = [await reader(), await app.article()];
      const send = (to: string) => post(ann, to, ADVERT, `203.0.113.${(people += 1) % 250}`);
      expect((await send(key)).status).toBe(201);
      expect((await send(key)).status).toBe(201);
      expect((await send(await app.article())).status).toBe(201);
      expect((await send(await app.article())).body.code).toBe('comment.similar');
    });

    it('leave short answers, quotes with an answer, and other texts alone', async () => {
      await app.sql('delete from recent_texts');
      const key = await app.article();
      const [one, two] = [await reader(), await reader()];
      for (const it of [one, two])
        for (const body of ['I agree.', 'Thank you for this article!'])
          expect((await post(it, key, body, `203.0.113.${(people += 1) % 250}`)).status).toBe(201);
      await post(one, key, SAYINGS[0]!, '203.0.113.252');
      const quote = `> ${SAYINGS[0]}\nThat is not so: both changes were in this paper, in April and in May.`;
      expect((await post(two, key, quote, '203.0.113.253')).status).toBe(201);
    });

    it('are none among the comments of the demonstration and honest texts', () => {
      const texts: string[] = [...SAYINGS];
      const collect = (it: unknown): void => {
        if (typeof it === 'string' && it.length > 60) texts.push(it);
        else if (it && typeof it === 'object') Object.values(it).forEach(collect);
      };
      collect(JSON.parse(readFileSync(new URL('../../tools/demo-seed.json', import.meta.url), 'utf8')));
      const known = [...new Set(texts)].map((it) => signatureOf(it)?.values).filter((it) => it !== undefined);
      expect(known.length).toBeGreaterThan(30);
      const pairs = known.flatMap((one, n) => known.slice(n + 1).filter((other) => isNearlyEqual(one, other)));
      expect(pairs).toEqual([]);
    });
  });
});
