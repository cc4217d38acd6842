// The package names its own declarations wrongly (index.ts.d), so TypeScript does not find them.
declare module 'unicode-confusables' {
  export function rectifyConfusion(text: string): string;
}
