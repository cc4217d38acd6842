import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { editWindow } from '../../src/comments/model/conversation.settings.js';
import { moderationReasons, OTHER, type Reason } from '../../src/comments/model/reasons.settings.js';
import { alertTopics } from '../../src/notifications/push/topics.settings.js';
import { bannedPhrases } from '../../src/screening/words.settings.js';
import { definedSettings } from '../../src/settings/setting.js';
import {
  compareSettings,
  describeDifferences,
  exportSettings,
  importSettings,
  listSettings,
} from '../../src/settings/settings-file.js';
import { Settings } from '../../src/settings/settings.service.js';
import { sentValue } from '../../web/desk/settings/form-value.js';
import { shapeOf } from '../../web/desk/settings/json-schema.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { SITE, TestApp } from '../support/app.js';
import { expectProblem } from '../support/problems.js';
import { TestClock } from '../support/test-clock.js';

const EDIT_WINDOW = '/settings/conversation.edit_window_minutes';
const POLL_MS = 5_000;

describe('settings', () => {
  let app: TestApp;
  let [admin, editor, moderator, ann]: Actor[] = [];

  beforeAll(async () => {
    app = await TestApp.start({ env: { ROLE: 'web' } });
    [admin, editor, moderator, ann] = [
      await app.reader('Ad Min', 'admin'),
      await app.reader('Ed Itor', 'editor'),
      await app.reader('Mo Derator', 'moderator'),
      await app.reader('Ann Reader'),
    ];
  });
  afterAll(() => app.stop());

  const settingOf = async (key: string, site?: string): Promise<Schemas['Setting']> => {
    const { body } = await moderator!.get<Schemas['Settings']>(`/settings${site ? `?site=${site}` : ''}`);
    return body.items.find((it) => it.key === key)!;
  };
  const historyOf = async (key: string): Promise<Schemas['SettingHistory']['items']> =>
    (await moderator!.get<Schemas['SettingHistory']>(`/settings/${key}/history`)).body.items;

  it('describes each value by its schema, and its initial value fits it', async () => {
    const { body } = await moderator!.get<Schemas['Settings']>('/settings');
    expect(body.items.map((it) => it.key)).toEqual(definedSettings().map((it) => it.key));
    // The desk's form knows a field for each, and sends back what it has shown.
    for (const { key, schema, value } of body.items) {
      expect([key, shapeOf(schema, schema).kind]).not.toEqual([key, 'json']);
      expect([key, sentValue(schema, value)]).toEqual([key, { value, faults: {} }]);
    }
    for (const setting of definedSettings()) {
      expect(setting.schema.safeParse(app.get(Settings).initialOf(setting))).toMatchObject({ success: true });
      expect(setting.help).toMatch(/^[A-Z].*\.$/s);
    }
    expect(await settingOf(editWindow.key)).toMatchObject({
      schema: { type: 'integer', minimum: 0, maximum: 10_080 },
      value: 15,
      from: 'initial',
      version: null,
      role: 'editor',
    });
  });

  it('acts at once when an editor changes it, says who did and why, and is taken back', async () => {
    const key = await app.article();
    const comment = await ann!.comment(key, 'A word that I may want to change.');
    await app.clock.advance(20 * 60_000);
    expectProblem(await ann!.patch(`/comments/${comment.id}`, { body: 'Too late.' }), 409, 'comment.edit_window_over');
    const changed = await editor!.put<Schemas['Setting']>(EDIT_WINDOW, { value: 30, reason: 'Readers asked.' });
    expect(changed.body).toMatchObject({ value: 30, from: 'installation' });
    expect((await ann!.patch(`/comments/${comment.id}`, { body: 'In time.' })).status).toBe(200);
    await editor!.put(EDIT_WINDOW, { reset: true, reason: 'Back to normal.' });
    expect(await settingOf(editWindow.key)).toMatchObject({ value: 15, from: 'initial' });
    expectProblem(await ann!.patch(`/comments/${comment.id}`, { body: 'Again.' }), 409, 'comment.edit_window_over');
    expect(await historyOf(editWindow.key)).toMatchObject([
      { by: { displayName: 'Ed Itor' }, reason: 'Back to normal.' },
      { value: 30, by: { displayName: 'Ed Itor' }, reason: 'Readers asked.' },
    ]);
    expect((await historyOf(editWindow.key))[0]).not.toHaveProperty('value');
  });

  it('makes no version when the value is in force already', async () => {
    const before = (await historyOf(editWindow.key)).length;
    for (let n = 0; n < 3; n += 1) await editor!.put(EDIT_WINDOW, { value: 45 });
    expect((await historyOf(editWindow.key)).length).toBe(before + 1);
  });

  it('is refused with the reason when the value would fail', async () => {
    for (const value of [-1, 1.5, '20', null, [], {}, 10_081]) {
      const answer = await editor!.put(EDIT_WINDOW, { value });
      expectProblem(answer, 422, 'setting.invalid');
      expect(String(answer.body.detail)).toMatch(/^The setting “Time to edit” was not changed\. It .+\.$|received/);
    }
    expectProblem(await admin!.put('/settings/site.color', { value: 'red' }), 422, 'setting.invalid');
    expectProblem(await admin!.put('/settings/constructor', { value: 1 }), 404, 'setting.not_found');
    expectProblem(await editor!.put(EDIT_WINDOW, { value: 20, site: 'nowhere' }), 404, 'site.not_found');
  });

  it('is refused when the role is too low', async () => {
    expectProblem(await moderator!.put(EDIT_WINDOW, { value: 20 }), 403, 'role.required');
    expectProblem(await editor!.put('/settings/site.name', { value: 'Mine' }), 403, 'role.required');
    expectProblem(await ann!.get('/settings'), 403, 'role.required');
  });

  it('lets one of two editors who opened the same version win, and tells the other', async () => {
    const { version: basedOn } = await settingOf(editWindow.key);
    const answers = await Promise.all([50, 51, 52, 53].map((value) => editor!.put(EDIT_WINDOW, { value, basedOn })));
    expect(answers.map((it) => it.status).toSorted((a, b) => a - b)).toEqual([200, 409, 409, 409]);
    const { value, version } = await settingOf(editWindow.key);
    for (const it of answers.filter(({ status }) => status === 409)) expect(it.body).toMatchObject({ value, version });
  });

  it('leaves nothing when its transaction is rolled back', async () => {
    const before = await settingOf(editWindow.key);
    const list = [
      { key: editWindow.key, value: 99 },
      { key: 'site.color', value: 'no colour' },
    ].map((it) => ({ ...it, actorId: null, site: null, reason: '' }));
    await expect(app.get(Settings).change(list)).rejects.toMatchObject({ code: 'setting.invalid' });
    expect(await settingOf(editWindow.key)).toEqual(before);
  });

  it('is in the audit log, and its versions cannot be changed', async () => {
    const [entry] = await app.sql(
      `select subject_id as subject, detail from audit_log where action = 'setting.change' order by id desc limit 1`,
    );
    expect(entry).toMatchObject({ subject: editWindow.key, detail: { site: null } });
    await expect(app.sql(`update setting_versions set reason = 'other'`)).rejects.toThrow('append-only');
  });

  it('changes a limit while it is in use', async () => {
    const key = await app.article();
    const bea = await app.reader('Bea Reader');
    await admin!.put('/settings/limits.posts_per_minute', { value: 2 });
    for (let n = 0; n < 2; n += 1) await bea.comment(key, `Word ${n} of a short series.`);
    const refused = await bea.post(`/articles/${key}/comments`, { body: 'One more.' });
    expectProblem(refused, 429, 'rate.limited');
    await admin!.put('/settings/limits.posts_per_minute', { reset: true });
    await bea.comment(key, 'One more after all.');
  });

  describe('in several processes', () => {
    it('is in force in two web processes and a worker within 5 seconds, also when no event arrives', async () => {
      const clocks = ['web', 'worker'].map((role) => [role, new TestClock(true)] as const);
      const others = await Promise.all(
        clocks.map(([ROLE, clock]) => TestApp.start({ env: { ROLE }, clock, database: app.database })),
      );
      try {
        const of = (it: TestApp) => it.get(Settings).get(editWindow);
        await editor!.put(EDIT_WINDOW, { value: 77 });
        expect(of(app)).toBe(77);
        for (const it of others) {
          await (it.clock as TestClock).advance(POLL_MS);
          expect(of(it)).toBe(77);
        }
      } finally {
        for (const it of others) await it.stop();
      }
    });
  });

  describe('of two sites', () => {
    const EVENING = 'http://evening.localhost:4998';

    it('inherits, and has its own name, colour, origins and edit window', async () => {
      expect((await admin!.post('/sites', { key: 'evening' })).status).toBe(201);
      expectProblem(await admin!.post('/sites', { key: 'evening' }), 409, 'site.exists');
      const page = app.anonymous(EVENING);
      expectProblem(await page.get('/session'), 403, 'origin.refused');
      const set = (key: string, value: unknown) => admin!.put(`/settings/${key}`, { site: 'evening', value });
      expect((await set('site.origins', [EVENING])).status).toBe(200);
      expect((await page.get('/session')).status).toBe(200);
      expect(await settingOf('site.name', 'evening')).toMatchObject({ from: 'initial' });
      await set('site.name', 'The Evening Post');
      await set('site.color', '#0a5c8c');
      await set('conversation.edit_window_minutes', 5);
      expect((await page.get('/site?site=evening')).body).toMatchObject({ name: 'The Evening Post', color: '#0a5c8c' });
      expect((await page.get('/site')).body.name).not.toBe('The Evening Post');
      expect((await page.get('/donations/options')).text).toContain('The Evening Post');
      expect((await app.anonymous(SITE).get('/donations/options')).text).not.toContain('The Evening Post');
      expect(await settingOf(editWindow.key, 'evening')).toMatchObject({ value: 5, from: 'site' });
      expect(await settingOf(editWindow.key)).toMatchObject({ value: 77, from: 'installation' });
      const posing = await ann!.patch('/me', { displayName: 'The Evening Post' });
      expectProblem(posing, 422, 'name.taken');
    });

    it('says its own words at its conversations, and nothing at first', async () => {
      const set = (key: string, value: unknown) => editor!.put(`/settings/${key}`, { site: 'evening', value });
      const textsOf = async (origin: string) =>
        (await app.anonymous(origin).get<Schemas['Session']>('/session')).body.texts;
      expect(await textsOf(EVENING)).toBeNull();
      await set('conversation.rules', 'Be kind.\n\nSee https://evening.example/rules');
      expect(await textsOf(EVENING)).toEqual({ message: '', note: '', hasRules: true });
      await set('conversation.message', 'Moderators are here from 8 to 22.');
      await set('conversation.composer_note', 'Be kind.\n Read on.');
      expect(await textsOf(EVENING)).toEqual({
        message: 'Moderators are here from 8 to 22.',
        note: 'Be kind. Read on.',
        hasRules: true,
      });
      expect(await textsOf(SITE)).toBeNull();
      const rules = async (origin: string) => (await app.anonymous(origin).get('/site/rules')).body.text;
      expect(await rules(EVENING)).toBe('Be kind.\n\nSee https://evening.example/rules');
      expect(await rules(SITE)).toBe('');
    });

    it('refuses an origin that another site has', async () => {
      await admin!.post('/sites', { key: 'morning' });
      const refused = await admin!.put('/settings/site.origins', { site: 'morning', value: [EVENING] });
      expectProblem(refused, 422, 'setting.invalid');
      expect(String(refused.body.detail)).toContain('belongs to the site evening');
      expectProblem(
        await admin!.put('/settings/site.origins', { site: 'morning', value: ['https://news.example/path'] }),
        422,
        'setting.invalid',
      );
    });
  });

  describe('as a file', () => {
    const settings = () => app.get(Settings);

    it('are the same after an export and an import, also of a new site', async () => {
      await admin!.put('/settings/site.logo', { site: 'evening', value: null });
      const file = exportSettings(settings());
      expect(file).toContain('conversation.edit_window_minutes: 77');
      expect(compareSettings(settings(), file, true)).toEqual({ newSites: [], differences: [] });
      const changed = `${file.replace('minutes: 77', 'minutes: 12')}  noon:\n    site.name: The Noon Post\n`;
      const found = compareSettings(settings(), changed);
      expect(describeDifferences(found)).toBe(
        [
          '+ site noon',
          '- conversation.edit_window_minutes: 77',
          '+ conversation.edit_window_minutes: 12',
          '- noon site.name: (not set)',
          '+ noon site.name: "The Noon Post"',
        ].join('\n'),
      );
      await importSettings(settings(), found, 'From git.');
      expect(settings().get(editWindow)).toBe(12);
      expect(compareSettings(settings(), changed, true)).toEqual({ newSites: [], differences: [] });
      expect((await historyOf(editWindow.key))[0]).toMatchObject({ by: null, reason: 'From git.', value: 12 });
    });

    it('names every setting, also the limits, in the list for the operator', () => {
      const keys = listSettings()
        .split('\n')
        .map((it) => it.split(' ')[0]);
      expect(keys).toEqual(definedSettings().map((it) => it.key));
      expect(keys).toEqual(expect.arrayContaining(['site.name', 'limits.posts_per_minute']));
    });

    it('takes back what the file does not name only when asked to', async () => {
      expect(compareSettings(settings(), 'settings: {}')).toEqual({ newSites: [], differences: [] });
      const { differences } = compareSettings(settings(), 'settings: {}', true);
      expect(differences).toContainEqual({ key: editWindow.key, site: null, before: 12, after: undefined });
    });

    it.each([
      ['settings: [', 'The file is no YAML'],
      ['settings:\n  no.such: 1', 'There is no setting no.such'],
      ['other: 1', 'and not other'],
      ['- 1', 'The file may have the parts'],
      ['settings: 7', 'is no list of settings'],
      ['sites:\n  The Post: {}', 'The key The Post of a site must have small letters'],
    ])('is refused when it is %j', (text, message) => {
      expect(() => compareSettings(settings(), text)).toThrow(message);
    });

    it('changes nothing when one value does not fit', async () => {
      const text = `settings:\n  conversation.edit_window_minutes: 9\n  site.color: red\nsites:\n  midnight:\n`;
      await expect(importSettings(settings(), compareSettings(settings(), text), '')).rejects.toMatchObject({
        code: 'setting.invalid',
      });
      expect(settings().get(editWindow)).toBe(12);
      expect(settings().sites).not.toContain('midnight');
    });
  });

  it('takes a list of 10,000 words, and keeps it as one object while other settings change', async () => {
    const words = (of: string): string[] => Array.from({ length: 10_000 }, (_it, n) => `${of.repeat(94)} ${n}`);
    const { status } = await editor!.put('/settings/screening.banned_words', { value: words('a') });
    expect(status).toBe(200);
    const before = app.get(Settings).get(bannedPhrases);
    expect(before).toEqual(words('a'));
    await app.get(Settings).change({ actorId: null, key: editWindow.key, site: null, value: 16, reason: '' });
    expect(app.get(Settings).get(bannedPhrases)).toBe(before);
    // The newest are shown up to two million characters, because all versions together are too much for one answer.
    for (const value of [words('b'), words('c')])
      await app.get(Settings).change({ actorId: null, key: bannedPhrases.key, site: null, value, reason: '' });
    const history = await historyOf(bannedPhrases.key);
    expect(history.map(({ value }) => (value as string[])[7]![0])).toEqual(['c', 'b']);
    for (const key of [editWindow.key, bannedPhrases.key])
      await app.get(Settings).change({ actorId: null, key, site: null, value: undefined, reason: '' });
  });

  it('have the only place of a newsroom’s reasons and topics, and none of the demo’s sentences', () => {
    const reasons = moderationReasons.initial as Reason[];
    const topics = alertTopics.initial as { id: string; name: string; description: string }[];
    const ids = [...reasons.filter((it) => it.id !== OTHER), ...topics].map(({ id }) => `'${id}'`);
    // A comment may name an example, so a word counts where a literal begins with it.
    const labels = [...reasons.map((it) => it.label), ...topics.flatMap((it) => [it.name, it.description])];
    const words = labels.flatMap((it) => [`'${it}`, `"${it}`, `>${it}`]);
    const demo = JSON.parse(readFileSync('tools/demo-seed.json', 'utf8')) as { settings: object };
    const sentences = [...JSON.stringify(demo.settings).matchAll(/[A-Z][^.?!"\\]{20,}[.?!]/g)].map(([it]) => it);
    expect(sentences.length).toBeGreaterThan(10);
    for (const root of ['src', 'web/embed', 'web/pages', 'web/desk', 'web/shared'])
      for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
        if (!name.endsWith('.ts') || name.endsWith('.settings.ts')) continue;
        const text = readFileSync(join(root, name), 'utf8');
        const found = [...ids, ...words, ...sentences].filter((it) => text.includes(it));
        expect([name, found]).toEqual([name, []]);
      }
  });
});
