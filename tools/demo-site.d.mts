/** The demo newspaper on an origin of its own; with port 0 the kernel chooses. */
export function startDemoSite(options: {
  port: number;
  rostraOrigin: string;
}): Promise<{ url: string; close(): Promise<void> }>;
