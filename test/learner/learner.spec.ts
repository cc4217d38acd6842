import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Config } from '../../src/config/config.js';
import { Transactions } from '../../src/database/transaction.js';
import { checkDatabase } from '../../src/doctor/check-database.js';
import { FINGERPRINT } from '../../src/learner/features.js';
import { Learner } from '../../src/learner/learner.service.js';
import { ShadowScorer } from '../../src/learner/shadow-scorer.js';
import { TrainLearnerJob } from '../../src/learner/train-learner.job.js';
import { Settings } from '../../src/settings/settings.service.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';
import { commentCorpus, type LabelledComment } from '../support/comment-corpus.js';

const INSULT = 'You are nothing but a moron. Shut your mouth you vermin!';
const HARMLESS = 'Honestly, the council has promised the report on housing.';

describe('the helper that learns', () => {
  let app: TestApp;
  let other: TestApp;
  let ann: Actor;
  let mod: Actor;
  let key: string;

  beforeAll(async () => {
    app = await TestApp.start();
    other = await TestApp.start({ database: app.database });
    ann = await app.reader('Ann Reader');
    mod = await app.reader('Mo Derates', 'moderator');
    key = await app.article();
  });
  afterAll(async () => {
    await other.stop();
    await app.stop();
  });

  const set = async (name: string, value: unknown): Promise<void> => {
    await app.get(Settings).change({ actorId: null, key: `moderation.learner_${name}`, site: null, value, reason: '' });
  };
  /** A night: the job runs in one process. */
  const night = (node: TestApp) =>
    node.get(TrainLearnerJob).run({ effect: (work) => node.get(Transactions).run(work) });
  const view = async () => (await mod.get<Schemas['Learner']>('/moderation/learner')).body;
  const scoreBy = async (node: TestApp, text: string) => {
    const learner = node.get(Learner);
    await learner.read();
    return learner.score(text);
  };

  /** Writes comments that were decided one a minute, up to yesterday. */
  const decided = async (comments: LabelledComment[]): Promise<void> => {
    await app.sql(
      `with given as (
         select nextval(pg_get_serial_sequence('comments', 'id')) as id, body, removed, n,
           now() - interval '1 day' - ($5 - n) * interval '1 minute' as at
         from unnest($3::text[], $4::boolean[]) with ordinality as it (body, removed, n)),
       made as (
         insert into comments (id, article_id, root_id, depth, ancestors, author_id, body, created_at, rank, state, removal_reason)
         overriding system value
         select id, (select id from articles where key = $1), id, 0, array[id], $2, body, at - interval '10 days', 0,
           case when removed then 'removed' else 'published' end, case when removed then 'abuse' end from given)
       insert into decisions (comment_id, revision, moderator_id, action, reason, state_before, state_after, created_at)
       select id, 1, $6, case when removed then 'remove' else 'keep' end, 'abuse', 'published',
         case when removed then 'removed' else 'published' end, at from given order by n`,
      [key, ann.rowId, comments.map((it) => it.text), comments.map((it) => it.removed), comments.length, mod.rowId],
    );
  };

  it('learns nothing while it is switched off, or when there are too few decisions', async () => {
    await decided(commentCorpus(3, 150));
    await night(app);
    await set('mode', 'shadow');
    await set('precision', 90);
    await night(app);
    expect(await view()).toEqual({ mode: 'shadow', wantedPrecision: 0.9, versions: [] });
    expect((await ann.get('/moderation/learner')).status).toBe(403);
  });

  /** A text that a moderator rejected before it was public. */
  const rejected = (body: string) =>
    app.sql(
      `with held as (
         insert into held_comments (article_id, author_id, body, rule, reason, state, created_at, decided_at)
         select id, $2, $3, 'held.everyone', '', 'rejected', now(), now() from articles where key = $1 returning id)
       insert into decisions (held_id, revision, moderator_id, action, reason, state_before, state_after, created_at)
       select id, 1, $4, 'reject', 'abuse', 'held', 'rejected', now() from held`,
      [key, ann.rowId, body, mod.rowId],
    );

  it('is trained once when two workers come to it, and begins in the shadow', async () => {
    await decided(commentCorpus(3, 1_499));
    await rejected(INSULT);
    await rejected(''); // erased since
    await Promise.all([night(app), night(other)]);
    const { versions } = await view();
    expect(versions).toMatchObject([
      { state: 'shadow', trainedOn: { decided: 1_650, standing: 0 }, problem: null, judged: { count: 990 } },
    ]);
    expect(versions[0]!.power!.precisionAtLeast).toBeGreaterThanOrEqual(0.9);
    expect(await scoreBy(app, INSULT)).toBeUndefined();
  });

  it('judges new comments once when several workers follow, and shows what moderators decided on them later', async () => {
    const [bad, good] = [await ann.comment(key, INSULT), await ann.comment(key, HARMLESS)];
    for (const node of [app, other]) await node.get(Learner).read();
    await Promise.all([app.get(ShadowScorer).follow(), other.get(ShadowScorer).follow()]);
    await app.get(ShadowScorer).follow();
    const scores = await app.sql<{ id: string; score: number }>(
      'select comment_id as id, score from learner_scores order by comment_id',
    );
    expect(scores.map((it) => it.id)).toEqual([bad.id, good.id]);
    expect(scores[0]!.score).toBeGreaterThan(0.9);
    expect(scores[1]!.score).toBeLessThan(0.4);
    await mod.post(`/moderation/comments/${bad.id}/decisions`, { action: 'remove', reason: 'abuse' });
    expect((await view()).versions[0]!.agreement).toEqual({
      flaggedRemoved: 1,
      flaggedKept: 0,
      passedRemoved: 0,
      passedKept: 0,
    });
  });

  it('gets power the night after it was trained, in every process, and says why in words', async () => {
    await night(other);
    expect((await view()).versions).toMatchObject([{ state: 'active' }]);
    for (const node of [app, other]) {
      const judged = await scoreBy(node, INSULT);
      expect(judged).toMatchObject({ certain: true });
      expect(judged!.why.some((it) => /moron|vermin|mouth/.test(it))).toBe(true);
      expect(await scoreBy(node, HARMLESS)).toMatchObject({ certain: false });
    }
  });

  it('holds what it is certain about when the newsroom says so, and counts the decisions on it', async () => {
    const send = async (actor: Actor, body: string) =>
      (await actor.post<{ id: string }>(`/articles/${key}/comments`, { body })) as {
        status: number;
        body: { id: string };
      };
    await set('mode', 'hold');
    expect((await send(ann, 'My daughter likes the warm lunches at school.')).status).toBe(201);
    expect((await send(mod, 'The author is a scumbag and a cretin! What a halfwit these people are.')).status).toBe(
      201,
    );
    const held = await send(ann, 'Shut your mouth you parasite. You is a vermin and a moron!');
    expect(held.status).toBe(202);
    const decision = await mod.post(`/moderation/held/${held.body.id}/decisions`, {
      action: 'reject',
      reason: 'abuse',
    });
    expect(decision.status).toBe(201);
    expect((await view()).versions[0]!.agreement).toMatchObject({ flaggedRemoved: 2, flaggedKept: 0 });
    await set('precision', 99);
    expect((await send(ann, 'What a moron the author are. These people are nothing but a filth!')).status).toBe(201); // it is not so certain
    await set('precision', 90);
    await set('mode', 'shadow');
  });

  it('has no power at a precision that it has not reached, and loses it at the next night', async () => {
    await set('precision', 99);
    expect(await scoreBy(app, INSULT)).toBeUndefined();
    await night(app);
    expect((await view()).versions).toMatchObject([{ state: 'retired', power: null }]);
    await set('precision', 90);
    await app.sql(`update learner_versions set state = 'active'`);
    expect(await scoreBy(app, INSULT)).toMatchObject({ certain: true });
  });

  it('loses its power when moderators keep what it flags', async () => {
    await app.sql(
      `insert into learner_scores (version_id, comment_id, revision, score, created_at)
       select v.id, d.comment_id, 1, 0.999, d.created_at - interval '1 hour'
       from learner_versions v, (select * from decisions where action = 'keep' order by id limit 40) d`,
    );
    await night(app);
    expect((await view()).versions).toMatchObject([{ state: 'retired', agreement: { flaggedKept: 40 } }]);
    await app.sql(`delete from learner_scores where score > 0.998`);
    await app.sql(`update learner_versions set state = 'active'`);
  });

  const doctorSays = async () => (await checkDatabase(app.get(Config), Date.now)).map((it) => it.text).join('\n');

  it('judges in a process that starts later, and is left out when it is damaged or has other features', async () => {
    const starts = async () => {
      const node = await TestApp.start({ database: app.database, logger: false });
      const judged = node.get(Learner).score(INSULT);
      await node.stop();
      return judged;
    };
    expect(await starts()).toMatchObject({ certain: true });
    expect(await doctorSays()).not.toMatch(/helper that learns/);
    await app.sql(`update learner_versions set fingerprint = 'words only'`);
    expect(await starts()).toBeUndefined();
    expect(await doctorSays()).toMatch(/Version 1 of the helper that learns is damaged/);
    expect((await view()).versions[0]!.problem).toBe('other_features');
    await app.sql(`update learner_versions v set weights = substr(weights, 1, 100), fingerprint = $1`, [FINGERPRINT]);
    expect(await starts()).toBeUndefined();
    expect((await view()).versions[0]!.problem).toBe('damaged');
    await ann.comment(key, 'Posting goes on.');
    await night(app);
    expect((await view()).versions[0]!.state).toBe('retired');
  });
});
