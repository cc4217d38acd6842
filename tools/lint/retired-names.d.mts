export const retiredNames: { pattern: RegExp; instead: string }[];
export const retiredFiles: RegExp;
