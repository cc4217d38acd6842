import { it as jestIt } from '@jest/globals';

/*
 * A browser spec is read by `npm test` and by `npm run test:system`, and each of its cases runs in one of them: the main
 * ways in `npm test`, and the others in `npm run test:system`, because a case takes some five seconds of CPU.
 */

type It = Pick<typeof jestIt, 'each'> & ((...args: Parameters<typeof jestIt>) => void);

const inSystem = process.env.TEST_TIER === 'system';
const omit = Object.assign(() => undefined, { each: () => () => undefined }) as unknown as It;

/** Registers a case of `npm test`. */
export const it: It = inSystem ? omit : jestIt;
/** Registers a case of `npm run test:system`. */
export const itInSystem: It = inSystem ? jestIt : omit;
