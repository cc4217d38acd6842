import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A JSON file that always holds a complete state: it is written beside and renamed. Without a path nothing is kept. */
export class StateFile<State> {
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(
    private readonly path: string | undefined,
    private readonly current: () => State,
  ) {}

  /** Returns the saved state, if there is one. @throws Error naming a file that does not hold a state */
  read(): State | undefined {
    if (!this.path || !existsSync(this.path)) return undefined;
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as State;
    } catch (error) {
      throw new Error(`${this.path} is not the state of a stand-in. Delete it to begin anew.`, { cause: error });
    }
  }

  /** Resolves when the state of this moment, or a later one, is on disk. Waiting calls share one write. */
  save(): Promise<void> {
    const { path } = this;
    if (!path) return Promise.resolve();
    this.next ??= this.writing
      .catch(() => undefined)
      .then(async () => {
        this.next = undefined;
        await (this.writing = this.write(path));
      });
    return this.next;
  }

  /** Resolves when no write is running. It writes nothing itself. */
  async settled(): Promise<void> {
    await (this.next ?? this.writing);
  }

  private async write(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify(this.current()), { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
}
