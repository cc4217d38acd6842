interface Tables {
  /** Folder -> the folders that it may import from. */
  folders: Record<string, string[]>;
  /** Folder -> its parts, each with the parts that it may import from. */
  parts: Record<string, Record<string, string[]>>;
}

export const src: Tables;
export const standIns: Tables;
export const web: Tables;
