/** Builds if dist is not fresh. @param say takes a line for each step, with its time */
export function buildIfNeeded(say: (line: string) => void, signal: AbortSignal): Promise<void>;
