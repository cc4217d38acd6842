import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import { Settings } from '../../src/settings/settings.service.js';
import { LiveGateway } from '../../src/realtime/live.gateway.js';
import type { LiveServer } from '../../src/realtime/live.types.js';
import { hasChromium, launchChromium, openBrowserFixture, type BrowserFixture, SHOTS } from '../support/browser.js';
import { it, itInSystem } from '../support/tier.js';
import { until } from '../support/until.js';

// Takes a picture of each step: STORY_SHOTS=folder npm test -- test/browser/story.spec.ts

const STORY = '/stories/ferries-return';

const described = hasChromium ? describe : describe.skip;

described('the story of two readers and a moderator', () => {
  let fixture: BrowserFixture;
  let browser: Browser;

  beforeAll(async () => {
    [fixture, browser] = await Promise.all([openBrowserFixture(), launchChromium()]);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
  });

  const walk = async (refused: boolean): Promise<void> => {
    const people = ['Ada', 'Bea', 'Mod'].map((it) => `${it} ${refused ? 'Polling' : 'Socket'}`);
    const [ada, bea, mod] = people as [string, string, string];
    const profile = async (): Promise<BrowserContext> => {
      const context = await browser.newContext({ viewport: { width: 1180, height: 1000 } });
      if (refused) await context.routeWebSocket(/\/live/, (socket) => void socket.close());
      return context;
    };
    const shoot = async (page: Page, step: string): Promise<void> => {
      if (!SHOTS) return;
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: join(SHOTS, `${refused ? 'polling' : 'socket'}-${step}.png`) });
    };
    const errors: string[] = [];
    const open = async (context: BrowserContext, url: string): Promise<Page> => {
      const page = await context.newPage();
      page.on('pageerror', (error) => errors.push(`${url}: ${error.message}`));
      await page.goto(url);
      await page.evaluate(() => Object.assign(globalThis, { loadedOnce: true }));
      return page;
    };
    const neverReloaded = (page: Page): Promise<boolean> => page.evaluate(() => 'loadedOnce' in globalThis);
    const story = `${fixture.demo}${STORY}`;

    // A registers in one of two tabs, with the code from the mailbox; both are signed in.
    const adas = await profile();
    const [ada1, ada2] = [await open(adas, story), await open(adas, story)];
    await press(ada1.getByRole('button', { name: 'Sign in', exact: true }));
    await press(ada1.getByRole('button', { name: /New here/ }));
    await ada1.getByLabel('E-mail address').fill(`${slug(ada)}@example.test`);
    await ada1.getByLabel('Name shown').fill(ada);
    await shoot(ada1, '01-register');
    await press(ada1.getByRole('button', { name: 'Create account' }));
    const mail = await mailTo(fixture, `${slug(ada)}@example.test`);
    await shoot(ada1, '02-check-your-mail');
    await ada1.getByLabel('Code from the mail').fill(mail.code!);
    await press(ada1.getByRole('button', { name: 'Sign in', exact: true }).last());
    for (const page of [ada1, ada2]) await seen(page.getByRole('button', { name: `Your account, ${ada}` }));
    await shoot(ada2, '03-the-other-tab');
    const account = await fixture.app.sql<{ id: string }>('select id from accounts where display_name = $1', [ada]);
    if (!refused) await until('both sockets signed in', () => socketsOf(fixture, account[0]!.id) === 2);

    // B registers by the link's page; its button, not its opening, signs in.
    const beas = await profile();
    const [bea1, feed] = [await open(beas, story), await open(beas, `${fixture.demo}/following`)];
    await press(bea1.getByRole('button', { name: 'Sign in', exact: true }));
    await press(bea1.getByRole('button', { name: /New here/ }));
    await bea1.getByLabel('E-mail address').fill(`${slug(bea)}@example.test`);
    await bea1.getByLabel('Name shown').fill(bea);
    await press(bea1.getByRole('button', { name: 'Create account' }));
    const [link] = (await mailTo(fixture, `${slug(bea)}@example.test`)).links;
    const linkPage = await open(beas, link!);
    await shoot(linkPage, '04-the-link');
    await press(linkPage.getByRole('main').getByRole('button').first());
    for (const page of [bea1, feed]) await seen(page.getByRole('button', { name: `Your account, ${bea}` }));
    // That page carries the newspaper's name and leads back to the story.
    await seen(linkPage.getByText('The Harbour Post', { exact: true }));
    expect(await linkPage.getByRole('link', { name: /^Back to / }).getAttribute('href')).toBe(story);
    await linkPage.close();
    // The link is used up, and its page says that B is signed in anyhow.
    const usedLink = await open(beas, link!);
    await seen(usedLink.getByText(`${bea}, you are signed in`));
    await usedLink.close();

    // The newsroom says something at its conversations, and B reads the rules below the field.
    const words = { message: 'Moderators are here by day.', composer_note: 'Be kind.', rules: 'Say who told you.' };
    for (const [name, value] of Object.entries(words))
      await fixture.app
        .get(Settings)
        .change({ actorId: null, key: `conversation.${name}`, site: null, value, reason: '' });
    const told = await open(beas, story);
    for (const it of [words.message, words.composer_note]) await seen(told.getByText(it));
    await press(told.getByRole('link', { name: 'Community rules' }));
    await seen(told.getByRole('dialog').getByText(words.rules));
    await press(told.getByRole('button', { name: 'Close' }));
    await gone(told.getByRole('dialog'));
    await shoot(told, '04-the-rules');
    await told.close();

    // A comments; B follows A and answers; A's reply arrives live in B's thread and in B's feed.
    const [said, answer, reply] = ['The ferry was full.', 'Was it on time?', 'To the minute.'].map(
      (it) => `${it} ${ada}`,
    );
    await write(ada1.locator('rostra-comments'), 'Your comment', said!, 'Post');
    await seen(ada2.getByText(said!)); // the author's own comment appears in every tab without a press
    // An edit that changed nothing is left by Escape.
    await press(ada1.getByRole('article', { name: `Comment by ${ada}` }).getByRole('button', { name: 'Edit' }));
    await ada1.getByRole('textbox', { name: 'Edit your comment' }).press('Escape');
    await gone(ada1.getByRole('textbox', { name: 'Edit your comment' }));
    await seen(bea1.getByRole('button', { name: '1 new comment' }));
    await shoot(bea1, '05-one-new-comment');
    await press(bea1.getByRole('button', { name: '1 new comment' }));
    const adasComment = bea1.getByRole('article', { name: `Comment by ${ada}` });
    await press(adasComment.getByRole('button', { name: ada, exact: true }));
    await press(adasComment.getByRole('button', { name: `Follow ${ada}` }));
    await seen(adasComment.getByRole('button', { name: `Following ${ada}` }));
    await shoot(bea1, '05-the-card');
    await bea1.keyboard.press('Escape');
    await gone(adasComment.getByRole('button', { name: `Following ${ada}` }));
    await seen(feed.getByText(said!));
    await press(adasComment.getByRole('button', { name: 'Reply' }).first());
    await write(bea1.locator('rostra-comments'), `Your reply to ${ada}`, answer!, 'Reply');
    await press(ada1.getByRole('button', { name: /1 new reply/ }));
    await press(
      ada1
        .getByRole('article', { name: `Reply by ${bea}` })
        .getByRole('button', { name: 'Reply' })
        .first(),
    );
    await write(ada1.locator('rostra-comments'), `Your reply to ${bea}`, reply!, 'Reply');
    // new comments wait behind a button, so that the page does not jump
    await press(feed.getByRole('button', { name: '1 new comment' }));
    await seen(feed.getByText(reply!));
    await shoot(feed, '06-the-feed');
    await press(bea1.getByRole('button', { name: /1 new reply/ }));
    await seen(bea1.getByText(reply!));
    await shoot(bea1, '07-the-reply-live');

    // B reports it; the moderator removes it at the desk.
    const adasReply = bea1.getByRole('article', { name: `Reply by ${ada}` });
    await press(adasReply.getByRole('button', { name: /^More actions for this comment/ }));
    await press(bea1.getByRole('button', { name: 'Report' }));
    await bea1.getByLabel('Personal attack or abuse').check();
    await press(bea1.getByRole('button', { name: 'Send report' }));
    await seen(adasReply.getByText('Thank you. A moderator will look at it.'));
    expect(await adasReply.getByRole('alert').count()).toBe(0); // thanks are not announced as an error
    await fixture.app.get(AccountsService).ensure(`${slug(mod)}@example.test`, mod, 'moderator');
    const mods = await profile();
    const desk = await open(mods, await fixture.app.get(SignInService).createLink(`${slug(mod)}@example.test`));
    await press(desk.getByRole('main').getByRole('button').first());
    await press(desk.getByRole('link', { name: /desk/i }).first());
    await seen(desk.getByText(reply!).first());
    await shoot(desk, '08-the-desk');
    await desk.keyboard.press('r');
    await desk.keyboard.press('1');
    // Gone from every window, the feed, the events and a fresh load; the thread keeps its shape.
    for (const page of [ada1, ada2, bea1, feed]) await gone(page.getByText(reply!));
    await seen(bea1.getByText(/Removed by a moderator: Personal attack/).first());
    await shoot(bea1, '09-removed');
    await shoot(desk, '10-the-desk-after');
    const [{ key }] = (await fixture.app.sql<{ key: string }>('select key from articles')) as [{ key: string }];
    const events = await fixture.app.anonymous(fixture.demo).get(`/articles/${key}/events?after=0`);
    expect(events.text).not.toContain(reply);
    expect(events.text).toContain(answer);
    const fresh = await open(await profile(), story);
    await seen(fresh.getByText(answer!));
    expect(await fresh.getByText(reply!).count()).toBe(0);
    await shoot(fresh, '11-a-fresh-load');

    // The newsroom reads comments before they are public: A's next one waits, and the moderator approves it by one key.
    const setPreModeration = (value: string) =>
      fixture.app
        .get(Settings)
        .change({ actorId: null, key: 'screening.pre_moderation', site: null, value, reason: '' });
    await setPreModeration('everyone');
    const late = `The last boat was late. ${ada}`;
    await write(ada1.locator('rostra-comments'), 'Your comment', late, 'Post');
    await seen(ada1.getByRole('region', { name: 'Your comment that waits' }).getByText(late));
    await shoot(ada1, '12-waiting');
    await press(desk.getByRole('link', { name: /^Waiting/ }));
    await seen(desk.getByRole('article').getByText(late));
    await shoot(desk, '13-the-desk-waiting');
    expect(await bea1.getByText(late).count()).toBe(0);
    await desk.keyboard.press('a');
    await press(desk.getByRole('link', { name: /^Reported/ })); // the decision is sent when its page is left
    await press(bea1.getByRole('button', { name: '1 new comment' }));
    await seen(bea1.getByText(late));
    await gone(ada1.getByRole('region', { name: 'Your comment that waits' }));
    await setPreModeration('off');

    for (const page of [ada1, ada2, bea1, feed]) expect(await neverReloaded(page)).toBe(true);
    // A signs out in one tab: both are signed out.
    await press(ada1.getByRole('button', { name: `Your account, ${ada}` }));
    await press(ada1.getByRole('button', { name: 'Sign out' }));
    for (const page of [ada1, ada2]) await seen(page.getByRole('button', { name: 'Sign in', exact: true }).first());
    expect(await neverReloaded(ada2)).toBe(true);
    expect(errors).toEqual([]);
    await Promise.all(browser.contexts().map((it) => it.close()));
  };
  it('works over WebSocket', () => walk(false));
  itInSystem('works by polling when WebSocket is refused', () => walk(true));

  it('keeps the draft and says what to do when the code of the pressed button does not load', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await context.route(/chunks\/(sign-in-dialog|interaction)/, (route) => route.abort());
    await page.goto(`${fixture.demo}${STORY}`);
    const field = page.locator('rostra-comments').getByRole('textbox', { name: 'Your comment' });
    await field.fill('A thought that must stay.');
    const button = page.getByRole('button', { name: 'Sign in to post' });
    await press(button);
    await seen(page.getByRole('dialog').getByText('Loading…'));
    await seen(page.getByText('A part of this page did not load.'));
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await field.inputValue()).toBe('A thought that must stay.');
    // Browsers remember a failed address for the life of the page.
    await context.unroute(/chunks\/(sign-in-dialog|interaction)/);
    await press(button);
    await seen(page.getByLabel('E-mail address'));
    expect(await field.inputValue()).toBe('A thought that must stay.');
    await context.close();
  });

  describe('sweep: a story on a slow line', () => {
    it('holds still when it is opened at its conversation', async () => {
      const [{ key }] = (await fixture.app.sql<{ key: string }>('select key from articles')) as [{ key: string }];
      const writer = await fixture.app.reader('Cleo Writer', 'reader', fixture.demo);
      await writer.comment(key, 'The last word for now.');
      const context = await browser.newContext({ viewport: { width: 390, height: 844 } });
      await context.addInitScript(() => {
        Object.assign(globalThis, { shifts: 0 });
        const add = (value: number) => ((globalThis as unknown as { shifts: number }).shifts += value);
        new PerformanceObserver((list) => {
          for (const it of list.getEntries()) add((it as unknown as { value: number }).value);
        }).observe({ type: 'layout-shift', buffered: true });
      });
      await context.route(/embed\.js|\/api\//, async (route) => {
        await new Promise((done) => setTimeout(done, 250));
        await route.continue();
      });
      const page = await context.newPage();
      await page.goto(`${fixture.demo}${STORY}#talk`);
      await seen(page.getByText('The last word for now.'));
      const shifts = await page.evaluate(() => (globalThis as unknown as { shifts: number }).shifts);
      expect(shifts < 0.05 || shifts).toBe(true);
      await context.close();
    });
  });
});

const slug = (name: string): string => name.toLowerCase().replaceAll(' ', '.');
/** A tab that is not in front is throttled: a click there can take seconds. */
const press = async (locator: Locator): Promise<void> => {
  await locator.page().bringToFront();
  await locator.click();
};
const seen = (locator: Locator): Promise<void> => locator.waitFor({ state: 'visible', timeout: 30_000 });
const gone = async (locator: Locator): Promise<void> => {
  await until('the text to leave the page', async () => (await locator.count()) === 0);
};

async function write(where: Locator, label: string, text: string, button: string): Promise<void> {
  const field = where.getByRole('textbox', { name: label, exact: true });
  await press(field);
  await field.fill(text);
  await press(field.locator('xpath=ancestor::form').getByRole('button', { name: button, exact: true }));
  await seen(where.getByText(text).first());
}

async function mailTo(fixture: BrowserFixture, to: string): Promise<{ links: string[]; code?: string }> {
  return until(`a mail to ${to}`, async () => {
    const response = await fetch(`${fixture.mailbox.url}/api/messages?to=${encodeURIComponent(to)}`);
    return ((await response.json()) as { links: string[]; code?: string }[])[0];
  });
}

function socketsOf(fixture: BrowserFixture, accountId: string): number {
  const { server } = fixture.app.get(LiveGateway) as unknown as { server: LiveServer };
  return server.sockets.adapter.rooms.get(`account:${accountId}`)?.size ?? 0;
}
