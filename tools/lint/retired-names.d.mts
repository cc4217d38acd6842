export const retiredNames: readonly { pattern: RegExp; instead: string }[];
export function retiredNameIn(path: string): string | undefined;
