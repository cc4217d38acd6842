import { ConsoleLogger, type LogLevel } from '@nestjs/common';
import { withoutSecrets } from './without-secrets.js';

const LEVELS = ['error', 'warn', 'log', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

/**
 * The log of a process: lines for people, or one JSON object a line with the fields that a line names. A line of the text
 * form says the same in its words.
 */
export class ProcessLogger extends ConsoleLogger {
  /** @param isTerminal whether a terminal shows it; in files and container logs colours are noise */
  constructor(level: Level, format: 'text' | 'json', isTerminal = false) {
    super({
      logLevels: LEVELS.slice(0, LEVELS.indexOf(level) + 1),
      json: format === 'json',
      flattenParams: true,
      ...(isTerminal && format === 'text' ? {} : { colors: false }),
    });
  }

  protected override printMessages(
    messages: unknown[],
    context?: string,
    level?: LogLevel,
    stream?: 'stdout' | 'stderr',
    stack?: unknown,
    params?: Record<string, unknown>,
  ): void {
    const fields = this.options.json ? params : undefined;
    super.printMessages(messages.map(cleaned), context, level, stream, cleaned(stack), fields);
  }

  protected override printStackTrace(stack: string): void {
    super.printStackTrace(cleaned(stack) as string);
  }

  protected override stringifyJsonLogObject(line: Record<string, unknown>): string {
    return super.stringifyJsonLogObject({ ...line, timestamp: new Date().toISOString() });
  }
}

/** An error becomes its text, because its fields may hold what its text does not. */
function cleaned(value: unknown): unknown {
  const text = value instanceof Error ? (value.stack ?? String(value)) : value;
  return typeof text === 'string' ? withoutSecrets(text) : text;
}
