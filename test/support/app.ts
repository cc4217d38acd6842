import { randomBytes } from 'node:crypto';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { AccountsService } from '../../src/accounts/profiles/accounts.service.js';
import { SignInService } from '../../src/accounts/sign-in/sign-in.service.js';
import type { Role } from '../../src/accounts/sessions/viewer.js';
import { AppModule } from '../../src/app.module.js';
import { appOptions, closeApp, configureApp } from '../../src/app.js';
import { Clock } from '../../src/clock/clock.js';
import { Config } from '../../src/config/config.js';
import { readEnvironment } from '../../src/config/env.js';
import { limitSettings } from '../../src/config/limit-setting.js';
import { createFastifyAdapter } from '../../src/http/fastify.js';
import { PATIENCE_MS } from '../../src/http/idempotency.js';
import type { Schemas } from '../../web/shared/contract.js';
import { Actor } from './actor.js';
import { cloneDatabase, type TestDatabase } from './database.js';
import { TestClock } from './test-clock.js';

/** The origin of a publisher's site that may embed. No server runs there. */
export const SITE = 'http://site.localhost:4999';

interface Options {
  /** Environment variables, which override the tests' own. */
  env?: Record<string, string>;
  clock?: TestClock;
  /** The database of another node; a new one when absent. */
  database?: TestDatabase;
  logger?: false | ('error' | 'warn')[];
  /** The milliseconds that a repeated request waits for the first. */
  patienceMs?: number;
}

/** A whole application on its own database, which listens on a port that the kernel chooses. */
export class TestApp {
  private readonly actors: Actor[] = [];
  private readonly pool: pg.Pool;

  private constructor(
    readonly app: NestFastifyApplication,
    readonly url: string,
    readonly database: TestDatabase,
    readonly clock: TestClock,
    private readonly ownsDatabase: boolean,
  ) {
    this.pool = new pg.Pool({ connectionString: database.adminUrl ?? database.url, allowExitOnIdle: true });
    this.pool.on('error', () => undefined); // a test may end connections
  }

  static async start({
    env = {},
    clock = new TestClock(),
    database,
    logger = ['error'],
    patienceMs = 5_000,
  }: Options = {}): Promise<TestApp> {
    const db = database ?? (await cloneDatabase());
    const config = new Config(
      readEnvironment({
        NODE_ENV: 'test',
        PORT: '0',
        PUBLIC_URL: 'http://localhost:4000',
        ALLOWED_ORIGINS: SITE,
        ...Object.fromEntries(limitSettings().map((it) => [it.env, '100000'])),
        ...db.env,
        ...env,
      }),
      db.url,
    );
    const module = await Test.createTestingModule({ imports: [AppModule.with(config)] })
      .overrideProvider(Clock)
      .useValue(clock)
      .overrideProvider(PATIENCE_MS)
      .useValue(patienceMs)
      .compile();
    const app = module.createNestApplication<NestFastifyApplication>(createFastifyAdapter(config.trustProxy), {
      ...appOptions,
      logger,
    });
    await configureApp(app);
    await app.listen(config.port, config.port ? 'localhost' : '127.0.0.1');
    const { port } = app.getHttpServer().address() as { port: number };
    return new TestApp(app, `http://127.0.0.1:${port}`, db, clock, !database);
  }

  get<T>(service: Type<T>): T {
    return this.app.get(service);
  }

  /** Runs SQL on the app's database, for data that no API shows. */
  async sql<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []): Promise<Row[]> {
    return (await this.pool.query<Row>(text, values)).rows;
  }

  /** Opens a browser in which nobody is signed in. */
  anonymous(origin = SITE): Actor {
    const actor = new Actor(this.url, origin);
    this.actors.push(actor);
    return actor;
  }

  /** Creates an account and signs it in by a link. */
  async reader(name: string, role: Role = 'reader', origin = SITE): Promise<Actor> {
    const actor = this.anonymous(origin);
    const email = `${name.toLowerCase().replace(/\W+/g, '.')}.${randomBytes(4).toString('hex')}@example.test`;
    actor.rowId = await this.get(AccountsService).ensure(email, name, role);
    await actor.signIn(await this.get(SignInService).createLink(email));
    return actor;
  }

  /** Registers an article of the site by its URL. @returns its key */
  async article(slug = randomBytes(6).toString('hex')): Promise<string> {
    const request = { url: `${SITE}/${slug}`, title: slug };
    const { body } = await this.anonymous().post<Schemas['ArticleKey']>('/articles', request);
    await this.sql(`update articles set title = $1, title_from = 'publisher' where key = $2`, [slug, body.key]);
    return body.key;
  }

  async stop(drainSeconds = 0): Promise<void> {
    for (const actor of this.actors) actor.close();
    await closeApp(this.app, drainSeconds);
    await this.pool.end();
    if (this.ownsDatabase) await this.database.drop();
  }
}
