import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { ApiKeysService } from '../../src/accounts/sessions/api-keys.service.js';
import { AuditService } from '../../src/audit/audit.service.js';
import { Transactions } from '../../src/database/transaction.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { TestApp } from '../support/app.js';

interface Entry {
  actor: string | null;
  action: string;
  type: string;
  subject: string;
  detail: object;
}

describe('the audit log', () => {
  let app: TestApp;
  let admin: Actor;
  let ann: Actor;
  /** Entries up to this one belong to the test's preparations. */
  let start: string;

  beforeAll(async () => {
    app = await TestApp.start({ logger: false });
    admin = await app.reader('Ada Min', 'admin');
  });
  beforeEach(async () => {
    ann = await app.reader('Ann Reader');
    await mark();
  });
  afterAll(() => app.stop());

  async function mark(): Promise<void> {
    start = (await app.sql<{ id: string }>('select coalesce(max(id), 0)::text as id from audit_log'))[0]!.id;
  }
  const entries = () =>
    app.sql<Entry>(
      `select actor_id::text as actor, action, subject_type as type, subject_id as subject, detail
       from audit_log where id > $1 order by id`,
      [start],
    );

  it('holds one entry for a change of role, and none when the role stays', async () => {
    for (let i = 0; i < 2; i += 1) await admin.put(`/readers/${ann.accountId}/role`, { role: 'editor' });
    expect(await entries()).toEqual([
      {
        actor: admin.rowId,
        action: 'account.set-role',
        type: 'account',
        subject: ann.rowId,
        detail: { from: 'reader', to: 'editor' },
      },
    ]);
  });

  it('holds one entry for a ban and one for its end, however often they are repeated', async () => {
    const path = `/readers/${ann.accountId}/ban`;
    for (let i = 0; i < 2; i += 1) await admin.put(path, { reason: 'spam' });
    for (let i = 0; i < 2; i += 1) await admin.delete(path, { reason: 'a mistake' });
    const about = { actor: admin.rowId, type: 'account', subject: ann.rowId };
    expect(await entries()).toEqual([
      { ...about, action: 'account.ban', detail: { reason: 'spam' } },
      { ...about, action: 'account.unban', detail: { reason: 'a mistake' } },
    ]);
  });

  it('holds one entry without an account as actor for what the operator does', async () => {
    await app.get(ApiKeysService).create('a server');
    const email = 'new.admin@example.test';
    const id = await app.get(AccountsService).ensure(email, 'New Admin', 'moderator');
    await app.get(AccountsService).ensure(email, 'New Admin', 'admin');
    await app.get(AccountsService).ensure(email, 'New Admin', 'admin');
    const [key] = await app.sql<{ id: string }>('select id::text as id from api_keys order by id desc limit 1');
    expect(await entries()).toEqual([
      { actor: null, action: 'api-key.create', type: 'api-key', subject: key!.id, detail: { name: 'a server' } },
      {
        actor: null,
        action: 'account.set-role',
        type: 'account',
        subject: id,
        detail: { from: null, to: 'moderator' },
      },
      {
        actor: null,
        action: 'account.set-role',
        type: 'account',
        subject: id,
        detail: { from: 'moderator', to: 'admin' },
      },
    ]);
  });

  it.each(['remove', 'restore', 'keep'])('holds one entry for a decision: %s', async (action) => {
    const { id } = await ann.comment(await app.article(), 'A comment.');
    if (action === 'restore')
      await admin.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'spam' });
    if (action === 'keep') await app.anonymous().post(`/comments/${id}/reports`, { reason: 'spam' });
    await mark();
    const { status, body } = await admin.post<Schemas['Decided']>(`/moderation/comments/${id}/decisions`, {
      action,
      reason: 'other',
      note: 'For the desk alone.',
    });
    expect(status).toBe(201);
    // A second decision is refused and leaves no entry.
    expect((await admin.post(`/moderation/comments/${id}/decisions`, { action, reason: 'other' })).status).toBe(409);
    expect(await entries()).toEqual([
      {
        actor: admin.rowId,
        action: `comment.${action}`,
        type: 'comment',
        subject: id,
        detail: { decisionId: body.decision.id, reason: 'other' },
      },
    ]);
  });

  it('holds no entry when the transaction is rolled back', async () => {
    await expect(
      app.get(Transactions).run(async (tx) => {
        await app.get(AuditService).record(tx, {
          actorId: admin.rowId,
          action: 'account.ban',
          subjectId: ann.rowId,
          detail: { reason: 'spam' },
        });
        throw new Error('rolled back');
      }),
    ).rejects.toThrow('rolled back');
    expect(await entries()).toEqual([]);
  });

  it('takes the change back when its entry cannot be written', async () => {
    const { id } = await ann.comment(await app.article(), 'A comment.');
    const record = jest.spyOn(app.get(AuditService), 'record').mockRejectedValue(new Error('no log'));
    try {
      const answers = [
        await admin.put(`/readers/${ann.accountId}/role`, { role: 'editor' }),
        await admin.put(`/readers/${ann.accountId}/ban`, { reason: 'spam' }),
        await admin.post(`/moderation/comments/${id}/decisions`, { action: 'remove', reason: 'spam' }),
      ];
      expect(answers.map((it) => it.status)).toEqual([500, 500, 500]);
      await expect(app.get(ApiKeysService).create('unrecorded')).rejects.toThrow('no log');
      expect(record).toHaveBeenCalledTimes(4);
    } finally {
      record.mockRestore();
    }
    expect(await entries()).toEqual([]);
    expect((await ann.get('/me')).body).toMatchObject({ role: 'reader' });
    expect((await ann.get(`/comments/${id}`)).body).toMatchObject({ state: 'published' });
    expect(await app.sql('select 1 from decisions where comment_id = $1', [id])).toEqual([]);
    expect(await app.sql(`select 1 from api_keys where name = 'unrecorded'`)).toEqual([]);
  });

  it('refuses every change and deletion of its entries', async () => {
    await admin.put(`/readers/${ann.accountId}/role`, { role: 'editor' });
    const before = await entries();
    expect(before).toHaveLength(1);
    for (const sql of [
      `update audit_log set detail = '{}'`,
      'delete from audit_log',
      'delete from audit_log where false',
      'truncate audit_log',
    ])
      await expect(app.sql(sql)).rejects.toThrow('append-only');
    expect(await entries()).toEqual(before);
  });
});
