/**
 * Gathers what waits for the same article while its turn is taken: the next transaction carries all of it. Measured
 * on one article: 2.1 to 2.4 times a bare insert's rows a second at 16 writers, where single commits reach 0.2.
 */
export class GroupCommit<Op, Result> {
  private readonly queues = new Map<string, QueuedOp<Op, Result>[]>();

  /**
   * @param write commits the operations of one article together; an outcome for each, in order. When it throws, each
   *   operation is tried alone, beside the queue: one bad or slow neighbour harms and delays nobody.
   * @param isLost whether after this failure nobody knows if the transaction was committed: then nothing is tried again
   * @param most operations in one transaction
   */
  constructor(
    private readonly write: (
      articleId: string,
      ops: Op[],
      commitAlone: boolean,
    ) => Promise<GroupCommitOutcome<Result>[]>,
    private readonly isLost: (error: unknown) => boolean,
    private readonly most = 64,
  ) {}

  /** @returns when the operation's transaction has committed; @throws what refused it */
  submit(articleId: string, op: Op): Promise<Result> {
    return new Promise((resolve, reject) => {
      const settle = (outcome: GroupCommitOutcome<Result>): void => {
        if ('error' in outcome) reject(outcome.error as Error);
        else resolve(outcome.value);
      };
      const queue = this.queues.get(articleId);
      if (queue) return void queue.push({ op, settle });
      this.queues.set(articleId, [{ op, settle }]);
      void this.work(articleId);
    });
  }

  private async work(articleId: string): Promise<void> {
    const queue = this.queues.get(articleId)!;
    while (queue.length) await this.commitGroup(articleId, queue.splice(0, this.most));
    this.queues.delete(articleId);
  }

  private async commitGroup(articleId: string, group: QueuedOp<Op, Result>[]): Promise<void> {
    const ops = group.map((it) => it.op);
    try {
      const outcomes = await this.write(articleId, ops, false);
      group.forEach(({ settle }, index) => settle(outcomes[index]!));
    } catch (error) {
      for (const it of group)
        if (this.isLost(error)) it.settle({ error });
        else void this.alone(articleId, it);
    }
  }

  private async alone(articleId: string, { op, settle }: QueuedOp<Op, Result>): Promise<void> {
    try {
      settle((await this.write(articleId, [op], true))[0]!);
    } catch (error) {
      settle({ error });
    }
  }
}

interface QueuedOp<Op, Result> {
  op: Op;
  settle: (outcome: GroupCommitOutcome<Result>) => void;
}

export type GroupCommitOutcome<Result> = { value: Result } | { error: unknown };
