/** More than a process stores between two looks at the log. */
const MOST_SPANS = 4096;

/** Where in the log this process has stored something, as far as nobody has passed there yet: none of it needs to be read. */
export class OwnSpans {
  /** Last positions by first ones, about in order. */
  readonly #spans = new Map<number, number>();

  add(firstPosition: number, lastPosition: number): void {
    // Nobody passes: whoever comes reads them.
    if (this.#spans.size >= MOST_SPANS) this.#spans.clear();
    this.#spans.set(firstPosition, lastPosition);
  }

  /** How far somebody who has seen everything up to `position` comes over what this process stored, at most to `head`. */
  pass(position: number, head: number): number {
    for (const first of this.#spans.keys()) {
      if (first > position) break;
      this.#spans.delete(first);
    }
    let reached = position;
    for (;;) {
      const last = this.#spans.get(reached + 1);
      if (last === undefined || last > head) return reached;
      this.#spans.delete(reached + 1);
      reached = last;
    }
  }

  clear(): void {
    this.#spans.clear();
  }
}
