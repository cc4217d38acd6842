export function importRules(root: string, table: { folders: Record<string, string[]> }): object[];
