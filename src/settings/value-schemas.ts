import { z } from 'zod';

/** A whole number with both bounds, whose messages continue "It ...". */
export const wholeNumber = (least: number, most: number): z.ZodInt =>
  z
    .int()
    .min(least, `must be at least ${least.toLocaleString('en')}`)
    .max(most, `must be at most ${most.toLocaleString('en')}`);
