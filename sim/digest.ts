// The trajectory digest: two runs with equal digests handled the same events at the same times in the same order.

const LOW = 2 ** 32;

/** 64 bits in two lanes of multiply-xor (the FNV-1a step, on words instead of octets). */
export class Digest {
  private left = 0x811c9dc5 | 0;
  private right = 0x01000193 | 0;

  /** Both are integers in [0, 2^53). */
  add(time: number, event: number): void {
    this.left = Math.imul(this.left ^ (time | 0) ^ Math.imul(event | 0, 0x9e3779b1), 0x01000193);
    this.right = Math.imul(this.right ^ ((time / LOW) | 0) ^ (event | 0), 0x85ebca6b) ^ (this.left >>> 15);
  }

  /** Of several trajectories in turn; of one, its own value. */
  static of([first, ...others]: readonly Digest[]): string {
    const whole = new Digest();
    whole.left = first.left;
    whole.right = first.right;
    for (const { left, right } of others) whole.add(left >>> 0, right >>> 0);
    return whole.value();
  }

  /** 16 hexadecimal digits. */
  value(): string {
    const hex = (word: number) => (word >>> 0).toString(16).padStart(8, '0');
    return hex(this.left) + hex(this.right);
  }
}
