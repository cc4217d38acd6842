/** One side of the comparison. It sends to the n-th browser. */
export type Send = (n: number) => Promise<void>;

export interface Browser {
  endpoint: string;
  p256dh: string;
  auth: string;
}

/** The data that both senders get. */
export interface Task {
  browsers: Browser[];
  payload: string;
  publicKey: string;
  privateKey: string;
  origin: string;
}

export const CONCURRENCY = 50;

/** Answers the bench from a process of its own: a number of messages comes in, the CPU microseconds go out. */
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
