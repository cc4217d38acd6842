import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Setting } from '../../web/desk/settings/contract.js';
import type { Account } from '../../web/shared/contract.js';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const window = Object.assign(new EventTarget(), {
  matchMedia: () => Object.assign(new EventTarget(), { matches: true }),
});
const location = { hash: '', href: 'https://post.example/desk' };
const go = (_: unknown, __: string, hash: string) => void (location.hash = hash);
const storage = { getItem: () => null, setItem: () => undefined, removeItem: () => undefined };
Object.assign(globalThis, {
  window,
  location,
  history: { replaceState: go, pushState: go },
  sessionStorage: storage,
  localStorage: storage,
});
Object.assign(page.document, { createTreeWalker: () => ({}), createComment: () => ({}) });
Object.assign(globalThis, { HTMLElement: class {}, customElements: { define: () => undefined, get: () => undefined } });
const { Desk } = await import('../../web/desk/shell/desk.js');
const { deskPages } = await import('../../web/desk/desk-pages.js');
const { SettingsPage } = await import('../../web/desk/settings/settings-page.js');
const { emptyValue, sentValue, setAt, TypedJson } = await import('../../web/desk/settings/form-value.js');
const { shapeOf } = await import('../../web/desk/settings/json-schema.js');
const { difference, valueWords } = await import('../../web/desk/settings/value-words.js');

const person = (role: Account['role'], id = 'a'): Account => ({
  id,
  displayName: 'Edda',
  role,
  emailVerified: true,
  supporter: false,
});
const editTime: Setting = {
  key: 'conversation.edit_window_minutes',
  group: 'conversation',
  label: 'Time to edit',
  help: 'Readers may change a comment for so many minutes.',
  schema: { type: 'integer', minimum: 0, maximum: 60 },
  role: 'editor',
  perSite: true,
  initial: 15,
  value: 15,
  from: 'initial',
  version: null,
};
const siteName: Setting = {
  ...editTime,
  key: 'site.name',
  group: 'site',
  label: 'Name',
  help: 'The name of the newspaper.',
  schema: { type: 'string', maxLength: 60 },
  role: 'admin',
  initial: 'The Post',
  value: 'The Post',
};
const answer = (...items: Setting[]) => ({
  groups: [
    { key: 'site', label: 'The site' },
    { key: 'conversation', label: 'Conversation' },
  ],
  sites: [{ key: 'evening', name: 'The Evening Post' }],
  items,
});
const EDIT = `#settings/${editTime.key}`;

describe('the settings page', () => {
  let desk: InstanceType<typeof Desk>;
  let shown: InstanceType<typeof SettingsPage>;

  beforeEach(() => {
    location.hash = '#settings';
    page.asked.splice(0);
    desk = new Desk(deskPages, () => undefined);
    shown = desk.pages.find((it) => it instanceof SettingsPage)!;
    desk.start();
  });
  afterEach(() => desk.stop());

  const settled = () => new Promise((done) => setTimeout(done, 0));
  const answerList = async (...items: Setting[]): Promise<void> => {
    (await page.request(/^\/settings(\?|$)/)).answer(200, answer(...items));
    await settled();
  };
  const open = async (role: Account['role'] = 'editor'): Promise<void> => {
    desk.session.set(person(role));
    // It is read when it is entered, and by the session's begin.
    for (let n = 0; n < 2; n += 1) await answerList(siteName, editTime);
    desk.visit(EDIT);
    (await page.request(/history/)).answer(200, { items: [] });
    await settled();
  };
  const type = (value: unknown): void => shown.desk.drafts.set(editTime, null, [], value);
  const closes = (): boolean => {
    const event = new Event('beforeunload', { cancelable: true });
    window.dispatchEvent(event);
    return !event.defaultPrevented;
  };
  const notices = () => desk.notices.visible.map((it) => it.text);

  it('saves what was typed with the reason and the version that was seen, and undoes it by one press', async () => {
    await open();
    type('30');
    shown.desk.drafts.patch(editTime, null, { reason: 'Readers asked.' });
    void shown.desk.save();
    const put = await page.request(`/settings/${editTime.key}`);
    expect([put.method, put.body]).toEqual(['PUT', { site: null, value: 30, reason: 'Readers asked.', basedOn: null }]);
    put.answer(200, { ...editTime, value: 30, from: 'installation', version: '7' });
    await settled();
    expect([shown.desk.open?.value, notices(), closes()]).toEqual([
      30,
      ['“Time to edit” is changed, and in force within seconds.'],
      true,
    ]);
    page.asked.splice(0);
    expect(shown.press('z', false)).toBe(true);
    const undo = await page.request(`/settings/${editTime.key}`);
    expect(undo.body).toMatchObject({ site: null, reset: true, basedOn: '7' });
    undo.answer(200, { ...editTime, version: '8' });
    await settled();
    expect(notices()).toEqual(['The change of “Time to edit” is undone.']);
    expect(shown.press('z', false)).toBe(false);
  });

  it('keeps what was typed while other settings are open, and asks before the tab is closed', async () => {
    await open();
    expect(closes()).toBe(true);
    type('45');
    desk.visit('#settings/site.name');
    desk.visit('#reported');
    expect(closes()).toBe(false);
    desk.visit(EDIT);
    expect(shown.desk.drafts.of(editTime, null).value).toBe('45');
    desk.session.set(null);
    expect(desk.unsaved).toContainEqual(expect.stringContaining('“Time to edit” is not saved'));
    desk.session.set(person('editor', 'b'));
    expect(closes()).toBe(true);
  });

  it('shows the value of a colleague who was faster, and saves over it only when asked to', async () => {
    await open();
    type(20);
    void shown.desk.save();
    const put = await page.request(`/settings/${editTime.key}`);
    put.answer(409, { code: 'setting.changed', detail: 'Somebody was faster.', value: 25, version: '9' });
    await settled();
    expect(shown.desk.open).toMatchObject({ value: 25, version: '9', from: 'installation' });
    expect(shown.desk.drafts.isOutdated(shown.desk.open!, null)).toBe(true);
    expect(shown.desk.drafts.of(shown.desk.open!, null).value).toBe(20);
    page.asked.splice(0);
    void shown.desk.saveMine();
    expect((await page.request(`/settings/${editTime.key}`)).body).toMatchObject({ value: 20, basedOn: '9' });
  });

  it('keeps the form with the message when the server refuses the value', async () => {
    await open();
    type(999);
    void shown.desk.save();
    const detail = 'The setting “Time to edit” was not changed. It must be at most 60.';
    const put = await page.request(`/settings/${editTime.key}`);
    put.answer(422, { code: 'setting.invalid', detail, errors: [{ path: '', message: 'must be at most 60' }] });
    await settled();
    const draft = shown.desk.drafts.of(editTime, null);
    expect([draft.value, draft.problem?.message]).toEqual([999, detail]);
    page.asked.splice(0);
    type('many');
    await shown.desk.save();
    expect(shown.desk.drafts.of(editTime, null).faults).toEqual({ '': 'number' });
    expect(page.asked.filter((it) => it.method === 'PUT')).toEqual([]);
  });

  it('lets nobody change what asks for a higher role, also after the role was taken away', async () => {
    await open();
    expect([siteName, editTime].map((it) => shown.desk.mayChange(it))).toEqual([false, true]);
    desk.session.set(person('moderator'));
    expect(shown.desk.mayChange(editTime)).toBe(false);
  });

  it('shows another site with its own address, and searches by words in any order', async () => {
    await open('admin');
    shown.desk.choose('evening');
    expect(location.hash).toBe('#settings/conversation.edit_window_minutes%40evening');
    expect((await page.request(/site=evening$/)).path).toBe('/settings?site=evening');
    shown.desk.choose(null);
    await answerList(siteName, editTime);
    shown.desk.search('minutes CHANGE');
    expect(shown.desk.found).toEqual([editTime]);
  });

  it('reads the settings again after a live event while it is in view', async () => {
    await open();
    page.asked.splice(0);
    void shown.events.settings();
    await answerList(siteName, { ...editTime, value: 40, version: '3', from: 'installation' });
    expect(shown.desk.open?.value).toBe(40);
    desk.visit('#reported');
    page.asked.splice(0);
    await shown.events.settings();
    expect(page.asked.filter((it) => it.path.startsWith('/settings'))).toEqual([]);
  });
});

describe('the form of a setting', () => {
  const amounts = {
    type: 'object',
    properties: {
      currency: { enum: ['usd', 'gbp'] },
      note: { anyOf: [{ type: 'string' }, { type: 'null' }] },
      hint: { type: 'string' },
      words: { type: 'array', items: { type: 'string' } },
      steps: {
        type: 'array',
        items: { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] },
      },
      names: { type: 'object', propertyNames: { type: 'string' }, additionalProperties: { type: 'string' } },
    },
    required: ['currency', 'note', 'words', 'steps', 'names'],
  };

  it.each([
    [{ type: 'integer' }, 'number', false],
    [{ type: ['string', 'null'] }, 'line', true],
    [{ type: 'string', maxLength: 2000 }, 'text', false],
    [{ type: 'string', maxLength: 2000, format: 'uri' }, 'line', false],
    [{ anyOf: [{ const: 'a' }, { const: 'b' }] }, 'choice', false],
    [{ anyOf: [{ type: 'boolean' }, { type: 'null' }] }, 'boolean', true],
    [{ type: 'array', items: { type: 'string' } }, 'lines', false],
    [{ type: 'array', items: amounts }, 'list', false],
    [{ oneOf: [amounts, { type: 'string' }] }, 'variants', false],
    [{ type: 'object', additionalProperties: { type: 'number' } }, 'record', false],
    [{}, 'json', false],
  ])('has for %j the field %s', (schema, kind, nullable) => {
    expect(shapeOf(schema, schema)).toMatchObject({ kind, nullable });
  });

  it('sends numbers as numbers, no empty lines, none for an emptied text, and nothing for a part left out', () => {
    let value = emptyValue(amounts, amounts);
    expect(value).toEqual({ currency: 'usd', note: null, words: [], steps: [], names: {} });
    value = setAt(value, ['words'], ['one', '', 'two', '']);
    value = setAt(value, ['steps'], [{ amount: '5.50' }, { amount: 'x' }, { amount: 3 }]);
    value = setAt(setAt(value, ['note'], ''), ['hint'], '');
    value = setAt(value, ['names', 'en'], 'Once');
    expect(sentValue(amounts, value)).toEqual({
      value: {
        currency: 'usd',
        note: null,
        words: ['one', 'two'],
        steps: [{ amount: 5.5 }, { amount: 'x' }, { amount: 3 }],
        names: { en: 'Once' },
      },
      faults: { 'steps.1.amount': 'number' },
    });
    expect(sentValue({}, new TypedJson('{"a":[1]}'))).toEqual({ value: { a: [1] }, faults: {} });
    expect(sentValue({}, new TypedJson('{'))).toMatchObject({ faults: { '': 'json' } });
  });

  it('says a difference by the lines that are gone and new', () => {
    expect(difference({ a: 1, words: ['x', 'y'] }, { words: ['y', 'z', 'z'], a: 1 })).toEqual({
      removed: ['Words › x'],
      added: ['Words › z', 'Words › z'],
    });
    expect(difference(['x', 'y'], ['y', 'x'])).toEqual({ removed: [], added: [] });
    expect([true, null, 1500, ['a', 'b', 'c'], 'Long '.repeat(20)].map(valueWords)).toEqual([
      'On',
      'None',
      '1,500',
      '3 entries',
      `${'Long '.repeat(11)}Long…`,
    ]);
  });
});
