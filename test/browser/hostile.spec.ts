/// <reference lib="dom" />
/// <reference lib="dom.iterable" />
import { mkdirSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright-core';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { keyOfUrl } from '../../src/articles/article-url.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { Role } from '../../src/accounts/sessions/viewer.js';
import type { StripeStandIn } from '../../stand-ins/stripe/stripe.js';
import type { Schemas } from '../../web/shared/contract.js';
import type { Actor } from '../support/actor.js';
import { hasChromium, launchChromium, openBrowserFixture, type BrowserFixture, SHOTS } from '../support/browser.js';
import { stripeFor } from '../support/stripe.js';
import { drawnSizes, storeWideTexts, WIDE } from '../support/drawn.js';
import { seedThread } from '../support/thread-seed.js';
import { it, itInSystem } from '../support/tier.js';
import { until } from '../support/until.js';
import { names, payloads } from './xss-corpus.js';

// Takes pictures: STORY_SHOTS=folder npm test -- test/browser/hostile.spec.ts

/** A page with every element, whose styles and names of images and forms could break them without any intent. */
const PAGE = `<!doctype html><html lang="ja" dir="rtl"><head><title>A page
  of its own</title><link rel="stylesheet" href="/STYLES.css"><script>globalThis.inline = true</script>
<script type="module" src="ROSTRA/embed.js"></script></head><body>
<img name="title"><img name="body"><form name="hidden"></form><img name="baseURI"><img name="documentElement">
<p><rostra-count url="/strange"></rostra-count></p><rostra-account></rostra-account>
<rostra-alerts service-worker="/alerts/rostra-sw.js"></rostra-alerts><rostra-donate country="US"></rostra-donate>
<rostra-comments></rostra-comments><rostra-following></rostra-following></body></html>`;
const QUIET = ':root { --rostra-accent: rgb(1, 2, 3) }';
const LOUD = `${QUIET}
* { color: #fff !important; background: #000; -webkit-text-fill-color: #fff; text-shadow: 2px 2px red;
  font: italic 900 40px/3 cursive !important; color-scheme: dark; accent-color: red }
html { text-transform: uppercase; letter-spacing: 9px; word-spacing: 30px; text-indent: 50px; white-space: nowrap;
  text-align: right; cursor: wait; user-select: none; hyphens: auto; word-break: break-all; line-break: anywhere;
  font-variant: small-caps; list-style: none; -webkit-text-stroke: 1px red; quotes: none; tab-size: 1; caret-color: red;
  text-wrap: balance; overflow-wrap: anywhere; border-collapse: collapse; text-align-last: center }`;

/** Selects the elements that are blocks, and the dialog. */
const BLOCKS = 'rostra-account, rostra-alerts, rostra-comments, rostra-donate, rostra-following, rostra-sign-in';

/** What a test puts into the page to hold the computing of articles' keys. */
interface Gate {
  keysHeld(): number;
  finishKeys(): void;
}

const described = hasChromium ? describe : describe.skip;

described('the elements on a hostile page', () => {
  let stripe: StripeStandIn;
  let fixture: BrowserFixture;
  let browser: Browser;
  let server: Server;
  let site: string;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { pathname, search } = new URL(request.url!, site);
      const styles = { '/loud.css': LOUD, '/quiet.css': QUIET }[pathname];
      const loud = search === '?loud';
      const socket = fixture.origin.replace('http', 'ws');
      const policy = `default-src 'none'; script-src ${fixture.origin}; connect-src ${fixture.origin} ${socket};
        style-src 'self'; worker-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html rostra-alerts`;
      response.writeHead(pathname === '/favicon.ico' ? 404 : 200, {
        'content-type': styles ? 'text/css' : 'text/html; charset=utf-8',
        ...(loud ? { 'content-security-policy': policy.replace(/\s+/g, ' ') } : {}),
      });
      const base = search === '?based' ? '<head><base href="/">' : '<head>';
      const page = PAGE.replace('<head>', base).replace('STYLES', loud ? 'loud' : 'quiet');
      response.end(styles ?? page.replace('ROSTRA', fixture.origin));
    });
    await new Promise<void>((done) => server.listen(0, 'localhost', done));
    site = `http://localhost:${(server.address() as AddressInfo).port}`;
    const { stripe: standIn, env } = await stripeFor();
    stripe = standIn;
    [fixture, browser] = await Promise.all([openBrowserFixture({ ...env, ALLOWED_ORIGINS: site }), launchChromium()]);
  }, 240_000);
  afterAll(async () => {
    await browser?.close();
    await fixture?.close();
    await stripe?.close();
    server?.close();
  });

  const person = async (name: string, role: Role = 'reader'): Promise<Actor> => {
    const actor = fixture.app.anonymous(site);
    const email = `${Math.random().toString(36).slice(2)}@example.test`;
    await fixture.app.get(AccountsService).ensure(email, name, role);
    await fixture.app.sql(`update accounts set created_at = created_at - interval '2 days' where email = $1`, [email]);
    await actor.signIn(await fixture.app.get(SignInService).createLink(email));
    return actor;
  };

  const emailOf = async ({ accountId }: Actor): Promise<string> =>
    (await fixture.app.sql<{ email: string }>('select email from accounts where public_id = $1', [accountId]))[0]!
      .email;

  /** Opens a browser of a reader, and records what must not happen in it. */
  const browserOf = async (
    actor?: Actor,
    options: BrowserContextOptions = {},
  ): Promise<{ page: Page; violations: string[] }> => {
    const context = await browser.newContext({
      viewport: { width: 900, height: 1100 },
      reducedMotion: 'reduce',
      ...options,
    });
    const violations: string[] = [];
    // The cookies are Secure, which browsers accept over http on localhost.
    const url = fixture.origin.replace('http:', 'https:');
    await context.addCookies([...(actor?.cookies ?? [])].map(([name, value]) => ({ name, value, url })));
    await context.route(
      ({ origin }) => origin !== site && origin !== fixture.origin,
      (route) => {
        violations.push(`asked for ${route.request().url()}`);
        return route.abort();
      },
    );
    await context.addInitScript(() => {
      addEventListener('securitypolicyviolation', (it) =>
        console.log(`policy: ${it.effectiveDirective} ${it.blockedURI}`),
      );
    });
    const page = await context.newPage();
    page.on('console', (it) => it.text().startsWith('policy: ') && violations.push(it.text()));
    page.on('pageerror', (error) => violations.push(error.message));
    page.on('dialog', (dialog) => {
      violations.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    return { page, violations };
  };
  const shoot = async (page: Page, name: string): Promise<void> => {
    if (!SHOTS) return;
    mkdirSync(SHOTS, { recursive: true });
    await page.screenshot({ path: join(SHOTS, `hostile-${name}.png`), fullPage: true });
  };

  it('keep their look under a strict policy, loud styles and clashing names', async () => {
    const url = `${site}/strange`;
    const [loud, quiet] = [await browserOf(), await browserOf()];
    await loud.page.goto(`${url}?loud`);
    await seen(loud.page.getByText('Nobody has commented yet'));
    // The title is read from the page.
    const [article] = await until('the article', async () => {
      const found = await fixture.app.sql<{ key: string; title: string }>(
        'select key, title from articles where url = $1',
        [url],
      );
      return found[0]?.title === 'A page of its own' ? found : undefined;
    });
    const ann = await person('Ann');
    await ann.comment(article!.key, `What a page! https://post.example/\n\n${'More of it. '.repeat(30)}`);

    const styles: ElementStyle[][] = [];
    for (const { page } of [loud, quiet]) {
      await page.goto(page === loud.page ? `${url}?loud` : url);
      await seen(page.getByText('What a page!'));
      await seen(page.locator('rostra-comments .is-live'));
      await seen(page.getByRole('button', { name: 'Give $50' }));
      await seen(page.locator('rostra-alerts section'));
      await seen(page.locator('rostra-following').getByRole('button'));
      await seen(page.locator('rostra-count', { hasText: '1 comment' }));
      await shoot(page, page === loud.page ? 'loud' : 'quiet');
      await page.locator('rostra-account').getByRole('button', { name: 'Sign in' }).click();
      await seen(page.getByLabel('E-mail address'));
      await shoot(page, page === loud.page ? 'loud-dialog' : 'quiet-dialog');
      styles.push(JSON.parse(await page.evaluate(elementStyles)) as ElementStyle[]);
    }
    const [strange, plain] = styles as [ElementStyle[], ElementStyle[]];
    expect(new Set(plain.map(({ at: [of] }) => of))).toEqual(new Set(BLOCKS.split(', ')));
    expect(strange.map(({ at }) => at)).toEqual(plain.map(({ at }) => at));
    const differences = strange.flatMap(({ at, style }, n) =>
      style.flatMap((it, m) => (it === plain[n]!.style[m] ? [] : `${at.join(' > ')} { ${it} }`)),
    );
    expect(differences).toEqual([]);
    // The page decides its language, direction and colours, and everything about a count in its own sentence.
    const of = (page: Page, it: string, name: string) =>
      page
        .locator(it)
        .first()
        .evaluate((element, property) => getComputedStyle(element).getPropertyValue(property), name);
    const text = 'rostra-comments .text p';
    for (const [it, name, value] of [
      ['rostra-comments .root', 'direction', 'rtl'],
      [text, '-webkit-locale', '"ja"'],
      ['rostra-comments .primary', 'background-color', 'rgb(1, 2, 3)'],
      ['rostra-count', 'text-transform', 'uppercase'],
      ['rostra-comments', 'color', 'rgb(255, 255, 255)'],
      ['rostra-comments .root', 'display', 'block'],
      [text, 'user-select', 'text'],
    ] as const)
      expect([it, name, await of(loud.page, it, name)]).toEqual([it, name, value]);
    // The policy refuses the page's own script at each visit, so it is in force.
    expect(loud.violations).toEqual(Array(2).fill('policy: script-src-elem inline'));
    expect(quiet.violations).toEqual([]);
  });

  it('production: ask for the session once, and cause no red line when the story is new', async () => {
    const { page } = await browserOf();
    const answers: string[] = [];
    page.on('response', (it) => {
      const { origin, pathname } = new URL(it.url());
      if (origin === fixture.origin) answers.push(`${it.status()} ${it.request().method()} ${pathname}`);
    });
    await page.goto(`${site}/new-story`);
    await seen(page.getByText('Nobody has commented yet'));
    await seen(page.locator('rostra-comments .is-live'));
    await until('the article', () => answers.find((it) => it === '201 POST /api/v1/articles'));
    expect(answers.filter((it) => it.endsWith('/session'))).toEqual(['200 GET /api/v1/session']);
    expect(answers.filter((it) => !/^[23]/.test(it))).toEqual([]);
  });

  itInSystem('tab: draw far comments as text that is found, and let nothing jump', async () => {
    const ann = await person('Ann');
    const [url, key] = [`${site}/long`, keyOfUrl(`${site}/long`)];
    await fixture.app.sql(`insert into articles (key, url, title, page_state) values ($1, $2, 'Long', 'found')`, [
      key,
      url,
    ]);
    const [author] = await fixture.app.sql<{ id: string }>('select id from accounts where public_id = $1', [
      ann.accountId,
    ]);
    await seedThread(fixture.app.database.url, {
      articleKey: key,
      authorIds: [author!.id],
      roots: 150,
      createdAt: `now() - n * interval '1 minute'`,
      body: `'Needle ' || n || '. ' || repeat('More of it. ', 1 + n % 40)`,
    });
    const { page } = await browserOf();
    await page.goto(url);
    const rows = page.locator('rostra-comments article');
    for (let drawn = 25; drawn <= 150; drawn += 25) {
      await until(`${drawn} rows`, async () => (await rows.count()) === drawn);
      if (drawn < 150) await page.getByRole('button', { name: 'More comments' }).click();
    }
    const far = page.locator('rostra-comments .own:has(.far)');
    await until('far rows', async () => (await far.count()) > 100);
    expect(await far.locator('button, a').count()).toBe(0);
    // A link to a far comment whose neighbours were never drawn in full, and the way up from there.
    await page.evaluate(() => scrollTo(0, 0));
    const target = await rows.nth(120).getAttribute('id');
    await page.evaluate((id) => (location.hash = id!), target);
    const top = (id: string | null) =>
      page.evaluate(
        (it) => document.querySelector('rostra-comments')!.shadowRoot!.getElementById(it!)!.getBoundingClientRect().top,
        id,
      );
    const settled = () =>
      page.evaluate(
        () =>
          new Promise<void>((done) =>
            requestAnimationFrame(() => requestAnimationFrame(() => requestAnimationFrame(() => done()))),
          ),
      );
    await until('the linked row', async () => (await top(target)) > 0 && (await top(target)) < 1_100);
    // The mark surrounds the whole comment, not the line with its name alone.
    const marked = await page.locator('rostra-comments .linked > .own').evaluate((it) => ({
      colour: getComputedStyle(it).backgroundColor,
      holdsText: it.querySelector('.text') !== null,
    }));
    expect([marked.colour === 'rgba(0, 0, 0, 0)', marked.holdsText]).toEqual([false, true]);
    const moves: number[] = [];
    for (let step = 0; step < 12; step += 1) {
      await settled();
      const id = await page.evaluate(() => {
        const all = [...document.querySelector('rostra-comments')!.shadowRoot!.querySelectorAll('article')];
        return all.find((it) => it.getBoundingClientRect().top > 100)!.id;
      });
      const before = await top(id);
      await page.evaluate(() => scrollBy(0, -600));
      await settled();
      moves.push(Math.round((await top(id)) - before));
    }
    expect(moves).toEqual(moves.map(() => 600));
    const devtools = await page.context().newCDPSession(page);
    const { nodes } = await devtools.send('Accessibility.getFullAXTree');
    expect(nodes.filter((it) => /^Needle \d+\. /.test(String(it.name?.value))).length).toBeGreaterThanOrEqual(150);
  });

  it('run no script that readers typed, and neither does the desk', async () => {
    const key = 'xss';
    const [reader, moderator] = [await person('Rita'), await person('Mo', 'moderator')];
    const authors: Actor[] = [];
    for (const name of names) {
      const author = await person('Somebody');
      const { status } = await author.patch('/me', { displayName: name });
      expect([name, status]).toEqual([name, /[<>]/.test(name) ? 400 : 200]);
      if (status === 200) authors.push(author);
    }
    expect(authors.length).toBeGreaterThan(3);
    await reader.patch('/me', { displayName: names[0] });
    /** Lets a text be posted that is like another. */
    const forgetTexts = () => fixture.app.sql('delete from recent_texts');
    /** Posts the text as a title, as a comment and as the note of a report. */
    const say = async (author: Actor, n: number, body: string): Promise<void> => {
      await forgetTexts();
      const title = body.slice(0, 300);
      const { body: met } = await author.post<Schemas['ArticleKey']>('/articles', {
        url: `${site}/${key}/${n}?${title}`,
        title,
      });
      const { id } = await author.comment(met.key, body);
      const { status } = await reader.post(`/comments/${id}/reports`, { reason: 'other', note: body });
      expect(status).toBe(201);
    };
    const { body: thread } = await reader.post<Schemas['ArticleKey']>('/articles', {
      url: `${site}/strange`,
      title: 'x',
    });
    for (const it of authors) await reader.put(`/readers/${it.accountId}/follow`);
    const harmless = 'See https://post.example/ and think.';
    const root = await authors[0]!.comment(thread.key, harmless);
    await forgetTexts();
    await authors[1]!.comment(thread.key, harmless, root.id);
    await say(authors[0]!, 0, harmless);

    // Without the content security policies only the way of drawing protects the pages.
    const [ritas, mods] = [
      await browserOf(reader, { bypassCSP: true }),
      await browserOf(moderator, { bypassCSP: true }),
    ];
    const look = async (): Promise<string[]> => {
      await ritas.page.goto(`${site}/strange`);
      await seen(ritas.page.locator('rostra-comments .text'));
      await seen(ritas.page.locator('rostra-following .text'));
      await seen(ritas.page.getByRole('button', { name: 'Give $50' }));
      // A click of Playwright would wait for the button, which goes with the last page.
      const more = ritas.page.getByRole('button', { name: 'More comments' });
      await until('every page of comments', async () => {
        await more.evaluateAll((buttons) => buttons.forEach((it) => (it as HTMLElement).click()));
        return (await more.count()) === 0;
      });
      await mods.page.goto(`${fixture.origin}/desk`);
      await seen(mods.page.getByRole('heading', { name: /reported/i }));
      await seen(mods.page.locator('li').first());
      return [...(await ritas.page.evaluate(partsOf)), ...(await mods.page.evaluate(partsOf))];
    };
    const before = new Set(await look());
    for (const [n, payload] of payloads.entries()) {
      await forgetTexts();
      await authors[n % authors.length]!.comment(thread.key, payload);
      if (n % 4 === 0) await say(authors[n % authors.length]!, n + 1, payload);
    }
    const after = await look();
    await shoot(ritas.page, 'scripts');
    await shoot(mods.page, 'scripts-desk');
    expect(after.filter((it) => !before.has(it))).toEqual([]);
    const shown = (await ritas.page.locator('rostra-comments .text').allTextContents()).map(squeeze);
    const { body: list } = await reader.get<Schemas['Thread']>(`/articles/${thread.key}/comments?limit=100`);
    expect(shown).toEqual(expect.arrayContaining(list.items.map((it) => squeeze(it.body!))));
    expect(list.items.length).toBeGreaterThan(payloads.length);
    expect([ritas.violations, mods.violations]).toEqual([[], []]);
  });

  itInSystem('talk: keep words, counts and gifts at their story while the page shows another one', async () => {
    const ann = await person('Ann');
    const { page, violations } = await browserOf(ann);
    const field = page.locator('rostra-comments rostra-composer textarea').first();
    const holds = (text: string) => until(`"${text}" in the field`, async () => (await field.inputValue()) === text);
    const move = (path: string) => page.evaluate((it) => history.pushState(null, '', it), path);
    await page.goto(`${site}/move/a`);
    await seen(page.getByText('Nobody has commented yet'));
    await field.fill('Words about A');

    // The address alone, the canonical link alone, and the way back.
    await move('/move/b');
    await holds('');
    await field.fill('Words about B');
    await page.evaluate(() => {
      document.head.insertAdjacentHTML('beforeend', '<link rel="canonical" href="/move/c">');
    });
    await holds('');
    await page.evaluate(() => document.querySelector('link[rel=canonical]')!.setAttribute('href', '/move/b'));
    await holds('Words about B');
    await page.evaluate(() => document.querySelector('link[rel=canonical]')!.remove());
    await page.goBack();
    await holds('Words about A');

    // Nothing announces this move before the press of Post.
    await page.evaluate(() => {
      history.pushState(null, '', '/move/d');
      const composer = document.querySelector('rostra-comments')!.shadowRoot!.querySelector('rostra-composer')!;
      composer.shadowRoot!.querySelector('form')!.requestSubmit();
    });
    await seen(page.getByText('Your text was not posted'));
    await holds('');
    await page.goBack();
    await holds('Words about A');
    await page.locator('rostra-comments').getByRole('button', { name: 'Post', exact: true }).click();
    await seen(page.locator('rostra-comments .text', { hasText: 'Words about A' }));
    const said = await fixture.app.sql<{ url: string; body: string }>(
      `select url, body from comments join articles a on a.id = article_id where a.url like '%/move/%'`,
    );
    expect(said).toEqual([{ url: `${site}/move/a`, body: 'Words about A' }]);

    // An edit stays with its comment as well.
    const own = page.locator('rostra-comments .c');
    await own.getByRole('button', { name: 'Edit' }).click();
    await own.locator('textarea').fill('Better words about A');
    await move('/move/e');
    await until('another conversation', async () => (await own.count()) === 0);
    await page.goBack();
    await seen(page.getByText('You have an edit in progress.'));
    await page.getByRole('button', { name: 'Go to it' }).click();
    await until('the edit', async () => (await own.locator('textarea').inputValue()) === 'Better words about A');
    await own.getByRole('button', { name: 'Cancel' }).click();
    await own.getByRole('button', { name: 'Edit' }).click();
    expect(await own.locator('textarea').inputValue()).toBe('Words about A');

    // A key that is changed on the elements, and a count whose earlier answer comes late.
    const comments = page.locator('rostra-comments');
    await comments.evaluate((it) => it.setAttribute('article', 'story-of-nobody'));
    await holds('');
    await field.fill('Words about nobody');
    await comments.evaluate((it) => it.setAttribute('article', 'story-of-somebody'));
    await holds('');
    await comments.evaluate((it) => it.removeAttribute('article'));
    const count = page.locator('rostra-count');
    await count.evaluate((it) => it.setAttribute('url', '/move/a'));
    await seen(page.locator('rostra-count[count="1"]'));
    await count.evaluate((it) => it.setAttribute('url', '/move/b'));
    await until('an empty count', async () => (await count.getAttribute('count')) !== '1');

    // The gift is for the story on the page.
    const { body: known } = await ann.post<Schemas['ArticleKey']>('/articles', { url: `${site}/move/g` });
    // A press while the keys of the conversation and of the gift are still computed waits for them.
    await page.evaluate(() => {
      const digest = crypto.subtle.digest.bind(crypto.subtle);
      const held: (() => void)[] = [];
      crypto.subtle.digest = async (...data) => {
        const computed = await digest(...data);
        await new Promise<void>((resolve) => held.push(resolve));
        return computed;
      };
      Object.assign(window, {
        keysHeld: () => held.length,
        finishKeys: () => {
          crypto.subtle.digest = digest;
          for (const finish of held) finish();
        },
      });
    });
    const request = page.waitForRequest((it) => it.method() === 'POST' && it.url().endsWith('/donations'));
    await move('/move/g');
    await page.waitForFunction(() => (window as unknown as Gate).keysHeld() >= 2);
    await page.getByRole('button', { name: 'Give $50' }).click();
    await page.evaluate(() => (window as unknown as Gate).finishKeys());
    expect((await request).postDataJSON()).toMatchObject({ article: known.key });
    expect(violations.filter((it) => !it.startsWith('asked for'))).toEqual([]);
  });

  itInSystem('talk: show a draft to its writer alone, and lead back to a reply in progress', async () => {
    const [ann, ben] = [await person('Ann'), await person('Ben')];
    const { body: story } = await ann.post<Schemas['ArticleKey']>('/articles', { url: `${site}/drafts` });
    const { id } = await ben.comment(story.key, 'A comment to answer');
    const { page } = await browserOf(ann, { hasTouch: true });
    const comments = page.locator('rostra-comments');
    const main = comments.locator('rostra-composer textarea').first();
    const reply = comments.getByLabel('Your reply to Ben');
    const resume = comments.getByText('You have a reply in progress to Ben.');
    const signInAs = (actor: Actor) =>
      page
        .context()
        .addCookies(
          [...actor.cookies].map(([name, value]) => ({ name, value, url: fixture.origin.replace('http:', 'https:') })),
        );
    await page.goto(`${site}/drafts`);
    await page.evaluate(() => {
      const pressed: string[] = [];
      Object.assign(globalThis, { pressed });
      for (const it of ['keydown', 'keyup', 'keypress'])
        document.addEventListener(it, (event) => pressed.push((event as KeyboardEvent).key));
    });
    await comments.getByRole('button', { name: 'Reply', exact: true }).click();
    await reply.pressSequentially('Half a rep');
    await reply.press('Escape');
    expect(await page.evaluate(() => (globalThis as unknown as { pressed: string[] }).pressed)).toEqual([
      'Escape',
      'Escape',
    ]);
    // The last key of an input method is no command, and the menu leaves the reply open.
    await reply.evaluate((it) =>
      it.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, isComposing: true, bubbles: true })),
    );
    await comments.getByRole('button', { name: 'More actions' }).click();
    await seen(comments.getByRole('button', { name: 'Copy link' }));
    expect(await reply.inputValue()).toBe('Half a rep');
    expect((await ann.get<{ replyCount: number }>(`/comments/${id}`)).body.replyCount).toBe(0);
    await main.fill('A thought of Ann');
    // iOS would zoom in at anything smaller.
    for (const it of await page.locator('rostra-comments select, rostra-donate select').all())
      expect(await it.evaluate((select) => getComputedStyle(select).fontSize)).toBe('16px');

    await page.reload();
    await seen(resume);
    await comments.getByRole('button', { name: 'Go to it' }).click();
    await until('the reply', async () => (await reply.inputValue()) === 'Half a rep');
    await page.locator('rostra-account button').first().click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await until('no text of Ann', async () => (await main.inputValue()) === '');
    expect(await resume.count()).toBe(0);
    await main.fill('Written before signing in');
    await signInAs(await person('Cat'));
    await page.reload();
    await until('the own text', async () => (await main.inputValue()) === 'Written before signing in');
    expect(await resume.count()).toBe(0);
    expect(await page.evaluate(() => Object.keys(localStorage).filter((it) => it.startsWith('rostra.draft.')))).toEqual(
      [],
    );
    const again = fixture.app.anonymous(site);
    await again.signIn(await fixture.app.get(SignInService).createLink(await emailOf(ann)));
    await signInAs(again);
    await page.reload();
    await until('the text of Ann', async () => (await main.inputValue()) === 'A thought of Ann');
    await ben.delete(`/comments/${id}`);
    await page.reload();
    await comments.getByRole('button', { name: 'Go to it' }).click();
    await seen(comments.getByText('Your text is in the field above'));
    expect(await main.inputValue()).toBe('A thought of Ann\n\nHalf a rep');
  });

  it('talk: lead to a comment of this page under a <base> that leads elsewhere', async () => {
    const ann = await person('Ann');
    const { body: story } = await ann.post<Schemas['ArticleKey']>('/articles', { url: `${site}/deep/story` });
    const { id } = await ann.comment(story.key, 'A comment to link to');
    const { page } = await browserOf();
    await page.goto(`${site}/deep/story?based`);
    await page.locator('rostra-comments a.when').first().click();
    expect(page.url()).toBe(`${site}/deep/story?based#rostra-comment-${id}`);
  });

  itInSystem('drawn: stay as wide as their window and fold what is high', async () => {
    const [author, reader, moderator] = [await person('Wide'), await person('Rita'), await person('Mo', 'moderator')];
    const url = `${site}/wide`;
    const { body: met } = await author.post<Schemas['ArticleKey']>('/articles', { url });
    const ids = await storeWideTexts(fixture.app, author, met.key);
    expect((await reader.put(`/readers/${author.accountId}/follow`)).status).toBe(204);
    for (const id of ids) await reader.post(`/comments/${id}/reports`, { reason: 'other', note: 'A note.' });
    const name = '\u1100'.repeat(100);
    await fixture.app.sql(
      'update accounts set display_name = $1 where id = (select author_id from comments where id = $2)',
      [name, ids[0]],
    );
    await fixture.app.sql('update articles set title = $1 where key = $2', [name, met.key]);
    await fixture.app.sql('update reports set note = $1', [WIDE[0]!.slice(0, 500)]);
    for (const width of [320, 900]) {
      const viewport = { width, height: 900 };
      const [ritas, mods] = [await browserOf(reader, { viewport }), await browserOf(moderator, { viewport })];
      await ritas.page.goto(url);
      await seen(ritas.page.locator('rostra-comments .text'));
      await seen(ritas.page.locator('rostra-following .text'));
      const more = ritas.page.getByRole('button', { name: /^More replies$/ });
      while (await more.count()) await more.first().click();
      await seen(ritas.page.getByRole('button', { name: 'Show the whole comment' }));
      await shoot(ritas.page, `wide-${width}`);
      const drawn = await ritas.page.evaluate(drawnSizes);
      expect([width, drawn.overflow]).toEqual([width, 0]);
      expect(drawn.heights.length).toBeGreaterThan(10);
      expect(Math.max(...drawn.heights)).toBeLessThan(800);
      await ritas.page.getByRole('button', { name: 'Show the whole comment' }).first().click();
      expect((await ritas.page.evaluate(drawnSizes)).overflow).toBe(0);
      for (const path of ['/desk', `/desk#reported/${ids[0]}`, `/desk#reported/${ids[9]}`]) {
        await mods.page.goto(`${fixture.origin}${path}`);
        await seen(mods.page.locator(path === '/desk' ? '.excerpt' : '.focus .user-text'));
        const { overflow, heights } = await mods.page.evaluate(drawnSizes);
        expect([path, overflow]).toEqual([path, 0]);
        expect(Math.max(...heights)).toBeLessThan(900);
        await shoot(mods.page, `wide-desk-${width}`);
      }
    }
  });
});

const squeeze = (text: string): string => text.replace(/\s+/g, '');

interface ElementStyle {
  /** The path from one of our elements to this one. */
  at: string[];
  /** Every computed property as `name: value`. */
  style: string[];
}

/**
 * Runs in the page. Reads the computed style of everything within our elements, without sizes and positions, as the JSON
 * of `ElementStyle[]`: Playwright takes ten seconds of CPU to carry the same as objects.
 */
function elementStyles(): string {
  const styles: ElementStyle[] = [];
  const sizes = /^(width|height|(inline|block)-size|(perspective|transform)-origin|top|left|right|bottom|inset-.*)$/;
  const walk = (within: ParentNode, above: string[]): void => {
    for (const it of within.children) {
      const at = [...above, `${it.localName} ${it.getAttribute('class') ?? ''}`.trim()];
      const computed = getComputedStyle(it);
      const said = [...computed].filter((name) => !sizes.test(name)).sort();
      if (!it.shadowRoot) styles.push({ at, style: said.map((name) => `${name}: ${computed.getPropertyValue(name)}`) });
      walk(it.shadowRoot ?? it, at);
    }
  };
  for (const it of document.querySelectorAll('*'))
    if (it.shadowRoot && it.localName !== 'rostra-count') walk(it.shadowRoot, [it.localName]);
  return JSON.stringify(styles);
}

/** Runs in the page. Lists every kind of element, attribute and link in it. */
function partsOf(): string[] {
  const parts = new Set<string>();
  const walk = (within: ParentNode): void => {
    for (const it of within.querySelectorAll('*')) {
      parts.add(it.localName);
      for (const { name } of it.attributes) parts.add(`${it.localName}[${name}]`);
      if (it instanceof HTMLAnchorElement) parts.add(`to ${it.protocol}`);
      if (it.shadowRoot) walk(it.shadowRoot);
    }
  };
  walk(document);
  return [...parts];
}

const seen = (locator: Locator): Promise<void> => locator.first().waitFor({ state: 'visible', timeout: 30_000 });
