// What an export gives: files with names, below a folder.

export interface ExportedFile {
  /** Below the folder: `pc3000-1/lxc/peer-1.conf`. */
  readonly path: string;
  readonly text: string;
}
