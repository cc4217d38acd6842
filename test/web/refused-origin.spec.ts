import { describe, expect, it, jest } from '@jest/globals';
import { FakePage } from './embed-page.js';

const page = new FakePage().install();
const errors = jest.spyOn(console, 'error').mockImplementation(() => undefined);
const { session } = await import('../../web/embed/common/page.js');

const settled = () => new Promise((resolve) => setTimeout(resolve));
const lose = async (path: string) => (await page.request(path)).lose();
const answerTopics = async () => (await page.request('/topics')).answer(200, { items: [] });

describe('production: a page whose origin is not allowed', () => {
  it('is not blamed when Rostra does not answer at all', async () => {
    await lose('/session'); // the first request of the page
    await lose('/topics');
    await settled();
    expect(errors).not.toHaveBeenCalled();
  });

  it('is not blamed when the session answers a moment later', async () => {
    const asking = session.refresh();
    await lose('/session');
    await answerTopics();
    (await page.request('/session')).answer(200, { account: null });
    await asking;
    await settled();
    expect(errors).not.toHaveBeenCalled();
  });

  it('is named to its engineer once, with the setting, when public reads are answered', async () => {
    for (const times of ['first', 'second']) {
      const asking = session.refresh();
      await lose('/session');
      if (times === 'first') {
        await answerTopics();
        await lose('/session');
      }
      await asking;
      await settled();
    }
    const text = /refuses pages of https:\/\/post\.example\. Add this origin to its setting ALLOWED_ORIGINS/;
    expect(errors.mock.calls).toEqual([[expect.stringMatching(text)]]);
    expect(page.asked).toEqual([]);
  });
});
