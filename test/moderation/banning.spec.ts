import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '../../web/shared/contract.js';
import { TestApp } from '../support/app.js';

describe('banning a reader', () => {
  let app: TestApp;
  beforeAll(async () => {
    app = await TestApp.start();
  });
  afterAll(() => app.stop());

  it('refuses a ban of an equal or higher role, and the same for its end', async () => {
    const actorByRole = {
      reader: await app.reader('Rea Der'),
      moderator: await app.reader('Mo Derates', 'moderator'),
      editor: await app.reader('Ed Itor', 'editor'),
      admin: await app.reader('Ada Min', 'admin'),
    };
    const others = {
      reader: await app.reader('Oth Reader'),
      moderator: await app.reader('Oth Mod', 'moderator'),
      editor: await app.reader('Oth Ed', 'editor'),
      admin: await app.reader('Oth Ad', 'admin'),
    };
    const roles = ['reader', 'moderator', 'editor', 'admin'] as const;
    for (const [rank, role] of roles.entries())
      for (const [above, target] of roles.entries()) {
        const path = `/readers/${others[target].accountId}/ban`;
        const allowed = role !== 'reader' && rank > above;
        const codes = [];
        for (const method of ['PUT', 'DELETE', 'DELETE'])
          codes.push((await actorByRole[role].send(method, path, { reason: 'a rule' })).status);
        expect([role, target, ...codes]).toEqual([role, target, ...(allowed ? [204, 204, 204] : [403, 403, 403])]);
      }
    for (const actor of [actorByRole.moderator, actorByRole.admin])
      expect((await actor.put(`/readers/${actor.accountId}/ban`, { reason: 'me' })).status).toBe(403);
    expect((await actorByRole.admin.put('/readers/999999/ban', { reason: 'who' })).status).toBe(404);
    for (const body of [{}, { reason: '' }, { reason: '  ' }, { reason: 'x'.repeat(501) }, { reason: 'x', until: 1 }])
      expect((await actorByRole.admin.put(`/readers/${others.reader.accountId}/ban`, body)).status).toBe(400);
    const own = await actorByRole.admin.put(`/readers/${actorByRole.admin.accountId}/role`, { role: 'reader' });
    expect([own.status, own.body.code]).toEqual([409, 'role.own']);
    expect((await actorByRole.editor.put(`/readers/${others.reader.accountId}/role`, { role: 'admin' })).status).toBe(
      403,
    );
  });

  it('keeps the comments, shows at the desk and is recorded once when it is repeated', async () => {
    const [ann, mod] = [await app.reader('Ann Reader'), await app.reader('Mo Again', 'moderator')];
    const key = await app.article();
    const { id } = await ann.comment(key, 'What I wrote.');
    await Promise.all(Array.from({ length: 6 }, () => mod.put(`/readers/${ann.accountId}/ban`, { reason: 'spam' })));
    expect((await mod.get(`/comments/${id}`)).body).toMatchObject({ body: 'What I wrote.', state: 'published' });
    const seen = await mod.get<Schemas['Case']>(`/moderation/comments/${id}`);
    expect(seen.body.author.bannedAt).not.toBeNull();
    const recorded = await app.sql(`select action from audit_log where subject_type = 'account' and subject_id = $1`, [
      ann.rowId,
    ]);
    expect(recorded).toEqual([{ action: 'account.ban' }]);
    await mod.delete(`/readers/${ann.accountId}/ban`, { reason: 'served' });
    expect((await ann.get('/me')).status).toBe(401); // the ban is over, and the reader has to sign in again
  });
});
