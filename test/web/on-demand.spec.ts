import { describe, expect, it } from '@jest/globals';
import { ApiProblem } from '../../web/shared/problem.js';
import { OnDemand } from '../../web/embed/common/on-demand.js';

describe('code on demand', () => {
  it('is loaded once when it is prefetched and used several times', async () => {
    let loads = 0;
    const code = new OnDemand(() => Promise.resolve({ load: (loads += 1) }));
    code.prefetch();
    expect(await Promise.all([code.get(), code.get()])).toEqual([{ load: 1 }, { load: 1 }]);
    expect([code.loaded, await code.get(), loads]).toEqual([{ load: 1 }, { load: 1 }, 1]);
  });

  it('is tried again by itself and by the next use when it does not load', async () => {
    let loads = 0;
    const code = new OnDemand(
      () =>
        (loads += 1) < 4 ? Promise.reject(new TypeError('Importing a module script failed.')) : Promise.resolve('code'),
      [0],
    );
    const problem = await code.get().catch((error: unknown) => error as ApiProblem);
    expect(problem).toBeInstanceOf(ApiProblem);
    expect(problem).toMatchObject({ code: 'client.not_loaded' });
    expect([loads, code.loaded]).toEqual([2, undefined]);
    code.prefetch();
    expect(await code.get()).toBe('code');
    expect(loads).toBe(4);
  });
});
