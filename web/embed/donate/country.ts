const STORAGE_KEY = 'rostra.country';
let inMemory: string | undefined;

/** The country a reader said they give from, on every page of this site: it goes before any guess. */
export const chosenCountry = {
  read(): string | undefined {
    try {
      return inMemory ?? localStorage.getItem(STORAGE_KEY) ?? undefined;
    } catch {
      return inMemory;
    }
  },
  write(code: string): void {
    inMemory = code;
    try {
      localStorage.setItem(STORAGE_KEY, code);
    } catch {
      // A browser that forbids storage: for this page at least.
    }
  },
};
