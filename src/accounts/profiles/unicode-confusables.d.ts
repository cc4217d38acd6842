// The package's own declarations are misnamed (index.ts.d).
declare module 'unicode-confusables' {
  export function rectifyConfusion(text: string): string;
}
