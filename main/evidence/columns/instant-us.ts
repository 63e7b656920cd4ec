/** Reads instants of our own writing (`2014-08-07T10:00:00.000000Z`) as microseconds since 1970; neighbours share their minute. */
export class InstantReader {
  #minute = '';
  #minuteUs = 0;

  /** NaN for what is no such instant. */
  read(at: string): number {
    const minute = at.slice(0, 16);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#minuteUs = Date.parse(`${minute}:00Z`) * 1000;
    }
    let us = 0;
    // `:SS.ffffffZ`: digits as they stand, the fraction filled up to six.
    const seconds = (at.charCodeAt(17) - 48) * 10 + (at.charCodeAt(18) - 48);
    let digits = 0;
    for (let i = 20; i < at.length - 1 && digits < 6; i += 1, digits += 1) us = us * 10 + (at.charCodeAt(i) - 48);
    for (; digits < 6; digits += 1) us *= 10;
    return this.#minuteUs + seconds * 1_000_000 + us;
  }
}
