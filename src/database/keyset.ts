/**
 * The end of a page: its last row's sort key and id. The cursor names its order, so that a cursor of another order is
 * refused instead of misread: `newest:1764000000000000:42` (time in microseconds), opaque to callers.
 */
export interface Cursor {
  key: string;
  id: string;
}

const MAX_BIGINT = 9_223_372_036_854_775_807n;

/** Whether the text is a positive bigint, as all ids are. */
export const isId = (text: string): boolean => /^[1-9]\d{0,18}$/.test(text) && BigInt(text) <= MAX_BIGINT;

/**
 * @param order the order that the cursor must have, and `key` the form of its sort key
 * @returns undefined when the text is no such cursor
 */
export function parseCursor(order: string, key: RegExp, text: string): Cursor | undefined {
  const [named, sortKey = '', id = '', ...rest] = text.split(':');
  if (named !== order || rest.length || !key.test(sortKey) || !isId(id)) return undefined;
  return { key: sortKey, id };
}
