/**
 * A page is limited by its last row's sort key and id. The cursor names the order, so that one of another order is
 * refused instead of misread: `newest:1764000000000000:42` (time in microseconds), opaque to callers.
 */
export interface Cursor {
  key: string;
  id: string;
}

const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Whether the text is a positive bigint, as all ids are. */
export const isId = (text: string): boolean => /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= MAX_BIGINT;

/** @returns undefined where the text is no cursor of that order */
export function parseCursor(order: string, text: string): Cursor | undefined {
  const match = /^([a-z]+):(-?\d{1,18}(?:\.\d{1,20})?):(\d{1,19})$/.exec(text);
  if (!match || match[1] !== order || !isId(match[3]!)) return undefined;
  return { key: match[2]!, id: match[3]! };
}
