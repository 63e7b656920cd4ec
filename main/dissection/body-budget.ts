/** Bytes that all bodies and messages being collected may hold at the same time. */
const MAX_ALL_BYTES = 96 * 1024 * 1024;

/** Bytes held by all bodies and messages that a dissection is collecting at the same time. */
export class BodyBudget {
  held = 0;

  allows(more: number): boolean {
    return this.held + more <= MAX_ALL_BYTES;
  }
}
