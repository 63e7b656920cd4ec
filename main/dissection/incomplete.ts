/** Why a flow could not be read whole, as bits; the text is what is reported. */
export const INCOMPLETE = [
  'no-syn',
  'tcp-gap',
  'overlap-conflict',
  'cap-out-of-order',
  'snaplen',
  'cap-header',
  'cap-body',
  'cap-inflate',
  'cap-handshake',
  'idle-timeout',
  'protocol-resync',
  'decoding-failed',
  'decoding-unsupported',
  'message-cut',
  'malformed',
  'cap-marks',
  'cap-message',
  'headers-unknown',
  'cap-streams',
  'stream-gap',
] as const;
export type Incomplete = (typeof INCOMPLETE)[number];
