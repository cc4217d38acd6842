import { expect } from '@jest/globals';
import type { HttpAnswer } from './actor.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Words of stacks, drivers and SQL, which no answer may contain. */
const INSIDES =
  /\bat \S+ \(|node_modules|\.[jt]s:\d|select |insert |update |relation |syntax error|postgres|typeorm|zod/i;

/** Expects a complete problem document of this status and code, without internal details. */
export function expectProblem(answer: HttpAnswer, status: number, code: string): void {
  const { body } = answer;
  expect([answer.status, body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    type: `urn:rostra:problem:${code}`,
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/^\p{Lu}.*\.$/su),
    requestId: expect.stringMatching(UUID),
  });
  expect(answer.text).not.toMatch(INSIDES);
  // The answer to bad input has its place and its fault.
  const errors = (body.errors ?? []) as { path: string; message: string }[];
  expect(errors.length > 0 || status !== 400 || code === 'link.invalid').toBe(true);
  for (const it of errors) expect(it).toEqual({ path: expect.any(String), message: expect.stringMatching(/./) });
}
