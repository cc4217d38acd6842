import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildIfNeeded } from '../../tools/start/build.mjs';
import { Actor, type CommentView } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { freshLoad } from '../support/fresh-load.js';
import { PageClient } from '../support/page-client.js';
import { freePorts, launch, type Running } from '../support/processes.js';
import { Random, seedOfRun } from '../support/random.js';
import { until } from '../support/until.js';

const OPERATIONS = 500;
const CLIENTS = 50;
const POLLING = 8;

describe('a conversation under faults', () => {
  let helper: TestApp;
  let server: Running;
  let port: number;
  let key: string;
  const readers: Actor[] = [];
  let mod: Actor;
  let url: string;

  /** Starts the real process as production does, on the test's database. */
  const startServer = async (): Promise<void> => {
    server = launch(process.execPath, ['dist/src/main.js'], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: {
        NODE_ENV: 'test',
        DATABASE_URL: helper.database.url,
        PORT: String(port),
        HOST: '127.0.0.1',
        ALLOWED_ORIGINS: SITE,
        LIMIT_POSTS_PER_MINUTE: '100000',
        LOG_LEVEL: 'warn',
      },
    });
    await until(
      `the server\n${server.output()}`,
      () =>
        fetch(`${url}/health/ready`).then(
          (it) => it.ok,
          () => false,
        ),
      60_000,
    );
  };

  beforeAll(async () => {
    await buildIfNeeded(() => undefined, AbortSignal.timeout(230_000));
    // Accounts and the article are made in this process, which then only owns the database.
    helper = await TestApp.start({ env: { ROLE: 'web' } });
    key = await helper.article();
    [port = 0] = await freePorts(1);
    url = `http://127.0.0.1:${port}`;
    const move = (actor: Actor): Actor => {
      const moved = new Actor(url, SITE);
      for (const [name, value] of actor.cookies) moved.cookies.set(name, value);
      moved.accountId = actor.accountId;
      return moved;
    };
    for (let i = 0; i < 10; i += 1) readers.push(move(await helper.reader(`Reader ${'ABCDEFGHIJ'[i]}`)));
    mod = move(await helper.reader('Mo Derator', 'moderator'));
    await startServer();
  }, 240_000);
  afterAll(async () => {
    server?.signal('SIGKILL');
    await server?.exited;
    await helper?.stop();
  });

  it('leaves every client equal to a fresh load when clients are cut off and the server is killed', async () => {
    const seed = seedOfRun();
    console.log(`no gap: SEED=${seed}`);
    const clients = Array.from({ length: CLIENTS }, () => new PageClient(new Actor(url, SITE), key));
    const polls = clients.slice(0, POLLING).map((it) => it.poll());
    await Promise.all(clients.slice(POLLING).map((it) => it.goLive()));

    let done = 0;
    const cutting = cutRandomly(clients.slice(POLLING), new Random(seed), () => done < OPERATIONS);
    const killing = until('half of the writes', () => done >= OPERATIONS / 2, 120_000).then(async () => {
      server.signal('SIGKILL');
      await server.exited;
      await startServer();
    });
    const fixture = new FaultFixture(readers, mod, key);
    await Promise.all(
      readers.map(async (_, index) => {
        const random = new Random(seed + 1 + index);
        for (let i = 0; i < OPERATIONS / readers.length; i += 1) {
          await fixture.act(random, index);
          done += 1;
        }
      }),
    );
    await Promise.all([killing, cutting]);

    // All reactions are counted, so nothing changes any more.
    await until('the reactions', async () => {
      const [left] = await helper.sql<{ n: number }>('select count(*)::int as n from reaction_marks');
      return left!.n === 0;
    });
    const [{ seq }] = (await helper.sql<{ seq: string }>('select seq from articles where key = $1', [key])) as [
      { seq: string },
    ];
    for (const [index, client] of clients.entries())
      await until(`client ${index} at ${seq}, now ${client.position}`, () => client.position === Number(seq), 60_000);
    for (const client of clients) client.close();
    await Promise.all(polls);

    const truth = await freshLoad(readers[0]!, key);
    expect(truth.comments.size).toBeGreaterThan(200);
    for (const client of clients) {
      expect(client.violations).toEqual([]);
      expect(client.count).toBe(truth.count);
      expect(Object.fromEntries(client.comments)).toEqual(Object.fromEntries(truth.comments));
      const { log, store } = client.embed;
      expect([log.position, store.article?.commentCount]).toEqual([Number(seq), truth.count]);
      const kept = [...store.nodes].map(([id, node]) => [id, node.comment]);
      expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(truth.comments));
    }
    const sum = (what: keyof PageClient['happened']): number => clients.reduce((all, it) => all + it.happened[what], 0);
    expect(sum('cuts')).toBeGreaterThan(100);
    expect(sum('gaps')).toBeGreaterThan(10);
    // each client has read at least once more after the kill
    expect(sum('joins')).toBeGreaterThan(CLIENTS - POLLING + 100);
    expect(sum('polls')).toBeGreaterThan(POLLING * 5);
  }, 180_000);
});

/** Cuts off clients at random, sometimes several at once, as long as `goOn` answers true. */
async function cutRandomly(clients: PageClient[], random: Random, goOn: () => boolean): Promise<void> {
  while (goOn()) {
    for (let i = 1 + random.below(5); i > 0; i -= 1) random.pick(clients).cut();
    await wait(random.below(200));
  }
}

/** Writes to the conversation at random: posts at any depth, edits, deletions, removals, restorations, likes. */
class FaultFixture {
  private readonly own: string[][];
  private readonly all: string[] = [];

  constructor(
    private readonly readers: Actor[],
    private readonly mod: Actor,
    private readonly key: string,
  ) {
    this.own = readers.map(() => []);
  }

  async act(random: Random, index: number): Promise<void> {
    const me = this.readers[index]!;
    const mine = this.own[index]!;
    const dice = random.next();
    if (dice < 0.6 || mine.length === 0) {
      const parentId = this.all.length && random.next() < 0.6 ? random.pick(this.all) : undefined;
      const body = `${me.accountId} says ${random.below(1_000_000)}`;
      const claim = { 'idempotency-key': randomUUID() };
      const { status, body: made } = await this.insist(() =>
        me.post<CommentView>(`/articles/${this.key}/comments`, { body, ...(parentId && { parentId }) }, claim),
      );
      if (status !== 201) return; // the parent is gone by now
      mine.push(made.id);
      this.all.push(made.id);
    } else if (dice < 0.78)
      await this.insist(() => me.patch(`/comments/${random.pick(mine)}`, { body: `Better: ${random.below(1_000)}` }));
    else if (dice < 0.84) await this.insist(() => me.delete(`/comments/${random.pick(mine)}`));
    else if (dice < 0.92) await this.insist(() => me.put(`/comments/${random.pick(this.all)}/reactions/like`));
    else
      await this.insist(() =>
        this.mod.post(`/moderation/comments/${random.pick(this.all)}/decisions`, {
          action: random.next() < 0.6 ? 'remove' : 'restore',
          reason: 'other',
        }),
      );
  }

  /** Repeats a request while the server is away. @throws Error when the request fails otherwise */
  private async insist<Body>(send: () => Promise<{ status: number; body: Body; text: string }>) {
    return until(
      'an answer',
      async () => {
        const answer = await send().catch(() => undefined);
        if (!answer || answer.status === 503) return undefined;
        if (![200, 201, 204, 404, 409].includes(answer.status))
          throw new Error(`A write answered ${answer.status}: ${answer.text}`);
        return answer;
      },
      60_000,
    );
  }
}
