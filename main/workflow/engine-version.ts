/**
 * Raised whenever dissection, parsing, search or rules may give other results: an index of another engine is rebuilt.
 */
export const engineVersion = '23';
