/** @param say told each step with its time */
export function buildIfNeeded(say: (line: string) => void, signal: AbortSignal): Promise<void>;
