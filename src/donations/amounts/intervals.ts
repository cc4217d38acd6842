export const INTERVALS = ['once', 'month', 'year'] as const;
export type Interval = (typeof INTERVALS)[number];
