// Endpoints: the two ends of a flow are integers 2k and 2k + 1; an end's peer is `endpoint ^ 1`.

export class Endpoints {
  /** The vnode each endpoint lives on. */
  vnode = new Int32Array(1024);
  count = 0;

  /** A new flow; returns the first vnode's endpoint (even), the second vnode's is the next integer. */
  pair(first: number, second: number): number {
    if (this.count + 2 > this.vnode.length) {
      const larger = new Int32Array(this.vnode.length * 2);
      larger.set(this.vnode);
      this.vnode = larger;
    }
    const endpoint = this.count;
    this.vnode[endpoint] = first;
    this.vnode[endpoint + 1] = second;
    this.count += 2;
    return endpoint;
  }
}
