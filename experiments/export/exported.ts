// What an export gives: files with names, below a folder, and what the user must know of them.

export interface ExportedFile {
  /** Below the folder: `pc3000-1/lxc/peer-1.conf`. */
  readonly path: string;
  readonly text: string;
}

export interface Exported {
  readonly files: readonly ExportedFile[];
  /** One line each: what could not be kept, and where it was. */
  readonly notes: readonly string[];
}
