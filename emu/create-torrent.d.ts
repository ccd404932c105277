// What this project uses of create-torrent and bencode, which come without types.

declare module 'create-torrent' {
  interface Options {
    name: string;
    pieceLength: number;
    announceList: string[][];
    private: boolean;
    createdBy: string;
    creationDate: Date;
  }
  type Done = (error: Error | null, metainfo: Uint8Array) => void;
  const createTorrent: (content: Uint8Array, options: Options, done: Done) => void;
  // biome-ignore lint/style/noDefaultExport: that is how the package exports it
  export default createTorrent;
}

declare module 'bencode' {
  const bencode: { decode(data: Uint8Array): unknown; encode(value: unknown): Uint8Array };
  // biome-ignore lint/style/noDefaultExport: that is how the package exports it
  export default bencode;
}
