import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A JSON file that always holds a whole state: written beside and renamed. Without a path it keeps nothing. */
export class StateFile<State> {
  private writing: Promise<void> = Promise.resolve();
  private next: Promise<void> | undefined;

  constructor(
    private readonly path: string | undefined,
    private readonly current: () => State,
  ) {}

  /** What was kept, if anything. @throws Error naming a file that is not ours */
  read(): State | undefined {
    if (!this.path || !existsSync(this.path)) return undefined;
    try {
      return JSON.parse(readFileSync(this.path, 'utf8')) as State;
    } catch (error) {
      throw new Error(`${this.path} is no state of a stand-in; delete it to start afresh`, { cause: error });
    }
  }

  /** Resolves when the state of this moment, or a later one, is on disk; calls that wait share one write. */
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

  /** Resolves when nothing is being written any more. Where nothing was to be kept, no file is made. */
  async settled(): Promise<void> {
    await (this.next ?? this.writing);
  }

  private async write(path: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(`${path}.new`, JSON.stringify(this.current()), { mode: 0o600, flush: true });
    await rename(`${path}.new`, path);
  }
}
