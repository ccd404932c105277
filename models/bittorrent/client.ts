// A client profile: what a BitTorrent client does and what it costs, apart from the host that runs it.

export interface ClientProfile {
  readonly name: string;
  readonly title: string;

  /** Of its connections to peers: TCP, or uTP (BEP 29). */
  readonly transport: 'tcp' | 'utp';
  /** Peers it stays connected to, incoming ones included. */
  readonly maxConnections: number;
  /** Peers asked from the tracker in one announce. */
  readonly wantPeers: number;
  /** ns from the tracker's answer to the first connection. */
  readonly dialDelay: number;
  /** New outgoing connections a second. */
  readonly connectsPerSecond: number;
  /** Announce interval, ns, when the tracker does not say. */
  readonly announceInterval: number;
  /** ns without a message after which a keep-alive goes out. */
  readonly keepAliveInterval: number;

  /** Regular unchoke slots, the optimistic one apart. */
  readonly uploadSlots: number;
  readonly optimisticSlots: number;
  /** ns between choking rounds, and between changes of the optimistic unchoke. */
  readonly chokeInterval: number;
  readonly optimisticInterval: number;
  /** Choking rounds over which a peer's rate counts: 1 or 2. Rounds held at once go by the connection's own rate. */
  readonly rateRounds: number;
  /**
   * What happens between rounds when a choked peer gets interested, or an unchoked one no more: it may take a free slot,
   * or the client holds a whole round at once, by aria2's rules.
   */
  readonly betweenRounds: 'free-slots' | 'round';
  /** Pieces that a choked peer may have all the same (BEP 6): so many for each network that peers are in. */
  readonly allowedFast: number;
  /** Pieces by which an unchoked peer must be ahead before a choked one takes its slot. */
  readonly slotHead: number;
  /** Peers on the local network are exempt from the unchoke slots. */
  readonly favoursLocal: boolean;

  /** Block requests kept outstanding per connection: at least, at most; in between, what `requestRule` says. */
  readonly minimumRequests: number;
  readonly maximumRequests: number;
  /**
   * `queue-time`: what the rate needs for `queueTime` (ns); `slow-start`: that too, after a start in which each block adds
   * one; `doubling`: aria2's. See request-depth.
   */
  readonly requestRule: 'queue-time' | 'slow-start' | 'doubling';
  readonly queueTime: number;
  /** ns without a byte of what a peer was asked for after which it is snubbing: others are asked, and it no more. */
  readonly pieceTimeout: number;
  /**
   * A connection without requests is asked again whenever there may be something to ask it for: its peer has another piece,
   * others gave up blocks, a choking round; or (ns) only so long after its last request.
   */
  readonly idleRetry: 'at once' | number;
  readonly randomFirstPieces: number;
  /** Begun pieces are finished first; otherwise they only win ties of rarity, see piece-picker. */
  readonly strictPriority: boolean;
  /** Begun pieces for each connection above which they are finished first after all. */
  readonly begunPerConnection: number;
  /** Begun pieces of which no block is free count among them. */
  readonly begunWithoutFree: boolean;
  /** A piece is asked from one peer only, except in the endgame. */
  readonly onePeerPerPiece: boolean;
  /**
   * A peer whose rate brings whole pieces in this time, ns, is asked for so many side by side, of which nobody else is asked
   * for any block (libtorrent's whole_pieces_threshold); 0: never.
   */
  readonly wholePieceTime: number;
  /**
   * When a peer may be asked for a block that others have been asked for: every block left has been, or every piece left is
   * begun, which is sooner.
   */
  readonly endgame: 'no-block-free' | 'no-piece-free';
  /** Which one: of those least asked for, or any of a piece whose blocks have all been asked for. */
  readonly endgameBlock: 'least-asked' | 'any';
  /** Blocks that others have been asked for already which one peer is asked for at a time in the endgame. */
  readonly endgameRequests: number;
  /** A block that has come is cancelled with all others that were asked for it. */
  readonly endgameCancels: boolean;
  /** `have` also goes to peers that have the piece. */
  readonly redundantHave: boolean;
  /** `have` messages are held back until this many ns after the last ones, or `haveBatch` are due; 0: never. */
  readonly haveDelay: number;
  readonly haveBatch: number;

  /** CPU on one core of a T7500 at 2.2 GHz: ns a byte of file data, a message, a hashed byte, a connection set up. */
  readonly perByte: number;
  readonly perMessage: number;
  readonly hashPerByte: number;
  readonly perConnection: number;
  /** The client's own timer: how often a second, ns of work each time. */
  readonly ticksPerSecond: number;
  readonly tickWork: number;

  /** ns of CPU to start it, until it opens its first connection; 0 where it was not measured. */
  readonly startWork: number;

  /** Memory, bytes: process, each connection, cached pieces at the most. */
  readonly memoryBase: number;
  readonly memoryPerConnection: number;
  readonly memoryCache: number;
  /** What it caches: the file as far as that goes, while it transfers; or the blocks of pieces that are not whole yet. */
  readonly caches: 'file' | 'begun-pieces';

  readonly source: 'measured' | 'published' | 'assumed';
  readonly note: string;
}
