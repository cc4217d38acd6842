const NAME = 'rostra.country';
let memory: string | undefined;

/** The country a reader said they give from, on every page of this site: it goes before any guess. */
export const chosenCountry = {
  read(): string | undefined {
    try {
      return memory ?? localStorage.getItem(NAME) ?? undefined;
    } catch {
      return memory;
    }
  },
  write(code: string): void {
    memory = code;
    try {
      localStorage.setItem(NAME, code);
    } catch {
      // A browser that forbids storage: for this page at least.
    }
  },
};
