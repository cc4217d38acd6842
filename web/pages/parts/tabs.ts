/**
 * The channel on which the tabs of one origin tell each other that the session may have changed. Rostra's pages share it
 * with the elements where a publisher serves Rostra below a path of its own site; tabs of other origins hear the socket.
 */
const CHANNEL = 'rostra';
const WORD = 'session';

const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(CHANNEL);

export const tellTabs = (): void => channel?.postMessage(WORD);

/** Calls `look` whenever another tab says so; returns how to stop. */
export function onTold(look: () => void): () => void {
  const heard = ({ data }: MessageEvent): void => {
    if (data === WORD) look();
  };
  channel?.addEventListener('message', heard);
  return () => channel?.removeEventListener('message', heard);
}
