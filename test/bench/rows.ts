/** Names of our own rows in the table. */
export const ours = 'handsight analyse, 1 worker';
export const oursWithWorkers = 'handsight analyse, workers';
export const oursInElectron = 'handsight analyse in Electron';
export const oursImport = 'handsight import';
export const plainCopy = 'cp + sync + sha256sum';
