/** Whether a text has the form of an account's public id. */
export const isPublicId = (text: string): boolean => /^[0-9a-f]{20}$/.test(text);
