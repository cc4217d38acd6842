import { expect } from '@jest/globals';
import type { HttpAnswer } from '../support/actor.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** What a stack, a driver or SQL would say. */
const INSIDES =
  /\bat \S+ \(|node_modules|\.[jt]s:\d|select |insert |update |relation |syntax error|postgres|typeorm|zod/i;

/** The answer is a whole problem document of this status and code, and says nothing of our insides. */
export function expectProblem(answer: HttpAnswer, status: number, code: string): void {
  const { body } = answer;
  expect([answer.status, body.code]).toEqual([status, code]);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  expect(body).toMatchObject({
    type: `urn:rostra:problem:${code}`,
    title: expect.stringMatching(/./),
    status,
    detail: expect.stringMatching(/./),
    requestId: expect.stringMatching(UUID),
  });
  expect(answer.text).not.toMatch(INSIDES);
  // Bad input says where and what.
  const errors = (body.errors ?? []) as { path: string; message: string }[];
  expect(errors.length > 0 || status !== 400 || code === 'link.invalid').toBe(true);
  for (const it of errors) expect(it).toEqual({ path: expect.any(String), message: expect.stringMatching(/./) });
}
