import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '../../src/donations/ledger/stripe-facts.js';
import { API_VERSION } from '../../src/donations/stripe/stripe.client.js';

describe('docs/operating.md', () => {
  it("names the events and the version of Stripe's API that the code reads", async () => {
    const text = await readFile('docs/operating.md', 'utf8');
    const listed = /^```\n([\s\S]*?)\n```$/m.exec(text)![1]!.split('\n');
    expect(listed).toEqual(EVENT_TYPES);
    expect(text).toContain(`API version \`${API_VERSION}\``);
  });
});
