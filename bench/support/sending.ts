/** One side of the comparison: sends its own way to the n-th browser. */
export type Send = (n: number) => Promise<void>;

export interface Browser {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** What both senders are given. */
export interface Task {
  browsers: Browser[];
  payload: string;
  publicKey: string;
  privateKey: string;
  origin: string;
}

export const CONCURRENCY = 50;

/** Serves the bench in a process of its own: a number of messages in, microseconds of CPU out, user and system. */
export function serve(start: (task: Task) => Send): void {
  let send: Send | undefined;
  process.on('message', (order: Task | number) => {
    if (typeof order !== 'number') {
      send = start(order);
      return process.send!('ready');
    }
    void run(send!, order).then(
      (cpu) => process.send!(cpu),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  });
}

async function run(send: Send, count: number): Promise<number> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) await send(next++);
  };
  const before = process.cpuUsage();
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
