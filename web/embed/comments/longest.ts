/** The most characters of a comment on this page, once the server has said it. */
export const longest = { characters: Infinity };
