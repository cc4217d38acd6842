import { type Agent, get } from 'node:http';

/** Sends `count` GETs, as many at a time as the agent has sockets. @throws Error if an answer is not 200 */
export async function load(url: string, count: number, agent: Agent): Promise<void> {
  let left = count;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await one(url, agent);
    }
  };
  await Promise.all(Array.from({ length: agent.maxSockets }, worker));
}

function one(url: string, agent: Agent): Promise<void> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${response.statusCode}`)),
      );
      response.on('error', reject);
    }).on('error', reject);
  });
}
