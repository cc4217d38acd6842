const STORAGE_KEY = 'rostra.country';
let inMemory: string | undefined;

/** The country that the reader chose on any page of this site. It overrides every guess. */
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
      // When storage is forbidden, the choice lasts as long as the page.
    }
  },
};
