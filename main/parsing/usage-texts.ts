/** What an event of the handset's own record of use is told as (`$1`: the screen); the report finds its words for it by these. */
export const usageTexts = {
  shown: 'on the screen: $1',
  left: 'no longer in front: $1',
  startup: 'the handset started',
  shutdown: 'the handset shut down',
  'keyguard-shown': 'the lock screen came up',
  'keyguard-hidden': 'the lock screen went',
} as const;
